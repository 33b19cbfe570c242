#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <iterator>

#include "core/app/asking.hpp"
#include "core/app/cli/commands.hpp"
#include "core/app/cli/documents.hpp"
#include "core/app/cli/output.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kLongestQuestion = 16 * 1024 * 1024;

/** The words of the command line; what comes on standard input where there are none, or "-". */
Result<std::string> question_of(const Arguments& arguments) {
  std::string question;
  for (const std::string& word : arguments.list("text"))
    question += (question.empty() ? "" : " ") + word;
  if (!question.empty() && question != "-") return question;
  if (question.empty() && ::isatty(STDIN_FILENO))
    return Error{ErrorKind::usage, "there is no question", "jarvis ask \"How many …?\""};
  question.assign(std::istreambuf_iterator<char>(std::cin), {});
  while (!question.empty() && (question.back() == '\n' || question.back() == '\r'))
    question.pop_back();
  if (question.empty())
    return Error{ErrorKind::usage, "there is no question on standard input", ""};
  if (question.size() > kLongestQuestion)
    return Error{ErrorKind::usage, "the question is longer than 16 MB", ""};
  return question;
}

json::object document_of(const Asked& asked) {
  json::array tool_results;
  for (const TraceStep& step : asked.trace.steps)
    if (step.type == "tool_call" && step.input.is_object() && step.output.is_object())
      tool_results.push_back(
          json::object{{"tool_name", sdk::optional_string(step.input.as_object(), "tool")},
                       {"content", sdk::optional_string(step.output.as_object(), "result")},
                       {"success", sdk::optional_bool(step.output.as_object(), "success", true)}});
  return {{"content", asked.trace.result},
          {"turns", asked.turns},
          {"tool_results", std::move(tool_results)},
          {"cost_usd", asked.cost_usd},
          {"trace", trace_document(asked.trace, true)}};
}

/** Prints what comes on a terminal, and the answer itself where that was something else. */
class Speaker {
 public:
  Speaker(bool live, const Output& output) : live_(live), output_(output) {}

  std::function<void(const std::string&)> heard() {
    if (!live_) return {};
    return [this](const std::string& text) {
      said_ += text;
      output_.write(visible(text, true));
      output_.flush();
    };
  }

  void conclude(const std::string& answer) {
    if (!said_.empty()) output_.write("\n");
    // Thoughts and words between tool calls were said as well.
    const bool was_said = said_.size() >= answer.size() && !answer.empty() &&
                          said_.find(answer, said_.size() - answer.size()) != std::string::npos;
    if (was_said) return;
    if (!said_.empty()) output_.line();
    output_.verbatim(answer);
  }

 private:
  const bool live_;
  const Output& output_;
  std::string said_;
};

}  // namespace

Result<int> ask(Application& application, const Arguments& arguments, Output& output) {
  const auto question = question_of(arguments);
  if (!question) return question.error();
  Speaker speaker(!output.json() && ::isatty(STDOUT_FILENO), output);
  const auto asked = ask_student(application, {*question, arguments.text("--agent"),
                                               arguments.text("--model"), speaker.heard()});
  if (!asked) return asked.error();
  output.document(document_of(*asked));
  if (output.json()) return 0;
  speaker.conclude(asked->trace.result);
  // For a person who looks on; whoever reads the answer from a pipe wants nothing else.
  if (::isatty(STDERR_FILENO))
    std::fprintf(stderr, "\ntrace %s · rate it: jarvis feedback thumbs --up, or --down\n",
                 asked->trace.id.c_str());
  return 0;
}

}  // namespace jarvis
