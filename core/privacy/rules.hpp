#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/result.hpp"
#include "core/privacy/checks.hpp"

namespace re2 {
class RE2;
}

namespace jarvis {

/** Where the scan asks a rule's pattern. */
enum class RuleStart { keyword, digits, country };

/** What of a match is the secret: the match or a group of it, or what stands behind it. */
enum class SecretPart { match, word, userinfo };

/** One rule of config/redaction.toml, compiled; the file says what each field means. */
struct RedactionRule {
  std::string id;
  std::string label;
  RuleStart start = RuleStart::keyword;
  std::vector<std::string> keywords;
  bool ignore_case = false;
  bool word = false;
  bool named = false;
  std::size_t digits = 0;
  char first_byte = '\0';  ///< no match of a rule for digits begins with a byte below
  char last_byte = '\x7F';
  std::size_t window = 0;
  SecretPart part = SecretPart::match;
  std::array<bool, 256> lead{};
  bool has_lead = false;
  Check check = nullptr;
  std::string check_name;
  std::shared_ptr<const re2::RE2> pattern;
  int groups = 0;
};

/** What is redacted. Immutable: sessions share it, and threads. */
struct RedactionRules {
  std::vector<RedactionRule> rules;                    ///< in the order of the file
  std::vector<std::shared_ptr<const re2::RE2>> extra;  ///< the user's patterns
};

/** Reads a rule file; `name` stands in messages. invalid, with file, rule and key. */
Result<std::vector<RedactionRule>> read_redaction_rules(const std::string& text,
                                                        const std::string& name);

/** The built-in rules and the user's patterns. configuration for a pattern that RE2 cannot read or
 * that matches the empty text; `config_file` stands in that message. */
Result<RedactionRules> redaction_rules(const std::vector<std::string>& extra_patterns,
                                       const std::string& config_file);

}  // namespace jarvis
