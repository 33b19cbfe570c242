#include "core/privacy/redactor.hpp"

#include <algorithm>

namespace jarvis {

namespace {

constexpr std::size_t kShortestSecret = 4;
constexpr std::size_t kShortestNumber = 6;
constexpr int kMostRounds = 4;

std::vector<std::string> usable(const std::vector<std::string>& secrets) {
  std::vector<std::string> kept;
  for (const std::string& secret : secrets) {
    if (secret.size() < kShortestSecret) continue;
    kept.push_back(secret);
    // As it stands inside a JSON text.
    std::string escaped = json::serialize(json::value(secret));
    escaped = escaped.substr(1, escaped.size() - 2);
    if (escaped != secret) kept.push_back(std::move(escaped));
  }
  std::sort(kept.begin(), kept.end());
  kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
  return kept;
}

/** What an object with a "value" calls it. */
std::string_view name_beside(const json::object& object) {
  for (const char* key : {"name", "key"})
    if (const json::value* name = object.if_contains(key); name && name->is_string())
      return std::string_view(name->as_string());
  return "value";
}

}  // namespace

Redactor::Redactor(std::shared_ptr<const RedactionRules> rules,
                   const std::vector<std::string>& secrets)
    : scanner_(rules, usable(secrets)), labels_{kExtraLabel, kKnownLabel} {
  for (const RedactionRule& rule : rules->rules) labels_.insert(rule.label);
}

// What is replaced changes what stands beside it, so that passes follow until one finds nothing:
// then redacting the result again changes nothing either.
std::string Redactor::redact(std::string_view text) {
  Spans placeholders = placeholders_of_ours(text);
  std::string redacted;
  bool changed = true, replaced_any = false;
  for (int round = 0; changed && round < kMostRounds; ++round) {
    changed = false;
    for (std::size_t pass = 0; pass <= scanner_.extra_count(); ++pass) {
      const std::string_view present = replaced_any ? std::string_view(redacted) : text;
      const auto hits = hits_between(present, placeholders, pass);
      if (hits.empty()) continue;
      redacted = replaced(present, hits, placeholders);
      changed = replaced_any = true;
    }
  }
  return replaced_any ? redacted : std::string(text);
}

Redactor::Spans Redactor::placeholders_of_ours(std::string_view text) {
  Spans spans;
  for (PlaceholderSpan span = next_placeholder(text, 0); span.begin != span.end;
       span = next_placeholder(text, span.end))
    if (!vault_.reserve(text.substr(span.begin, span.end - span.begin))) spans.push_back(span);
  return spans;
}

// Placeholders cut the text into parts that are looked at one by one: nothing that is redacted
// becomes part of a new secret.
std::vector<Hit> Redactor::hits_between(std::string_view text, const Spans& placeholders,
                                        std::size_t pass) const {
  std::vector<Hit> hits;
  const auto look = [&](std::size_t begin, std::size_t end) {
    if (begin == end) return;
    if (pass < scanner_.extra_count())
      scanner_.scan_extra(pass, text, begin, end, hits);
    else
      scanner_.scan(text, begin, end, hits);
  };
  std::size_t begin = 0;
  for (const PlaceholderSpan& span : placeholders) {
    look(begin, span.begin);
    begin = span.end;
  }
  look(begin, text.size());
  return hits;
}

std::string Redactor::replaced(std::string_view text, const std::vector<Hit>& hits,
                               Spans& placeholders) {
  std::string out;
  out.reserve(text.size());
  Spans spans;
  spans.reserve(placeholders.size() + hits.size());
  std::size_t copied = 0;
  auto old = placeholders.begin();
  const auto copy_to = [&](std::size_t end) {
    for (; old != placeholders.end() && old->begin < end; ++old)
      spans.push_back({old->begin - copied + out.size(), old->end - copied + out.size()});
    out.append(text, copied, end - copied);
  };
  for (const Hit& hit : hits) {
    copy_to(hit.begin);
    const std::size_t begin = out.size();
    out += vault_.placeholder_of(text.substr(hit.begin, hit.end - hit.begin), hit.label, hit.rule);
    spans.push_back({begin, out.size()});
    copied = hit.end;
  }
  copy_to(text.size());
  placeholders = std::move(spans);
  return out;
}

json::value Redactor::redact_document(const json::value& document) {
  return redact_value({}, document);
}

json::value Redactor::redact_value(std::string_view key, const json::value& value) {
  if (value.is_object()) {
    json::object object;
    for (const auto& [name, item] : value.as_object()) {
      const std::string safe = redact(name);
      // {"name": "DB_PASSWORD", "value": "…"}
      object[safe] = redact_value(
          name == "value" ? name_beside(value.as_object()) : std::string_view(name), item);
    }
    return object;
  }
  if (value.is_array()) {
    json::array array;
    for (const json::value& item : value.as_array()) array.push_back(redact_value(key, item));
    return array;
  }
  const bool number = value.is_int64() || value.is_uint64();
  if (!value.is_string() && !number) return value;
  const std::string text = number ? json::serialize(value) : std::string(value.as_string());
  if (number && text.size() < kShortestNumber) return value;
  if (!key.empty() && placeholders_in(text).empty())
    if (const RedactionRule* rule = scanner_.rule_of_field(key, text))
      return json::value(vault_.placeholder_of(text, rule->label, rule->id));
  return number ? value : json::value(redact(text));
}

std::string Redactor::restore(std::string_view text) const {
  std::string restored;
  std::size_t copied = 0;
  for (PlaceholderSpan span = next_placeholder(text, 0); span.begin != span.end;
       span = next_placeholder(text, span.end)) {
    const std::string* secret = vault_.secret_of(text.substr(span.begin, span.end - span.begin));
    if (!secret) continue;
    restored.append(text, copied, span.begin - copied);
    restored += *secret;
    copied = span.end;
  }
  return restored.append(text, copied);
}

std::vector<std::string> Redactor::placeholders_in(std::string_view text) const {
  std::vector<std::string> found;
  for (PlaceholderSpan span = next_placeholder(text, 0); span.begin != span.end;
       span = next_placeholder(text, span.end)) {
    const std::string_view placeholder = text.substr(span.begin, span.end - span.begin);
    const std::string_view label = placeholder.substr(1, placeholder.rfind('_') - 1);
    if (labels_.find(label) != labels_.end() &&
        std::find(found.begin(), found.end(), placeholder) == found.end())
      found.emplace_back(placeholder);
  }
  return found;
}

std::map<std::string, std::size_t> Redactor::counts() const {
  return vault_.counts();
}

}  // namespace jarvis
