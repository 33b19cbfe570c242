#include <dlfcn.h>

#include <jarvis/sdk/plugin.hpp>
#include <jarvis/testing/loaded_plugin.hpp>

#include "tests/bench/table.hpp"

using namespace jarvis;
using jarvis::bench::median_milliseconds;
using jarvis::bench::Table;

namespace {

namespace json = boost::json;

/** A diagnosis in its middle: system text, tools, and turns of calls with results, 100 KB in all.
 */
sdk::GenerateRequest conversation(const std::string& model) {
  constexpr int kTurns = 12;
  const std::string result = json::serialize(
      json::object{{"traces", json::array(40, json::object{{"trace_id", "t-0123456789"},
                                                           {"query", "how many?"},
                                                           {"feedback", 0.25}})},
                   {"note", std::string(5000, 'x')}});
  sdk::GenerateRequest request;
  request.model = model;
  request.system = std::string(4000, 's');
  request.max_output_tokens = 4096;
  for (int i = 0; i < 10; ++i)
    request.tools.push_back({"tool_" + std::to_string(i), "Says something about the student.",
                             json::parse(R"({"type": "object", "properties":
                               {"limit": {"type": "integer"}, "query": {"type": "string"}}})")
                                 .as_object()});
  request.messages.push_back({"user", "Diagnose.", {}, {}, {}});
  for (int turn = 0; turn < kTurns; ++turn) {
    const std::string id = "call_" + std::to_string(turn);
    request.messages.push_back(
        {"assistant", "Let me look.", {{id, "tool_1", {{"limit", turn}}}}, {}, {}});
    request.messages.push_back({"tool", "", {}, {{id, result, false}}, {}});
  }
  return request;
}

std::string text_answer() {
  return "# Diagnosis\n" + std::string(4000, 'd');
}

json::object chat_answer() {
  return {{"model", "m"},
          {"choices", json::array{json::object{
                          {"message", {{"role", "assistant"}, {"content", text_answer()}}},
                          {"finish_reason", "stop"}}}},
          {"usage", {{"prompt_tokens", 25000}, {"completion_tokens", 1000}}}};
}

struct Engine {
  const char* name;
  const char* model;
  json::object answer;
};

std::vector<Engine> engines() {
  const json::array text_block{json::object{{"type", "text"}, {"text", text_answer()}}};
  return {{"anthropic",
           "claude-opus-4-6",
           {{"content", text_block},
            {"stop_reason", "end_turn"},
            {"usage", {{"input_tokens", 25000}, {"output_tokens", 1000}}}}},
          {"codex",
           "codex/gpt-5",
           {{"output", json::array{json::object{
                           {"type", "message"},
                           {"content", json::array{json::object{{"type", "output_text"},
                                                                {"text", text_answer()}}}}}}},
            {"usage", {{"input_tokens", 25000}, {"output_tokens", 1000}}}}},
          {"gemini",
           "gemini-3-pro",
           {{"candidates",
             json::array{json::object{
                 {"content", {{"parts", json::array{json::object{{"text", text_answer()}}}}}},
                 {"finishReason", "STOP"}}}},
            {"usageMetadata", {{"promptTokenCount", 25000}, {"candidatesTokenCount", 1000}}}}},
          {"ollama",
           "ollama/qwen3",
           {{"message", {{"role", "assistant"}, {"content", text_answer()}}}, {"done", true}}},
          {"deepseek", "deepseek-v4-pro", chat_answer()},
          {"minimax", "MiniMax-M3", chat_answer()},
          {"openai", "gpt-4o", chat_answer()},
          {"openai-compatible", "qwen3", chat_answer()},
          {"openrouter", "openrouter/a/b", chat_answer()}};
}

}  // namespace

int main() {
  Table table("One call of an engine with 100 KB of conversation, without the network");
  std::printf("  (the conversation: %zu bytes)\n",
              json::serialize(sdk::to_json(conversation("m"))).size());
  for (const Engine& engine : engines()) {
    const testing::LoadedPlugin plugin(std::string(BUILT_IN_PLUGINS) + "/" + engine.name + "/" +
                                       engine.name + ".so");
    testing::FakeHost host;
    const json::object answer = sdk::to_json(sdk::HttpResult{
        200, {{"content-type", "application/json"}}, json::serialize(engine.answer)});
    host.services["http"] = [&](const json::object&) { return answer; };
    const json::object request = sdk::to_json(conversation(engine.model));
    const auto& functions = plugin.of<jarvis_teacher_engine_1>(JARVIS_TEACHER_ENGINE_1);
    table.row(engine.name, median_milliseconds(21, 50, [&] {
                const testing::Answer made = plugin.call(functions.generate, request, host);
                if (!made.ok()) {
                  std::fprintf(stderr, "bench_engines: %s\n", made.message.c_str());
                  std::exit(1);
                }
              }));
  }
}
