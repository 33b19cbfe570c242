#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <jarvis/sdk/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace jarvis::shared {

namespace json = boost::json;

inline constexpr std::size_t kLongestQuery = 2000;
inline constexpr std::size_t kLongestResult = 6000;
inline constexpr std::size_t kLongestAnswer = 20000;

/** Checks and reads a tool call's arguments. Null counts as absent. Throws Failure(JARVIS_INVALID)
 * that names the tool and the argument. */
class Arguments {
 public:
  Arguments(std::string tool, const json::object& values)
      : tool_(std::move(tool)), values_(values) {}

  std::optional<std::string> text(std::string_view name) const {
    const json::value* value = find(name);
    if (!value) return std::nullopt;
    if (!value->is_string()) fail(name, "is not a string");
    return std::string(value->as_string());
  }

  std::string required_text(std::string_view name) const {
    const auto value = text(name);
    if (!value) fail(name, "is missing");
    if (value->empty()) fail(name, "is empty");
    return *value;
  }

  /** A whole number from 1 on; one above `most` counts as `most`. */
  std::int64_t count(std::string_view name, std::int64_t fallback, std::int64_t most) const {
    const json::value* value = find(name);
    if (!value) return fallback;
    boost::system::error_code error;
    const std::int64_t number =
        value->is_number() ? value->to_number<std::int64_t>(error) : std::int64_t{0};
    if (!value->is_number() || error || number < 1) fail(name, "is not a whole number from 1 on");
    return number < most ? number : most;
  }

  /** A number within 0..1. */
  std::optional<double> share(std::string_view name) const {
    const json::value* value = find(name);
    if (!value) return std::nullopt;
    if (!value->is_number()) fail(name, "is not a number");
    const double number = value->to_number<double>();
    if (!(number >= 0 && number <= 1)) fail(name, "does not lie in 0..1");
    return number;
  }

 private:
  const json::value* find(std::string_view name) const {
    const json::value* value = values_.if_contains(json::string_view(name.data(), name.size()));
    return value && !value->is_null() ? value : nullptr;
  }

  [[noreturn]] void fail(std::string_view name, const std::string& what) const {
    throw sdk::invalid("argument '" + std::string(name) + "' of '" + tool_ + "' " + what);
  }

  std::string tool_;
  const json::object& values_;
};

/** The length in bytes of the first `characters` characters of UTF-8 text. */
inline std::size_t prefix_length(std::string_view text, std::size_t characters) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const bool begins_character = (static_cast<unsigned char>(text[at]) & 0xC0u) != 0x80u;
    if (begins_character && characters-- == 0) break;
  }
  return at;
}

/** The first `characters` characters of UTF-8 text, with a note of what was cut. */
inline std::string cut(std::string_view text, std::size_t characters) {
  const std::size_t length = prefix_length(text, characters);
  std::string kept(text.substr(0, length));
  if (length < text.size())
    kept += " [cut: " + std::to_string(text.size() - length) + " more bytes]";
  return kept;
}

/** Cuts every string within `value`. */
inline void cut_strings(json::value& value, std::size_t characters) {
  if (value.is_string()) {
    const std::string_view text(value.as_string().data(), value.as_string().size());
    if (prefix_length(text, characters) < text.size()) value = cut(text, characters);
  } else if (value.is_object()) {
    for (auto& field : value.as_object()) cut_strings(field.value(), characters);
  } else if (value.is_array()) {
    for (json::value& item : value.as_array()) cut_strings(item, characters);
  }
}

/** Cuts what stands at `key`, if there is anything. */
inline void cut_at(json::object& object, std::string_view key, std::size_t characters) {
  json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  if (value) cut_strings(*value, characters);
}

inline std::size_t characters_of(const json::object& answer) {
  const std::string text = json::serialize(answer);
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0u) != 0x80u ? 1 : 0;
  return count;
}

inline bool fits(const json::object& answer) {
  constexpr std::size_t kRoomForNote = 120;
  return characters_of(answer) + kRoomForNote <= kLongestAnswer;
}

/** Takes items from the end of the array at `key` of `object`, a part of `answer`, until the whole
 * answer is short enough, and says in `answer` how many were left out. */
inline void fit_list(json::object& answer, json::object& object, const std::string& key) {
  json::value* value = object.if_contains(key);
  if (!value || !value->is_array() || fits(answer)) return;
  json::array& items = value->as_array();
  const std::size_t all = items.size();
  while (!items.empty() && !fits(answer)) items.pop_back();
  answer["note"] = std::to_string(all - items.size()) + " of " + std::to_string(all) + " " + key +
                   " left out: an answer has at most 20000 characters";
}

/** Cuts the longest strings of the answer until the whole is short enough; where that does not do,
 * gives the beginning of its text. */
inline json::object fit_strings(const json::object& answer) {
  if (fits(answer)) return answer;
  for (const std::size_t characters :
       std::initializer_list<std::size_t>{16000, 6000, 2000, 500, 100}) {
    json::value shorter = answer;
    cut_strings(shorter, characters);
    if (!fits(shorter.as_object())) continue;
    shorter.as_object()["note"] =
        "texts longer than " + std::to_string(characters) + " characters were cut";
    return shorter.as_object();
  }
  // Quotes and backslashes are escaped once more within a string: at worst twice as long.
  return {{"text", cut(json::serialize(answer), 9000)},
          {"note", "too long to be given whole: this is where its text begins"}};
}

}  // namespace jarvis::shared
