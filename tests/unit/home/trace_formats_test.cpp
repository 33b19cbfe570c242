#include <doctest/doctest.h>

#include "core/base/json_text.hpp"
#include "core/home/traces/exchange/trace_import.hpp"
#include "core/home/traces/trace_store.hpp"
#include "core/home/traces/trace_writer.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;

namespace {

/** Imports texts into one store. */
struct Store {
  TemporaryDirectory directory;
  std::filesystem::path path = directory.path() / "traces.db";

  ImportReport import(const std::string& text, const ImportOptions& options = {}) const {
    const auto report = import_traces(path, {directory.write("given", text).string()}, options);
    if (!report) FAIL(report.error().message);
    return *report;
  }
  /** Oldest row first, with steps. */
  std::vector<Trace> traces() const {
    const auto store = *TraceStore::open(path);
    TraceFilter all;
    all.limit = -1;
    const auto listed = store->list(all);
    REQUIRE(listed.ok());
    std::vector<Trace> found;
    for (const Trace& trace : *listed) found.insert(found.begin(), *store->get(trace.id));
    return found;
  }
  Trace only() const {
    const auto all = traces();
    REQUIRE(all.size() == 1);
    return all[0];
  }
};

std::string reason(const ImportReport& report) {
  REQUIRE(!report.bad.empty());
  return report.bad[0].reason;
}

json::object message(const std::string& role, const std::string& content) {
  return {{"role", role}, {"content", content}};
}

json::object attribute(const std::string& key, const json::value& value) {
  const char* kind = value.is_int64() ? "intValue" : "stringValue";
  return {{"key", key},
          {"value", {{kind, value.is_int64() ? json::value(json::serialize(value)) : value}}}};
}

struct MadeSpan {
  std::string id, parent, operation;
  std::vector<std::pair<std::string, json::value>> attributes = {};
  json::array events = {};
  std::int64_t second = 0;
};

json::object span(const MadeSpan& made, const std::string& trace = "0af7651916cd43dd") {
  const std::string start = std::to_string(1750000000 + made.second);
  json::array attributes{attribute("gen_ai.operation.name", json::string_view(made.operation))};
  for (const auto& [key, value] : made.attributes) attributes.push_back(attribute(key, value));
  return {{"traceId", trace},
          {"spanId", made.id},
          {"parentSpanId", made.parent},
          {"name", made.operation},
          {"startTimeUnixNano", start + "500000000"},
          {"endTimeUnixNano", std::to_string(1750000002 + made.second) + "500000000"},
          {"attributes", std::move(attributes)},
          {"events", made.events}};
}

json::object otlp(json::array spans) {
  return {{"resourceSpans",
           {{{"resource", {{"attributes", json::array()}}},
             {"scopeSpans", {{{"scope", {{"name", "x"}}}, {"spans", std::move(spans)}}}}}}}};
}

std::string line_of(json::array spans) {
  return json::serialize(otlp(std::move(spans))) + "\n";
}

const std::vector<std::pair<std::string, json::value>> kAsked{
    {"gen_ai.input.messages",
     R"([{"role":"system","parts":[{"type":"text","content":"be brief"}]},)"
     R"({"role":"user","parts":[{"type":"text","content":"what is up?"}]}])"},
    {"gen_ai.output.messages",
     R"([{"role":"assistant","parts":[{"type":"text","content":"the sky"}]}])"},
    {"gen_ai.request.model", "m:4b"},
    {"gen_ai.usage.input_tokens", 11},
    {"gen_ai.usage.output_tokens", 4},
    {"gen_ai.provider.name", "ollama"}};

}  // namespace

TEST_CASE("chat import: lines without question, answer or messages say so") {
  Store store;
  ImportOptions options;
  options.format = TraceFormat::openai;
  const auto refused = [&](const std::string& line) {
    const ImportReport report = store.import(line, options);
    CHECK(report.imported == 0);
    return reason(report);
  };
  CHECK(refused(R"({"a":1})") == "it has no list 'messages'");
  CHECK(refused(R"({"messages":"x"})") == "it has no list 'messages'");
  CHECK(refused(R"({"messages":[1,null,{"role":7},{"role":"user","content":{}}]})") ==
        "no user message in it has an answer with text");
  CHECK(refused(R"({"messages":[{"role":"user","content":"q"}]})") ==
        "no user message in it has an answer with text");
  CHECK(refused(R"({"messages":[{"role":"system","content":"s"}],"response":"r"})") ==
        "it has no user message with text");
  CHECK(refused(R"({"messages":[{"role":"user","content":"q"}],"choices":[{"message":)"
                R"({"role":"assistant","content":null,"tool_calls":[{}]}}]})") ==
        "its reply holds calls of tools and no text");
  CHECK(refused(R"({"messages":[{"role":"user","content":"q"}],"response":"r","feedback":2})") ==
        "'feedback' is not a number from 0 to 1");
}

TEST_CASE("chat import: a conversation gives one trace for each answered turn, also when it grew") {
  Store store;
  json::array messages{message("system", "s"),    message("user", "one"),
                       message("assistant", "1"), message("user", "unanswered"),
                       message("user", "two"),    message("assistant", "2"),
                       message("user", "three")};
  const auto line = [&] { return json::serialize(json::object{{"messages", messages}}) + "\n"; };
  CHECK(store.import(line()).imported == 2);
  CHECK(store.import(line()).already_there == 2);
  messages.push_back(message("assistant", "3"));
  const ImportReport grown = store.import(line());
  CHECK(grown.imported == 1);
  CHECK(grown.already_there == 2);
  const auto traces = store.traces();
  REQUIRE(traces.size() == 3);
  CHECK(traces[1].query == "two");
  CHECK(traces[1].result == "2");
  CHECK(traces[1].agent == "external");
  CHECK(traces[2].messages.as_array().size() == 2);
}

TEST_CASE(
    "chat import: a logged call gives its last question, with model, tokens, time and tools") {
  Store store;
  ImportOptions options;
  options.agent = "helper";
  const std::string line =
      R"({"request":{"model":"m","messages":[{"role":"user","content":"old"},)"
      R"({"role":"assistant","content":"old answer"},)"
      R"({"role":"user","content":[{"type":"text","text":"2+"},{"type":"image_url"},)"
      R"({"type":"text","text":"2?"}]},)"
      R"({"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function",)"
      R"("function":{"name":"calculator","arguments":"{\"e\":\"2+2\"}"}}]},)"
      R"({"role":"tool","tool_call_id":"c1","content":"4"}]},)"
      R"("response":{"id":"chatcmpl-0123456789","model":"m-2026","created":1750000000,)"
      R"("choices":[{"message":{"role":"assistant","content":"It is 4."},)"
      R"("finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":5}},)"
      R"("feedback":1})";
  CHECK(store.import(line, options).imported == 1);
  const Trace trace = store.only();
  CHECK(trace.id == "chatcmpl-0123456789");
  CHECK(trace.query == "2+\n2?");
  CHECK(trace.result == "It is 4.");
  CHECK(trace.agent == "helper");
  CHECK(trace.model == "m-2026");
  CHECK(trace.started_at == 1750000000);
  CHECK(trace.total_tokens == 25);
  CHECK(trace.feedback == 1.0);
  REQUIRE(trace.steps.size() == 2);
  CHECK(trace.steps[0].input.at("tool") == "calculator");
  CHECK(trace.steps[0].input.at("arguments").at("e") == "2+2");
  CHECK(trace.steps[0].output.at("result") == "4");
  CHECK(trace.steps[1].output.at("finish_reason") == "stop");
}

TEST_CASE("chat import: the forms in which logs hold a reply") {
  const std::string asked = R"("messages":[{"role":"user","content":"q"}])";
  for (
      const std::string& line :
      {"{" + asked + R"(,"response":"r"})", "{" + asked + R"(,"response":{"content":"r"}})",
       "{" + asked + R"(,"response":{"message":{"role":"assistant","content":"r"}}})",
       "{" + asked + R"(,"choices":[{"text":"r"}],"created":"2026-01-02T03:04:05Z"})",
       R"({"custom_id":"1","body":{)" + asked +
           R"(},"response":{"status_code":200,"body":{"choices":[{"message":{"content":"r"}}]}}})"}) {
    CAPTURE(line);
    Store store;
    CHECK(store.import(line).imported == 1);
    CHECK(store.only().result == "r");
  }
}

TEST_CASE("OTLP import: spans without contents, ids or sense are named, and others are kept") {
  Store store;
  const std::string text =
      line_of({span({"aaaa", "", "chat", {{"gen_ai.request.model", "m"}}})}) +
      "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"spanId\":\"x\"}]}]}]}\n"
      "{\"resourceLogs\":[]}\n" +
      line_of({span({"bbbb", "", "chat", kAsked})}).substr(0, 300) + "\n" +
      line_of({span({"cccc", "", "chat", kAsked}, "00000001")}) + "{\"resourceSpans\":[";
  const ImportReport report = store.import(text);
  CHECK(report.imported == 1);
  REQUIRE(report.bad.size() == 5);
  CHECK(report.bad[0].line == 2);
  CHECK(report.bad[0].reason == "a span has no 'traceId' or no 'spanId'");
  CHECK(report.bad[1].reason == "it has no 'resourceSpans'");
  CHECK(report.bad[2].line == 4);
  CHECK(report.bad[3].reason == "the document ends too early");
  CHECK(report.bad[4].line == 1);
  CHECK(report.bad[4].reason.find("records no question") != std::string::npos);
  CHECK(store.only().id == "00000001-cccc");
}

TEST_CASE("OTLP import: a chat span gives question, answer, model, tokens and times") {
  Store store;
  CHECK(store.import(line_of({span({"aaaa", "", "chat", kAsked})})).imported == 1);
  const Trace trace = store.only();
  CHECK(trace.id == "0af7651916cd43dd-aaaa");
  CHECK(trace.query == "what is up?");
  CHECK(trace.result == "the sky");
  CHECK(trace.model == "m:4b");
  CHECK(trace.engine == "ollama");
  CHECK(trace.total_tokens == 15);
  CHECK(trace.started_at == 1750000000.5);
  CHECK(trace.total_latency_seconds == 2);
  CHECK(trace.messages.as_array().size() == 3);
  REQUIRE(trace.steps.size() == 1);
  CHECK(trace.steps[0].type == "generate");
}

TEST_CASE("OTLP import: what is below an agent becomes its steps, in any order and over lines") {
  const json::object agent = span({"aaaa", "http", "invoke_agent", {{"gen_ai.agent.name", "bot"}}});
  const json::object chat = span({"bbbb", "aaaa", "chat", kAsked, {}, 1});
  const json::object tool = span({"cccc",
                                  "between",
                                  "execute_tool",
                                  {{"gen_ai.tool.name", "clock"},
                                   {"gen_ai.tool.call.arguments", R"({"zone":"UTC"})"},
                                   {"gen_ai.tool.call.result", "noon"}},
                                  {},
                                  2});
  json::object between = span({"between", "aaaa", ""});
  between.erase("attributes");
  const std::string one_document = line_of({tool, chat, between, agent});
  const std::string over_lines = pretty(otlp({tool, chat, between, agent}));
  for (const std::string& text :
       {one_document, over_lines, line_of({tool}) + line_of({chat, between}) + line_of({agent})}) {
    Store store;
    const ImportReport report = store.import(text);
    CHECK(report.bad_count == 0);
    CHECK(report.imported == 1);
    const Trace trace = store.only();
    CHECK(trace.agent == "bot");
    CHECK(trace.query == "what is up?");
    CHECK(trace.result == "the sky");
    REQUIRE(trace.steps.size() == 2);
    CHECK(trace.steps[1].type == "tool_call");
    CHECK(trace.steps[1].input.at("tool") == "clock");
    CHECK(trace.steps[1].input.at("arguments").at("zone") == "UTC");
    CHECK(store.import(text).already_there == 1);
  }
}

TEST_CASE("OTLP import: spans whose parents go in a circle end") {
  Store store;
  const ImportReport report = store.import(
      line_of({span({"aaaa", "bbbb", "chat", kAsked}), span({"bbbb", "aaaa", "chat", kAsked})}));
  CHECK(report.imported + report.bad_count >= 1);
}

TEST_CASE("OTLP import: the older forms, in attributes and in events") {
  const auto event = [](const std::string& name,
                        const std::vector<std::pair<std::string, json::value>>& attributes) {
    json::array list;
    for (const auto& [key, value] : attributes) list.push_back(attribute(key, value));
    return json::object{{"name", name}, {"attributes", std::move(list)}};
  };
  const MadeSpan forms[] = {
      {"a", "", "chat", {{"gen_ai.prompt", "q"}, {"gen_ai.completion", "r"}}},
      {"a",
       "",
       "chat",
       {{"gen_ai.prompt", R"([{"role":"user","content":"q"}])"},
        {"gen_ai.completion", R"([{"role":"assistant","content":"r"}])"}}},
      {"a",
       "",
       "chat",
       {{"gen_ai.prompt.0.role", "system"},
        {"gen_ai.prompt.0.content", "s"},
        {"gen_ai.prompt.1.role", "user"},
        {"gen_ai.prompt.1.content", "q"},
        {"gen_ai.completion.0.role", "assistant"},
        {"gen_ai.completion.0.content", "r"}}},
      {"a",
       "",
       "chat",
       {},
       {event("gen_ai.content.prompt", {{"gen_ai.prompt", R"([{"role":"user","content":"q"}])"}}),
        event("gen_ai.content.completion", {{"gen_ai.completion", "r"}})}},
      {"a",
       "",
       "chat",
       {},
       {event("gen_ai.user.message", {{"content", "q"}}),
        event("gen_ai.choice", {{"message", R"({"role":"assistant","content":"r"})"}})}},
      {"a",
       "",
       "chat",
       {},
       {event("gen_ai.client.inference.operation.details",
              {{"gen_ai.input.messages",
                R"([{"role":"user","parts":[{"type":"text","content":"q"}]}])"},
               {"gen_ai.output.messages",
                R"([{"role":"assistant","parts":[{"type":"text","content":"r"}]}])"}})}},
  };
  for (const MadeSpan& form : forms) {
    Store store;
    CHECK(store.import(line_of({span(form)})).imported == 1);
    CHECK(store.only().query == "q");
    CHECK(store.only().result == "r");
  }
}
