#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/model/result.hpp"
#include "core/ports/home_view.hpp"
#include "core/ports/privacy.hpp"
#include "core/privacy/rules.hpp"

namespace jarvis {

/** What `[learning.distillation.privacy]` says about redaction. */
struct RedactionSettings {
  bool redact = true;
  std::vector<std::string> extra_patterns;
  std::vector<std::string> secrets;  ///< exact texts from the user's configuration
};

/** How the sessions of one home keep their secrets: the rules, and the exact texts that are secret
 * by where they are kept (the environment, the configuration, the home's credential files). */
class PrivacyPolicy {
 public:
  /** configuration for a pattern of the user that cannot be used. */
  static Result<PrivacyPolicy> make(const RedactionSettings& settings, const HomeView& home);

  /** The privacy of a new session; nullptr where the user has switched redaction off. */
  std::unique_ptr<Privacy> session() const;

 private:
  std::shared_ptr<const RedactionRules> rules_;
  std::vector<std::string> secrets_;
};

}  // namespace jarvis
