#include "plugins/rehearsal/judge.hpp"

#include <cctype>
#include <charconv>
#include <optional>

#include "plugins/shared/rehearsal_student.hpp"

namespace jarvis::rehearsal {

namespace {

std::string normalised(std::string_view text) {
  std::string out;
  for (const char c : detail::trimmed(text)) {
    const bool space = c == ' ' || (c >= '\t' && c <= '\r');
    if (space && out.back() == ' ') continue;
    out += space ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

/** The text after "A:" in the last line; nothing when the last line is another one. */
std::optional<std::string> final_answer(std::string_view text) {
  text = detail::trimmed(text);
  const std::size_t newline = text.rfind('\n');
  if (newline != std::string_view::npos) text = text.substr(newline + 1);
  if (text.substr(0, 2) != "A:") return std::nullopt;
  return normalised(text.substr(2));
}

std::optional<double> number_in(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool agree(const std::string& one, const std::string& other) {
  const auto first = number_in(one), second = number_in(other);
  return first && second ? *first == *second : one == other;
}

/** Without a gold answer, its own to a question that it knows. */
std::optional<std::string> gold_of(const sdk::JudgeRequest& request) {
  if (!request.gold.empty()) return final_answer(request.gold);
  const auto question = parse_question(request.query);
  if (!question) return std::nullopt;
  return normalised(work_out(*question).answer);
}

}  // namespace

sdk::JudgeResult compare(const sdk::JudgeRequest& request) {
  const auto gold = gold_of(request), answer = final_answer(request.answer);
  const bool equal =
      gold && answer ? agree(*gold, *answer)
                     : !gold && !answer && normalised(request.gold) == normalised(request.answer);
  sdk::JudgeResult result;
  result.score = equal ? 1.0 : 0.0;
  result.reason =
      equal ? "rehearsal: the final answers are equal" : "rehearsal: the final answers differ";
  result.usage.input_tokens = tokens_of(request.query + request.gold + request.answer);
  result.usage.output_tokens = tokens_of(result.reason);
  return result;
}

}  // namespace jarvis::rehearsal
