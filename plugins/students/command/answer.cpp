#include "plugins/students/command/answer.hpp"

#include <algorithm>
#include <jarvis/sdk/failure.hpp>

namespace jarvis::command {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestLine = 300;
constexpr int kFirstSignal = 128;
constexpr int kLastSignal = kFirstSignal + 64;
constexpr const char* kBlank = " \t\r\n\f\v";

std::string without_blank_end(const std::string& text) {
  return text.substr(0, text.find_last_not_of(kBlank) + 1);
}

/** The last line of stderr, as a part of a message; it may come to a terminal. */
std::string last_words(const std::string& errors) {
  const std::string text = without_blank_end(errors);
  std::string line = text.substr(text.find_last_of('\n') + 1);
  if (line.size() > kLongestLine) {
    std::size_t from = line.size() - kLongestLine;
    while (from < line.size() && (static_cast<unsigned char>(line[from]) & 0xC0) == 0x80) ++from;
    line.erase(0, from);
  }
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; }, ' ');
  return line.empty() ? "" : "; its last words: " + line;
}

/** Throws where the run gave no answer. */
void require_whole(const sdk::ProcessResult& run, std::int64_t timeout_seconds) {
  const std::string words = last_words(run.errors);
  if (run.timed_out)
    throw sdk::unavailable("the student's command did not end within " +
                               std::to_string(timeout_seconds) + " s" + words,
                           "raise [learning.distillation.student] timeout_seconds");
  if (run.is_cut)
    throw sdk::unavailable("the student's command printed more than an answer may have" + words,
                           "have it print the answer alone");
  if (run.exit_status > kFirstSignal && run.exit_status <= kLastSignal)
    throw sdk::unavailable("the student's command was ended by signal " +
                           std::to_string(run.exit_status - kFirstSignal) + words);
  if (run.exit_status != 0)
    throw sdk::unavailable(
        "the student's command ended with status " + std::to_string(run.exit_status) + words,
        "run it by hand; one that asks a server, on this machine too, needs "
        "[learning.distillation.student] network = true");
}

/** The object that the text consists of; empty where it is none with a text `content`. */
json::object object_with_content(const std::string& text) {
  if (text.empty() || text.front() != '{') return {};
  boost::system::error_code unreadable;
  json::value value = json::parse(text, unreadable);
  if (unreadable || !value.is_object()) return {};
  const json::value* content = value.as_object().if_contains("content");
  return content && content->is_string() ? std::move(value.as_object()) : json::object();
}

}  // namespace

sdk::StudentResult answer_of(const sdk::ProcessResult& run, std::int64_t timeout_seconds) {
  require_whole(run, timeout_seconds);
  sdk::StudentResult result;
  result.output = without_blank_end(run.output);
  if (const json::object object = object_with_content(result.output); !object.empty()) {
    result.output = without_blank_end(sdk::optional_string(object, "content"));
    result.model = sdk::optional_string(object, "model");
    result.turns = sdk::optional_integer(object, "turns", 1);
    const json::object usage = sdk::optional_object(object, "usage");
    result.usage.input_tokens = sdk::optional_integer(usage, "prompt_tokens");
    result.usage.output_tokens = sdk::optional_integer(usage, "completion_tokens");
  }
  if (result.output.empty())
    throw sdk::unavailable("the student's command printed no answer" + last_words(run.errors));
  return result;
}

}  // namespace jarvis::command
