#include "core/session/diagnose/transcript.hpp"

#include <doctest/doctest.h>

using namespace jarvis;
namespace json = boost::json;

namespace {

constexpr std::int64_t kWideWindow = 1'000'000;

Transcript transcript_with(const std::string& tool, const std::vector<std::string>& results,
                           std::int64_t window = kWideWindow) {
  sdk::GenerateRequest first;
  first.max_output_tokens = 100;
  first.messages.push_back({"user", "Please diagnose.", {}, {}, {}});
  Transcript transcript(std::move(first), window);
  for (const std::string& result : results) {
    const std::vector<sdk::ToolCall> calls{{"call", tool, {}}};
    transcript.add({"assistant", "", calls, {}, {}});
    transcript.add_results(calls, {{"call", result, false}});
  }
  return transcript;
}

const std::string& content(const sdk::GenerateRequest& request, std::size_t nth) {
  return request.messages.at(2 + 2 * nth).tool_results.at(0).content;
}

json::object page(const std::string& text) {
  return json::parse(text).as_object();
}

}  // namespace

TEST_CASE("transcript: a result that is not there and an offset beyond the end are errors") {
  const Transcript transcript = transcript_with("list_traces", {"short"});
  CHECK(transcript.read_more({{"result", "result-9"}}).error().message ==
        "there is no result 'result-9'");
  CHECK(transcript.read_more({{"result", "result-1"}, {"offset", 6}}).error().message ==
        "offset 6 is not in 'result-1', which has 5 bytes");
  CHECK_FALSE(transcript.read_more({{"result", "result-1"}, {"offset", -1}}));
  CHECK_FALSE(transcript.read_more({}));
}

TEST_CASE("transcript: a long result is shown in pages that lose nothing") {
  std::string text;
  while (text.size() < 50'001) text += "größer ";
  Transcript transcript = transcript_with("get_trace", {text});
  json::object shown = page(content(transcript.request(true), 0));
  std::string read(shown.at("text").as_string());
  CHECK(read.size() <= 20'000);
  CHECK(shown.at("total_bytes") == text.size());
  while (shown.contains("more")) {
    const auto next = transcript.read_more({{"result", "result-1"}, {"offset", read.size()}});
    REQUIRE(next);
    shown = page(*next);
    read += shown.at("text").as_string();
  }
  CHECK(read == text);
}

TEST_CASE("transcript: a short result is shown as it is") {
  Transcript transcript = transcript_with("list_traces", {R"({"traces":[]})"});
  CHECK(content(transcript.request(true), 0) == R"({"traces":[]})");
}

TEST_CASE(
    "transcript: when the window is full the oldest results make room and can be seen again") {
  const std::string result(10'000, 'x');
  Transcript transcript = transcript_with("list_traces", {result, result, result}, 8'000);
  const auto& request = transcript.request(true);
  CHECK(page(content(request, 0)).at("result") == "result-1");
  CHECK(content(request, 1) == result);
  CHECK(content(request, 2) == result);
  const auto again = transcript.read_more({{"result", "result-1"}});
  REQUIRE(again);
  CHECK(page(*again).at("text").as_string() == result);
}

TEST_CASE("transcript: scores stay longer than anything else, the newest message stays always") {
  const std::string result(10'000, 'x');
  Transcript scores = transcript_with("compare_outputs", {result, result}, 5'000);
  const std::vector<sdk::ToolCall> calls{{"call", "list_traces", {}}};
  scores.add({"assistant", "", calls, {}, {}});
  scores.add_results(calls, {{"call", result, false}});
  scores.add({"user", "go on", {}, {}, {}});
  CHECK(page(content(scores.request(true), 2)).contains("left_out"));
  Transcript newest = transcript_with("list_traces", {std::string(15'000, 'x')}, 1'000);
  CHECK(content(newest.request(true), 0).size() == 15'000);
}
