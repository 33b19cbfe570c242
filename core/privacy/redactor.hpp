#pragma once

#include <memory>
#include <set>

#include "core/ports/privacy.hpp"
#include "core/privacy/placeholders.hpp"
#include "core/privacy/scanner.hpp"

namespace jarvis {

/** The privacy of one session. */
class Redactor : public Privacy {
 public:
  /** `secrets`: exact texts that are secret wherever they stand; those under four bytes are passed
   * over. */
  Redactor(std::shared_ptr<const RedactionRules> rules, const std::vector<std::string>& secrets);

  std::string redact(std::string_view text) override;
  json::value redact_document(const json::value& document) override;
  std::string restore(std::string_view text) const override;
  std::vector<std::string> placeholders_in(std::string_view text) const override;
  std::map<std::string, std::size_t> counts() const override;

 private:
  json::value redact_value(std::string_view key, const json::value& value);
  using Spans = std::vector<PlaceholderSpan>;
  /** This session's placeholders in the text. What only looks like one is kept from becoming one.
   */
  Spans placeholders_of_ours(std::string_view text);
  std::vector<Hit> hits_between(std::string_view text, const Spans& placeholders,
                                std::size_t pass) const;
  /** Replaces the hits; `placeholders` are the new text's afterwards. */
  std::string replaced(std::string_view text, const std::vector<Hit>& hits, Spans& placeholders);

  const Scanner scanner_;
  std::set<std::string, std::less<>> labels_;
  PlaceholderVault vault_;
};

}  // namespace jarvis
