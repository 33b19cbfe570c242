#pragma once

#include <jarvis/text/toml_document.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/home/settings/setting_rules.hpp"
#include "core/model/json.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** Takes checked values out of [learning.distillation] laid over the defaults. What is out of range
 * throws an Error that names file, line and key. Remembers what it demanded of each key. */
class SettingsReader {
 public:
  /** Both must outlive it; `user` tells the lines. */
  SettingsReader(const text::TomlDocument& user, const json::object& merged)
      : user_(user), merged_(merged) {}

  bool flag(const std::string& table, const std::string& key) const;
  std::string text(const std::string& table, const std::string& key) const;
  /** A text that is not empty. */
  std::string filled(const std::string& table, const std::string& key) const;
  std::string one_of(const std::string& table, const std::string& key,
                     const std::vector<std::string>& choices) const;
  double number(const std::string& table, const std::string& key, double least, double most) const;
  int count(const std::string& table, const std::string& key, int least, int most = 1000000) const;
  std::optional<double> price(const std::string& table, const std::string& key) const;
  /** A list of strings; a single string counts as a list of one, and an empty one as none. */
  std::vector<std::string> texts(const std::string& table, const std::string& key) const;
  /** `values` says what the caller demands of the values. */
  std::map<std::string, std::string> text_table(const std::string& table, const std::string& key,
                                                const std::string& values) const;
  /** Tables under names of the user's. */
  std::map<std::string, json::object> tables(const std::string& key) const;

  [[noreturn]] void fail(const std::string& table, const std::string& key,
                         const std::string& why) const;
  /** `below` is the path below [learning.distillation]; empty parts are passed over. */
  [[noreturn]] void fail_at(const text::TomlPath& below, const std::string& why) const;

  /** What was demanded so far. */
  const std::vector<SettingRule>& rules() const { return rules_; }

 private:
  const json::value& at(const std::string& table, const std::string& key,
                        const std::string& demanded) const;

  const text::TomlDocument& user_;
  const json::object& merged_;
  mutable std::vector<SettingRule> rules_;
};

}  // namespace jarvis
