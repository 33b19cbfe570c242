#include "core/privacy/placeholders.hpp"

#include "core/privacy/characters.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kLongestLabel = 32;
constexpr std::size_t kMostDigits = 9;

/** The end of a placeholder that begins at `at`; `at` when none does. */
std::size_t end_at(std::string_view text, std::size_t at) {
  std::size_t i = at + 1;
  if (i >= text.size() || !is_upper(text[i])) return at;
  while (i < text.size() && i - at <= kLongestLabel && (is_upper(text[i]) || text[i] == '_')) ++i;
  if (text[i - 1] != '_') return at;
  const std::size_t digits = i;
  while (i < text.size() && i - digits <= kMostDigits && is_digit(text[i])) ++i;
  if (i == digits || i - digits > kMostDigits || i == text.size() || text[i] != ']') return at;
  return i + 1;
}

}  // namespace

PlaceholderSpan next_placeholder(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find('[', from); at != std::string_view::npos;
       at = text.find('[', at + 1))
    if (const std::size_t end = end_at(text, at); end != at) return {at, end};
  return {text.size(), text.size()};
}

std::string PlaceholderVault::placeholder_of(std::string_view secret, std::string_view label,
                                             std::string_view rule) {
  const std::lock_guard lock(mutex_);
  if (const auto known = placeholders_.find(secret); known != placeholders_.end())
    return known->second;
  std::size_t& number = numbers_[std::string(label)];
  std::string placeholder;
  do {
    placeholder = "[" + std::string(label) + "_" + std::to_string(++number) + "]";
  } while (reserved_.count(placeholder) != 0);
  ++counts_[std::string(rule)];
  secrets_.emplace(placeholder, secret);
  placeholders_.emplace(secret, placeholder);
  return placeholder;
}

bool PlaceholderVault::reserve(std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (secrets_.find(text) != secrets_.end()) return false;
  reserved_.emplace(text);
  return true;
}

const std::string* PlaceholderVault::secret_of(std::string_view placeholder) const {
  const std::lock_guard lock(mutex_);
  const auto found = secrets_.find(placeholder);
  // Nodes of the map stay where they are and are never changed.
  return found == secrets_.end() ? nullptr : &found->second;
}

std::map<std::string, std::size_t> PlaceholderVault::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace jarvis
