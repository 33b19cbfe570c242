// What the model answers, over every engine, in one piece and as a stream.
#include <doctest/doctest.h>

#include <set>

#include "tests/conformance/world.hpp"

using namespace jarvis;
using namespace jarvis::conformance;

namespace {

Turn says(const std::string& text) {
  Turn turn;
  turn.text = text;
  return turn;
}

Turn asks(int count) {
  Turn turn;
  turn.text = "Let me look.";
  for (int i = 1; i <= count; ++i)
    turn.calls.push_back({"list_traces", {{"limit", i}, {"order", "new"}}});
  return turn;
}

/** Asks, and checks that the server found nothing wrong. */
sdk::GenerateResult asked(World& world, const sdk::GenerateRequest& request) {
  const auto result = world.ask(request);
  for (const std::string& complaint : world.complaints()) FAIL_CHECK("complaint: " << complaint);
  REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message));
  return *result;
}

/** The request that goes on after an answer, with a result for each of its calls. */
sdk::GenerateRequest answered(sdk::GenerateRequest request, const sdk::GenerateResult& result,
                              const std::string& content, bool is_error = false) {
  request.messages.push_back(result.message);
  sdk::Message results{"tool", {}, {}, {}, {}};
  for (const sdk::ToolCall& call : result.message.tool_calls)
    results.tool_results.push_back({call.id, content, is_error});
  request.messages.push_back(std::move(results));
  return request;
}

/** Runs a case for every engine, for a short answer and for one that may come as a stream. */
void each_way(const std::function<void(const EngineRow&, const sdk::GenerateRequest&)>& run) {
  each_engine([&](const EngineRow& row) {
    for (const sdk::GenerateRequest& request : {question(), long_question()}) {
      CAPTURE(request.max_output_tokens);
      run(row, request);
    }
  });
}

}  // namespace

TEST_CASE("conformance: an answer beyond 4096 tokens comes as a stream") {
  each_engine([](const EngineRow& row) {
    World world(row, {answers(says("yes"))});
    asked(world, long_question());
    CHECK(row.protocol->wants_stream(world.last_request()));
  });
}

TEST_CASE("conformance: a text, with its model, its usage and its cost") {
  each_way([](const EngineRow& row, const sdk::GenerateRequest& request) {
    Turn turn = says("It loses track — \"quantities\" \\ \n\n ≥ 3 of them 🙂.");
    turn.cache_read_tokens = 600;
    turn.cache_write_tokens = row.writes_cache ? 300 : 0;
    turn.reasoning_tokens = 77;
    World world(row, {answers(turn)});
    const auto result = asked(world, request);
    CHECK(result.message.role == "assistant");
    CHECK(result.message.text == turn.text);
    CHECK(result.message.tool_calls.empty());
    CHECK(result.stop_reason == "end");
    CHECK(result.model.find("conformance") != std::string::npos);
    CHECK(to_json(result.usage) == to_json(usage_of(row, turn)));
    CHECK(world.spent_usd() == doctest::Approx(conformance::price_of(row, turn)));
    CHECK(world.unsettled_usd() == 0);
    CHECK(world.requests() == 1);
  });
}

TEST_CASE("conformance: a question without tools, system text and temperature") {
  each_engine([](const EngineRow& row) {
    World world(row, {answers(says("yes"))});
    sdk::GenerateRequest request = question(false);
    request.system.clear();
    request.temperature.reset();
    CHECK(asked(world, request).message.text == "yes");
    CHECK(world.last_request().body.find("list_traces") == std::string::npos);
  });
}

TEST_CASE("conformance: one tool call and its result") {
  each_way([](const EngineRow& row, const sdk::GenerateRequest& request) {
    World world(row, {answers(asks(1)), answers(says("done"))});
    const auto result = asked(world, request);
    REQUIRE(result.message.tool_calls.size() == 1);
    CHECK(result.stop_reason == "tool_calls");
    CHECK(result.message.tool_calls[0].name == "list_traces");
    CHECK(result.message.tool_calls[0].arguments == json::object{{"limit", 1}, {"order", "new"}});
    const auto last = asked(world, answered(request, result, R"({"traces":[]})"));
    CHECK(last.message.text == "done");
    CHECK(last.stop_reason == "end");
    CHECK(world.last_request().body.find("traces\\\":[]") +
              world.last_request().body.find("\"traces\":[]") !=
          2 * std::string::npos);
  });
}

TEST_CASE("conformance: a call without arguments, and a result without text") {
  each_way([](const EngineRow& row, const sdk::GenerateRequest& request) {
    Turn turn;
    turn.calls = {{"get_current_config", {}}};
    World world(row, {answers(turn), answers(says("done"))});
    const auto result = asked(world, request);
    REQUIRE(result.message.tool_calls.size() == 1);
    CHECK(result.message.tool_calls[0].arguments.empty());
    CHECK(asked(world, answered(request, result, "")).message.text == "done");
  });
}

TEST_CASE("conformance: four calls at once, their four results, and a fifth call") {
  each_way([](const EngineRow& row, sdk::GenerateRequest request) {
    World world(row, {answers(asks(4)), answers(asks(1)), answers(says("done"))});
    auto result = asked(world, request);
    REQUIRE(result.message.tool_calls.size() == 4);
    std::set<std::string> ids;
    for (std::size_t i = 0; i < 4; ++i) {
      CHECK(result.message.tool_calls[i].arguments.at("limit") == static_cast<int>(i) + 1);
      ids.insert(result.message.tool_calls[i].id);
    }
    request = answered(request, result, R"({"ok":true})");
    result = asked(world, request);
    REQUIRE(result.message.tool_calls.size() == 1);
    ids.insert(result.message.tool_calls[0].id);
    CHECK(ids.size() == 5);
    CHECK(ids.count("") == 0);
    CHECK(asked(world, answered(request, result, "{}")).message.text == "done");
  });
}

TEST_CASE("conformance: a tool's error reaches the model") {
  each_way([](const EngineRow& row, const sdk::GenerateRequest& request) {
    World world(row, {answers(asks(1)), answers(says("I see"))});
    const auto result = asked(world, request);
    const auto next = answered(request, result, "no such trace: is_absent", true);
    CHECK(asked(world, next).message.text == "I see");
    CHECK(world.last_request().body.find("no such trace: is_absent") != std::string::npos);
  });
}

TEST_CASE("conformance: at the last turn the model may call nothing more") {
  each_way([](const EngineRow& row, const sdk::GenerateRequest& request) {
    World world(row, {answers(asks(2)), answers(says("concluded"))});
    auto next = answered(request, asked(world, request), "{}");
    next.messages.push_back({"user", "Conclude now.", {}, {}, {}});
    next.may_call_tools = false;
    CHECK(asked(world, next).message.text == "concluded");
  });
}

TEST_CASE("conformance: an answer with nothing in it, and the conversation goes on") {
  each_way([](const EngineRow& row, sdk::GenerateRequest request) {
    World world(row, {answers(Turn{}), answers(says("here"))});
    const auto result = asked(world, request);
    CHECK(result.message.text.empty());
    CHECK(result.message.tool_calls.empty());
    CHECK(result.stop_reason == "end");
    request.messages.push_back(result.message);
    request.messages.push_back({"user", "Go on.", {}, {}, {}});
    CHECK(asked(world, request).message.text == "here");
  });
}

TEST_CASE("conformance: a refusal") {
  each_way([](const EngineRow& row, const sdk::GenerateRequest& request) {
    Turn turn = says("I cannot help with that.");
    turn.end = Turn::End::refusal;
    World world(row, {answers(turn)});
    const auto result = asked(world, request);
    CHECK(result.stop_reason == (row.has_refusals ? "refusal" : "end"));
    CHECK(result.message.text == turn.text);
    CHECK(world.spent_usd() == doctest::Approx(conformance::price_of(row, turn)));
  });
}

TEST_CASE("conformance: an answer that reaches the limit of its tokens") {
  each_way([](const EngineRow& row, const sdk::GenerateRequest& request) {
    Turn turn = says("It begins with");
    turn.end = Turn::End::max_tokens;
    World world(row, {answers(turn)});
    const auto result = asked(world, request);
    CHECK(result.stop_reason == "max_tokens");
    CHECK(result.message.text == "It begins with");
  });
}

TEST_CASE("conformance: turns of one side that follow each other are taken") {
  each_engine([](const EngineRow& row) {
    World world(row, {answers(says("yes"))});
    sdk::GenerateRequest request = question();
    request.messages.push_back({"user", "And again?", {}, {}, {}});
    CHECK(asked(world, request).message.text == "yes");
  });
}
