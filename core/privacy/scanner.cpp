#include "core/privacy/scanner.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "core/privacy/characters.hpp"
#include "core/privacy/value_checks.hpp"
#include "core/privacy/value_reader.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kLongestLead = 64;
constexpr std::size_t kMostGroups = 7;
constexpr std::size_t kMostSeparators = 3;
constexpr std::size_t kMostDigits = 20;

/** How many digits follow from `at`, with at most separators between them. */
std::size_t digits_from(std::string_view text, std::size_t at) {
  std::size_t digits = 0, separators = 0;
  for (; at < text.size() && digits < kMostDigits; ++at) {
    if (is_digit(text[at])) {
      ++digits;
      separators = 0;
    } else if (!is_one_of(text[at], " -./()+\xC2\xA0") || ++separators > kMostSeparators) {
      break;
    }
  }
  return digits;
}

std::size_t lead_of(const RedactionRule& rule, std::string_view text, std::size_t at,
                    std::size_t floor) {
  std::size_t begin = at;
  while (begin > floor && at - begin < kLongestLead &&
         rule.lead[static_cast<unsigned char>(text[begin - 1])])
    --begin;
  while (begin < at && !is_letter(text[begin]) && !is_digit(text[begin]) && text[begin] != '_' &&
         static_cast<unsigned char>(text[begin]) < 0x80)
    ++begin;
  // The letter of an escape is not the first one of a name.
  if (begin < at && begin > 0 && text[begin - 1] == '\\' && is_one_of(text[begin], "nrtbf"))
    ++begin;
  return begin;
}

/** The end of a token that goes on behind the window. */
std::size_t token_end(std::string_view text, std::size_t at) {
  while (at < text.size() &&
         (is_letter(text[at]) || is_digit(text[at]) || is_one_of(text[at], "_-+/=.")))
    ++at;
  return at;
}

}  // namespace

Scanner::Scanner(std::shared_ptr<const RedactionRules> rules, std::vector<std::string> secrets)
    : rules_(std::move(rules)), index_(rules_->rules, std::move(secrets)) {}

void Scanner::scan(std::string_view text, std::size_t begin, std::size_t end,
                   std::vector<Hit>& hits) const {
  text = text.substr(0, end);
  std::size_t floor = begin;
  for (std::size_t at = index_.next(text, begin); at < end; at = index_.next(text, at)) {
    if (const auto hit = hit_at(text, at, floor)) {
      hits.push_back(*hit);
      at = floor = hit->end;
    } else {
      ++at;
    }
  }
}

void Scanner::scan_extra(std::size_t pattern, std::string_view text, std::size_t begin,
                         std::size_t end, std::vector<Hit>& hits) const {
  const re2::RE2& extra = *rules_->extra[pattern];
  const int groups = std::min(extra.NumberOfCapturingGroups(), 1);
  std::array<re2::StringPiece, 2> parts;
  while (begin < end &&
         extra.Match(text, begin, end, re2::RE2::UNANCHORED, parts.data(), groups + 1)) {
    const re2::StringPiece& whole = parts[0];
    const re2::StringPiece& secret = groups == 1 && parts[1].data() ? parts[1] : whole;
    const auto at = static_cast<std::size_t>(secret.data() - text.data());
    if (!secret.empty()) hits.push_back({at, at + secret.size(), kExtraLabel, "extra"});
    begin =
        std::max(static_cast<std::size_t>(whole.data() - text.data()) + whole.size(), begin + 1);
  }
}

const RedactionRule* Scanner::rule_of_field(std::string_view key, std::string_view value) const {
  // A value that every check takes for a secret shows which names a rule takes for a secret's.
  static constexpr std::string_view kStandIn = "q7Vx2Lm9Tz4Kp8";
  std::string line;
  for (std::size_t at = index_.next(key, 0); at < key.size(); at = index_.next(key, at + 1)) {
    if (line.empty()) line = std::string(key) + "\":\"" + std::string(kStandIn) + "\"";
    const RedactionRule* found = nullptr;
    index_.visit(key, at, [&](const Keyword& keyword) {
      if (!keyword.rule || !keyword.rule->named) return false;
      const auto hit = match(*keyword.rule, line, at, 0);
      if (!hit || hit->begin != key.size() + 3) return false;
      if (keyword.rule->check == password_value ? is_password(value) : is_key(value))
        found = keyword.rule;
      return found != nullptr;
    });
    if (found) return found;
  }
  return nullptr;
}

std::optional<Hit> Scanner::hit_at(std::string_view text, std::size_t at, std::size_t floor) const {
  std::optional<Hit> hit;
  index_.visit(text, at, [&](const Keyword& keyword) {
    if (keyword.rule)
      hit = match(*keyword.rule, text, at, floor);
    else
      hit = Hit{at, at + keyword.text.size(), kKnownLabel, "known-secret"};
    return hit.has_value();
  });
  return hit ? hit : number_at(text, at, floor);
}

std::optional<Hit> Scanner::number_at(std::string_view text, std::size_t at,
                                      std::size_t floor) const {
  const char c = text[at];
  if (!is_digit(c) && c != '+' && c != '(') return std::nullopt;
  if (at >= floor + 2 && follows_country(text, at))
    for (const RedactionRule* rule : index_.country_rules())
      if (const auto hit = match(*rule, text, at - 2, floor)) return hit;
  if (!begins_number(text, at)) return std::nullopt;
  const std::size_t digits = digits_from(text, at);
  for (const RedactionRule* rule : index_.number_rules())
    if (digits >= rule->digits && c >= rule->first_byte && c <= rule->last_byte)
      if (const auto hit = match(*rule, text, at, floor)) return hit;
  return std::nullopt;
}

std::optional<Hit> Scanner::match(const RedactionRule& rule, std::string_view text, std::size_t at,
                                  std::size_t floor) const {
  if (rule.word && !begins_word(text, at)) return std::nullopt;
  const std::size_t begin = rule.has_lead ? lead_of(rule, text, at, floor) : at;
  const std::size_t end = std::min(text.size(), at + rule.window);
  std::array<re2::StringPiece, kMostGroups + 1> parts;
  const int count = std::min(rule.groups, static_cast<int>(kMostGroups)) + 1;
  if (!rule.pattern->Match(text, begin, end, re2::RE2::ANCHOR_START, parts.data(), count))
    return std::nullopt;
  Finding finding{text, 0, 0, begin};
  if (rule.part == SecretPart::match) {
    const auto* secret = std::find_if(parts.data() + 1, parts.data() + count,
                                      [](const auto& part) { return part.data() != nullptr; });
    if (secret == parts.data() + count) secret = parts.data();
    finding.begin = static_cast<std::size_t>(secret->data() - text.data());
    finding.end = finding.begin + secret->size();
  } else {
    const std::size_t behind = begin + parts[0].size();
    const TextSpan span =
        rule.part == SecretPart::word ? word_at(text, behind, at) : userinfo_at(text, behind);
    finding.begin = span.begin;
    finding.end = span.end;
  }
  if (finding.begin == finding.end || (rule.check && !rule.check(finding))) return std::nullopt;
  // Only now, when it is taken: a text full of what is not would be gone through again and again.
  if (rule.part == SecretPart::match && finding.end == end) finding.end = token_end(text, end);
  return Hit{finding.begin, finding.end, rule.label, rule.id};
}

}  // namespace jarvis
