#include "plugins/judges/llm/score_reader.hpp"

#include <charconv>
#include <cmath>

#include "plugins/shared/provider.hpp"

namespace jarvis::llm {

namespace {

namespace json = boost::json;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

/** The text without what a reasoning model thought aloud before it. */
std::string_view after_thinking(std::string_view text) {
  constexpr std::string_view kEnd = "</think>";
  const std::size_t end = text.rfind(kEnd);
  return end == std::string_view::npos ? text : text.substr(end + kEnd.size());
}

/** The inside of a fence that holds the whole text. */
std::string_view without_fence(std::string_view text) {
  constexpr std::string_view kFence = "```";
  if (text.size() < 2 * kFence.size() || text.substr(0, 3) != kFence ||
      text.substr(text.size() - 3) != kFence)
    return text;
  const std::size_t line = text.find('\n');
  if (line == std::string_view::npos || line + 3 > text.size()) return text;
  return trimmed(text.substr(line, text.size() - 3 - line));
}

std::optional<double> number(std::string_view text) {
  text = trimmed(text);
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

/** 0.8, 7/10, 80 %; not yet checked to lie in 0..1. */
std::optional<double> fraction(std::string_view text) {
  text = trimmed(text);
  if (!text.empty() && text.back() == '%') {
    const auto percent = number(text.substr(0, text.size() - 1));
    return percent ? std::optional(*percent / 100) : std::nullopt;
  }
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return number(text);
  const auto part = number(text.substr(0, slash));
  const auto whole = number(text.substr(slash + 1));
  if (!part || !whole || *whole <= 0) return std::nullopt;
  return *part / *whole;
}

ReadScore checked(const std::optional<double>& score, std::string reason, std::string_view shown) {
  if (!score) return {std::nullopt, "the judge's score is no number: " + shared::excerpt(shown)};
  if (!(*score >= 0 && *score <= 1))
    return {std::nullopt, "the judge's score lies outside 0..1: " + shared::excerpt(shown)};
  return {score, std::move(reason)};
}

ReadScore score_in(const json::object& object) {
  const json::value& value = object.at("score");
  const std::string reason = shared::excerpt(sdk::optional_string(object, "reason"), 1000);
  const std::string shown = json::serialize(value);
  if (value.is_number()) return checked(value.to_number<double>(), reason, shown);
  if (value.is_string()) return checked(fraction(value.as_string()), reason, shown);
  return checked(std::nullopt, reason, shown);
}

/** The first whole JSON object that begins at `begin`; `end` is set behind it. */
std::optional<json::object> object_at(std::string_view text, std::size_t begin, std::size_t& end) {
  json::stream_parser parser;
  boost::system::error_code error;
  const std::size_t used = parser.write_some(text.data() + begin, text.size() - begin, error);
  if (error || !parser.done()) return std::nullopt;
  end = begin + used;
  const json::value value = parser.release();
  return value.is_object() ? std::optional(value.as_object()) : std::nullopt;
}

// A reply is a few lines; a reader of every brace in a long one would take quadratic time.
constexpr int kMostObjects = 64;

/** The score of the objects that have one; nothing when there is no such object. */
std::optional<ReadScore> score_in_text(std::string_view text) {
  std::optional<ReadScore> found;
  std::size_t begin = text.find('{');
  for (int tried = 0; begin != std::string_view::npos && tried < kMostObjects; ++tried) {
    std::size_t end = begin + 1;
    const auto object = object_at(text, begin, end);
    if (object && object->contains("score")) {
      const ReadScore score = score_in(*object);
      if (found && found->score != score.score)
        return ReadScore{std::nullopt, "the judge gave two different scores"};
      found = score;
    }
    begin = text.find('{', end);
  }
  return found;
}

}  // namespace

ReadScore read_score(std::string_view reply) {
  const std::string_view text = without_fence(trimmed(after_thinking(reply)));
  if (text.empty()) return {std::nullopt, "the judge's reply is empty"};
  if (const auto found = score_in_text(text)) return *found;
  if (const auto score = fraction(text)) return checked(score, "", text);
  return {std::nullopt, "the judge's reply holds no score: " + shared::excerpt(text)};
}

}  // namespace jarvis::llm
