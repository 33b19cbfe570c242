#include <jarvis/testing/check.hpp>
#include <jarvis/testing/loaded_plugin.hpp>

namespace {

namespace json = boost::json;

json::value score(const char* gold, const char* answer) {
  static const jarvis::testing::LoadedPlugin plugin(PLUGIN_FILE);
  jarvis::testing::FakeHost host;
  const auto& judge = plugin.of<jarvis_judge_1>(JARVIS_JUDGE_1);
  const auto answered =
      plugin.call(judge.score, {{"query", "?"}, {"gold", gold}, {"answer", answer}}, host);
  JARVIS_CHECK(answered.ok());
  return answered.ok() ? answered.result.at("score") : json::value("failed");
}

void refuses_a_request_without_an_answer() {
  const jarvis::testing::LoadedPlugin plugin(PLUGIN_FILE);
  jarvis::testing::FakeHost host;
  const auto& judge = plugin.of<jarvis_judge_1>(JARVIS_JUDGE_1);
  JARVIS_CHECK(plugin.call(judge.score, {{"query", "?"}}, host).status == JARVIS_INVALID);
}

}  // namespace

int main() {
  refuses_a_request_without_an_answer();
  JARVIS_CHECK(score("Paris", "  paris.\n") == 1.0);
  JARVIS_CHECK(score("New York", "new\nyork") == 1.0);
  JARVIS_CHECK(score("Paris", "Lyon") == 0.0);
  JARVIS_CHECK(score("Paris", "") == 0.0);
  JARVIS_CHECK(score(" . ", "").is_null());
  return jarvis::testing::test_result();
}
