#include "core/privacy/privacy_policy.hpp"

#include "core/privacy/known_secrets.hpp"
#include "core/privacy/redactor.hpp"

namespace jarvis {

Result<PrivacyPolicy> PrivacyPolicy::make(const RedactionSettings& settings, const HomeView& home) {
  PrivacyPolicy policy;
  if (!settings.redact) return policy;
  auto rules = redaction_rules(settings.extra_patterns, (home.root() / "config.toml").string());
  if (!rules) return rules.error();
  policy.rules_ = std::make_shared<const RedactionRules>(std::move(*rules));
  policy.secrets_ = secrets_of_environment();
  for (const std::string& secret : settings.secrets)
    if (is_distinctive_secret(secret)) policy.secrets_.push_back(secret);
  for (std::string& secret : secrets_of_credential_files(home))
    policy.secrets_.push_back(std::move(secret));
  return policy;
}

std::unique_ptr<Privacy> PrivacyPolicy::session() const {
  if (!rules_) return nullptr;
  return std::make_unique<Redactor>(rules_, secrets_);
}

}  // namespace jarvis
