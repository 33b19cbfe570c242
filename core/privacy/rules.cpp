#include "core/privacy/rules.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <jarvis/text/toml_document.hpp>
#include <set>

#include "config/embedded.hpp"
#include "core/model/json.hpp"

namespace jarvis {

namespace {

constexpr std::int64_t kWindow = 512;
constexpr std::int64_t kWidestWindow = 65536;
constexpr std::size_t kShortestKeyword = 3;
constexpr char kExtraKey[] = "learning.distillation.privacy.extra_patterns";

/** One [[rule]], read strictly. */
class RuleReader {
 public:
  RuleReader(const json::object& table, std::string where)
      : table_(table), where_(std::move(where)) {}

  RedactionRule read() const {
    refuse_unknown_keys();
    RedactionRule rule;
    rule.id = sdk::required_string(table_, "id");
    rule.label = sdk::required_string(table_, "label");
    if (rule.label.empty() ||
        rule.label.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != std::string::npos)
      fail("label", "is not of capital letters and '_'");
    rule.keywords = sdk::strings_of(sdk::optional_array(table_, "keywords"));
    rule.ignore_case = sdk::optional_bool(table_, "ignore_case");
    rule.word = sdk::optional_bool(table_, "word");
    rule.named = sdk::optional_bool(table_, "named");
    rule.digits = static_cast<std::size_t>(sdk::optional_integer(table_, "digits"));
    rule.window = static_cast<std::size_t>(std::clamp<std::int64_t>(
        sdk::optional_integer(table_, "window", kWindow), 1, kWidestWindow));
    read_start(rule);
    read_lead(rule);
    read_check(rule);
    read_value(rule);
    rule.pattern = compiled(sdk::required_string(table_, "pattern"), "pattern");
    rule.groups = rule.pattern->NumberOfCapturingGroups();
    std::string first, last;
    if (rule.start == RuleStart::digits && rule.pattern->PossibleMatchRange(&first, &last, 1)) {
      rule.first_byte = first.front();
      rule.last_byte = last.front();
    }
    return rule;
  }

 private:
  void refuse_unknown_keys() const {
    static const std::set<std::string> kKnown{
        "id",      "label", "keywords", "ignore_case", "word",   "named", "digits",
        "country", "lead",  "pattern",  "check",       "window", "value"};
    for (const auto& [key, value] : table_)
      if (kKnown.count(std::string(key)) == 0) fail(std::string(key), "is not known");
  }

  void read_start(RedactionRule& rule) const {
    const bool country = sdk::optional_bool(table_, "country");
    if ((rule.keywords.empty() ? 0 : 1) + (rule.digits > 0 ? 1 : 0) + (country ? 1 : 0) != 1)
      fail("keywords", "must be given, or 'digits', or 'country', and only one of them");
    if (rule.digits > 0) rule.start = RuleStart::digits;
    if (country) rule.start = RuleStart::country;
    for (std::string& keyword : rule.keywords) {
      if (keyword.size() != 1 && keyword.size() < kShortestKeyword)
        fail("keywords", "holds '" + keyword + "': one byte, or three and more");
      if (!rule.ignore_case) continue;
      std::transform(keyword.begin(), keyword.end(), keyword.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    }
  }

  void read_lead(RedactionRule& rule) const {
    const std::string lead = sdk::optional_string(table_, "lead");
    if (lead.empty()) return;
    rule.has_lead = true;
    const auto one = compiled("[" + lead + "]", "lead");
    for (std::size_t byte = 0; byte < rule.lead.size(); ++byte) {
      const char c = static_cast<char>(byte);
      rule.lead[byte] = re2::RE2::FullMatch(re2::StringPiece(&c, 1), *one);
    }
  }

  void read_check(RedactionRule& rule) const {
    rule.check_name = sdk::optional_string(table_, "check");
    if (rule.check_name.empty()) return;
    rule.check = check_named(rule.check_name);
    if (!rule.check) fail("check", "is '" + rule.check_name + "', which is no check");
  }

  void read_value(RedactionRule& rule) const {
    const std::string value = sdk::optional_string(table_, "value");
    if (value.empty()) return;
    if (value != "word" && value != "userinfo")
      fail("value", "is '" + value + "', not word or userinfo");
    rule.part = value == "word" ? SecretPart::word : SecretPart::userinfo;
  }

  std::shared_ptr<const re2::RE2> compiled(const std::string& pattern,
                                           const std::string& key) const {
    re2::RE2::Options options(re2::RE2::Latin1);
    options.set_log_errors(false);
    auto made = std::make_shared<const re2::RE2>(pattern, options);
    if (!made->ok()) fail(key, "cannot be used: " + made->error());
    if (re2::RE2::FullMatch("", *made)) fail(key, "matches the empty text");
    return made;
  }

  [[noreturn]] void fail(const std::string& key, const std::string& why) const {
    throw sdk::invalid(where_ + ": key '" + key + "' " + why);
  }

  const json::object& table_;
  const std::string where_;
};

Error bad_extra(const std::string& file, const std::string& pattern, const std::string& why) {
  return {ErrorKind::configuration,
          file + ": key '" + kExtraKey + "' holds the pattern '" + pattern + "', which " + why,
          "patterns are RE2's: https://github.com/google/re2/wiki/Syntax"};
}

}  // namespace

Result<std::vector<RedactionRule>> read_redaction_rules(const std::string& text,
                                                        const std::string& name) try {
  const auto document = text::TomlDocument::parse(text, name);
  std::vector<RedactionRule> rules;
  for (const json::value& value : sdk::optional_array(document.values(), "rule")) {
    if (!value.is_object()) throw sdk::invalid(name + ": 'rule' must be a list of tables");
    const json::object& table = value.as_object();
    const std::string where = name + ": rule " + std::to_string(rules.size() + 1) + " ('" +
                              sdk::optional_string(table, "id") + "')";
    rules.push_back(RuleReader(table, where).read());
  }
  return rules;
} catch (const std::exception& error) {
  return Error{ErrorKind::invalid, error.what(), ""};
}

Result<RedactionRules> redaction_rules(const std::vector<std::string>& extra_patterns,
                                       const std::string& config_file) {
  auto built_in =
      read_redaction_rules(std::string(embedded_file("redaction.toml")), "redaction.toml");
  if (!built_in) return built_in.error();
  RedactionRules rules{std::move(*built_in), {}};
  for (const std::string& pattern : extra_patterns) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    auto compiled = std::make_shared<const re2::RE2>(pattern, options);
    if (!compiled->ok())
      return bad_extra(config_file, pattern, "cannot be used: " + compiled->error());
    if (re2::RE2::FullMatch("", *compiled))
      return bad_extra(config_file, pattern, "matches the empty text");
    rules.extra.push_back(std::move(compiled));
  }
  return rules;
}

}  // namespace jarvis
