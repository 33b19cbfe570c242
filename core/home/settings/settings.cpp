#include "core/home/settings/settings.hpp"

#include <algorithm>
#include <cmath>
#include <jarvis/text/names.hpp>

#include "config/embedded.hpp"
#include "core/home/settings/config_check.hpp"

namespace jarvis {

namespace {

using text::TomlPath;

/** Takes checked values out of the merged table. What is out of range throws an Error. */
class Reader {
 public:
  Reader(const text::TomlDocument& user, const json::object& merged)
      : user_(user), merged_(merged) {}

  const json::value& at(const std::string& table, const std::string& key) const {
    return (table.empty() ? merged_ : merged_.at(table).as_object()).at(key);
  }
  bool flag(const std::string& table, const std::string& key) const {
    return at(table, key).as_bool();
  }
  std::string text(const std::string& table, const std::string& key) const {
    return std::string(at(table, key).as_string());
  }

  std::string filled(const std::string& table, const std::string& key) const {
    std::string value = text(table, key);
    if (value.empty()) fail(table, key, "is empty");
    return value;
  }

  double number(const std::string& table, const std::string& key, double least, double most) const {
    const double value = at(table, key).as_double();
    if (!(value >= least && value <= most))
      fail(table, key,
           "is " + plain(value) + ", not between " + plain(least) + " and " + plain(most));
    return value;
  }

  int count(const std::string& table, const std::string& key, int least, int most = 1000000) const {
    const std::int64_t value = at(table, key).as_int64();
    if (value < least || value > most)
      fail(table, key,
           "is " + std::to_string(value) + ", not between " + std::to_string(least) + " and " +
               std::to_string(most));
    return static_cast<int>(value);
  }

  std::string one_of(const std::string& table, const std::string& key,
                     const std::vector<std::string>& choices) const {
    const std::string value = text(table, key);
    std::string list;
    for (const std::string& choice : choices) {
      if (choice == value) return value;
      list += (list.empty() ? "" : ", ") + choice;
    }
    fail(table, key, "is '" + value + "', not one of: " + list);
  }

  /** A list of strings; a single string counts as a list of one, and an empty one as none. */
  std::vector<std::string> texts(const std::string& table, const std::string& key) const {
    const json::value& value = at(table, key);
    if (value.is_string())
      return value.as_string().empty() ? std::vector<std::string>() : std::vector{text(table, key)};
    for (const json::value& item : value.as_array())
      if (!item.is_string()) fail(table, key, "must be a list of strings");
    return sdk::strings_of(value.as_array());
  }

  std::map<std::string, std::string> text_table(const std::string& table,
                                                const std::string& key) const {
    std::map<std::string, std::string> found;
    for (const auto& [name, value] :
         (table.empty() ? merged_ : merged_.at(table).as_object()).at(key).as_object()) {
      if (!value.is_string()) fail_at({table, key, std::string(name)}, "is not a string");
      found[std::string(name)] = std::string(value.as_string());
    }
    return found;
  }

  std::optional<double> price(const std::string& table, const std::string& key) const {
    const auto value = sdk::optional_number(merged_.at(table).as_object(), key);
    if (value && !(*value >= 0 && std::isfinite(*value)))
      fail(table, key, "is not a price: it must be 0 or more");
    return value;
  }

  [[noreturn]] void fail(const std::string& table, const std::string& key,
                         const std::string& why) const {
    fail_at({table, key}, why);
  }

  [[noreturn]] void fail_at(const TomlPath& below, const std::string& why) const {
    TomlPath path{"learning", "distillation"};
    for (const std::string& key : below)
      if (!key.empty()) path.push_back(key);
    const auto line = user_.line_of(path);
    throw Error{ErrorKind::configuration,
                user_.name() + (line ? ":" + std::to_string(*line) : "") + ": key '" +
                    text::dotted(path) + "' " + why,
                "docs/configuration.md lists all keys"};
  }

 private:
  static std::string plain(double value) {
    std::string text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
  }

  const text::TomlDocument& user_;
  const json::object& merged_;
};

constexpr double kMostMoney = 1000000;

RoleSettings role(const Reader& read, const std::string& table, const std::string& engine_key) {
  RoleSettings settings;
  settings.engine = read.text(table, engine_key);
  settings.base_urls = read.texts(table, "base_url");
  settings.api_key_env = read.text(table, "api_key_env");
  settings.timeout_seconds = read.count(table, "timeout_seconds", 1, 86400);
  settings.input_price_per_mtok = read.price(table, "input_price_per_mtok");
  settings.output_price_per_mtok = read.price(table, "output_price_per_mtok");
  return settings;
}

TriggerSettings triggers(const Reader& read) {
  const std::string table = "triggers";
  return {read.flag(table, "scheduled_enabled"),
          read.filled(table, "scheduled_cron"),
          read.count(table, "scheduled_min_new_traces", 0),
          read.flag(table, "cluster_enabled"),
          read.count(table, "cluster_check_interval_minutes", 1),
          read.count(table, "cluster_min_size", 1),
          read.number(table, "cluster_failure_threshold", 0, 1)};
}

GateSettings gate(const Reader& read) {
  const std::string table = "gate";
  return {
      read.number(table, "min_improvement", -1, 1),      read.number(table, "max_regression", 0, 1),
      read.count(table, "benchmark_subsample_size", 1),  read.flag(table, "full_benchmark"),
      read.number(table, "noise_confidence", 0, 0.9999), read.count(table, "concurrency", 1, 256)};
}

BenchmarkSettings benchmark(const Reader& read) {
  const std::string table = "benchmark";
  return {read.number(table, "holdout_share", 0, 1),
          read.number(table, "synthesis_feedback_threshold", 0, 1),
          read.count(table, "max_benchmark_size", 1),
          read.flag(table, "auto_refresh"),
          read.number(table, "max_synthesis_cost_usd_per_refresh", 0, kMostMoney),
          read.flag(table, "include_failures")};
}

std::map<std::string, Tier> tier_overrides(const Reader& read) {
  std::map<std::string, Tier> overrides;
  for (const auto& [op, text] : read.text_table("", "tier_overrides")) {
    const auto tier = tier_from(text);
    if (!tier)
      read.fail_at({"tier_overrides", op}, "is '" + text + "', not auto, review or manual");
    const std::size_t colon = op.find(':');
    if (!text::is_valid_name(op.substr(0, colon)) ||
        (colon != std::string::npos && !text::is_valid_name(op.substr(colon + 1))))
      read.fail_at({"tier_overrides", op}, "is neither an op nor \"op:tool\"");
    overrides[op] = *tier;
  }
  return overrides;
}

PluginSettings plugins(const Reader& read) {
  PluginSettings settings{read.texts("plugins", "directories"),
                          read.texts("plugins", "allow"),
                          read.text_table("plugins", "pinned"),
                          read.text_table("plugins", "isolation"),
                          read.number("plugins", "timeout_seconds", 0.001, 86400),
                          read.count("plugins", "memory_mb", 16),
                          {}};
  for (const auto& [name, digest] : settings.pinned)
    if (digest.size() != 64 || digest.find_first_not_of("0123456789abcdef") != std::string::npos)
      read.fail_at({"plugins", "pinned", name}, "is not a SHA-256 in hex");
  for (const auto& [name, how] : settings.isolation)
    if (how != "process" && how != "in-process")
      read.fail_at({"plugins", "isolation", name},
                   "is '" + how + "', not \"process\" or \"in-process\"");
  for (const auto& [id, table] : read.at("", "plugin").as_object()) {
    if (!table.is_object()) read.fail_at({"plugin", std::string(id)}, "must be a table");
    settings.own[std::string(id)] = table.as_object();
  }
  return settings;
}

Settings settings_from(const Reader& read) {
  Settings settings;
  settings.enabled = read.flag("", "enabled");
  settings.autonomy =
      *autonomy_from(read.one_of("", "autonomy_mode", {"auto", "tiered", "manual"}));
  settings.max_cost_per_session_usd = read.number("", "max_cost_per_session_usd", 0, kMostMoney);
  settings.max_tool_calls_per_diagnosis = read.count("", "max_tool_calls_per_diagnosis", 0);
  settings.min_traces = read.count("", "min_traces", 0);
  settings.triggers = triggers(read);
  settings.gate = gate(read);
  settings.benchmark = benchmark(read);
  settings.tier_overrides = tier_overrides(read);
  settings.teacher = role(read, "teacher", "engine");
  settings.teacher.model = read.filled("", "teacher_model");
  settings.teacher.max_retries = read.count("teacher", "max_retries", 0, 100);
  settings.teacher.context_tokens = read.count("teacher", "context_tokens", 16000, 100000000);
  settings.student = role(read, "student", "runner");
  settings.student.engine = read.filled("student", "runner");
  settings.student.max_retries = settings.teacher.max_retries;
  settings.student_dialect = read.one_of("student", "dialect", {"jarvis", "openjarvis"});
  settings.student_command = read.texts("student", "command");
  settings.student_network = read.flag("student", "network");
  settings.student_read_root = read.text("student", "read_root");
  settings.judge = role(read, "judge", "engine");
  settings.judge.model = read.text("judge", "model");
  settings.judge.max_retries = read.count("judge", "max_retries", 0, 100);
  settings.privacy = {read.flag("privacy", "redact"), read.texts("privacy", "extra_patterns"),
                      read.texts("privacy", "exclude_agents")};
  settings.plugins = plugins(read);
  settings.watch_enabled = read.flag("watch", "enabled");
  settings.watch_auto_revert = read.flag("watch", "auto_revert");
  return settings;
}

Result<text::TomlDocument> read_config(const HomeView& home) try {
  const auto text = home.read("config.toml");
  if (!text && text.error().kind != ErrorKind::not_found) return text.error();
  return text::TomlDocument::parse(text ? *text : "", (home.root() / "config.toml").string());
} catch (const sdk::Failure& failure) {
  return Error{ErrorKind::configuration, failure.what(), "mend config.toml"};
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/** Whether a key's value is to stay on this machine. Token counts and names of variables are no
 * secrets. */
bool looks_secret(const std::string& key, const json::value& value) {
  const std::string name = lower(key);
  if (name == "env") return value.is_object();
  if (ends_with(name, "tokens") || name.find("per_mtok") != std::string::npos)
    return !value.is_number();
  if (ends_with(name, "_env") && value.is_string())
    return !std::all_of(value.as_string().begin(), value.as_string().end(), [](unsigned char c) {
      return std::isupper(c) || std::isdigit(c) || c == '_';
    });
  for (const std::string_view word :
       {"key", "token", "secret", "password", "passwd", "credential", "auth"})
    if (name.find(word) != std::string::npos) return true;
  return false;
}

constexpr std::size_t kShortestKey = 8;

/** Values that look like a key wherever they stand. */
bool is_secret_text(const std::string& text) {
  for (const std::string_view start : {"sk-", "xoxb-", "ghp_", "github_pat_", "AKIA", "AIza"})
    if (text.rfind(start, 0) == 0 && text.size() >= kShortestKey) return true;
  return text.find("-----BEGIN") != std::string::npos;
}

/** "https://user:pass@host/" → "https://host/". */
std::string without_user(const std::string& text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string::npos) return text;
  const std::size_t host = scheme + 3, end = text.find('/', host), at = text.rfind('@', end);
  if (at == std::string::npos || at < host) return text;
  return text.substr(0, host) + text.substr(at + 1);
}

/** What a text holds that is JSON itself, as the servers of tools are written; null for any other.
 */
json::value json_in(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos || (text[begin] != '[' && text[begin] != '{')) return nullptr;
  boost::system::error_code no_json;
  json::value held = json::parse(text, no_json);
  return no_json ? nullptr : held;
}

/** `secret`: everything in here belongs to a key that looks secret. */
json::value redacted(const json::value& value, bool secret) {
  if (value.is_array()) {
    json::array array;
    for (const json::value& item : value.as_array()) array.push_back(redacted(item, secret));
    return array;
  }
  if (value.is_object()) {
    json::object object;
    for (const auto& [key, item] : value.as_object())
      object[key] = redacted(item, secret || looks_secret(std::string(key), item));
    return object;
  }
  if (secret && value.is_number()) return json::value("[removed]");
  if (!value.is_string() || value.as_string().empty()) return value;
  const std::string text(value.as_string());
  const bool stays = secret || is_secret_text(text) || !json_in(text).is_null();
  return json::value(stays ? "[removed]" : without_user(text));
}

void collect_secrets(const json::value& value, bool secret, std::vector<std::string>& secrets) {
  if (value.is_array())
    for (const json::value& item : value.as_array()) collect_secrets(item, secret, secrets);
  if (value.is_object())
    for (const auto& [key, item] : value.as_object())
      collect_secrets(item, secret || looks_secret(std::string(key), item), secrets);
  if (!value.is_string()) return;
  const std::string text(value.as_string());
  const json::value held = json_in(text);
  if (!held.is_null())
    collect_secrets(held, secret, secrets);
  else if (secret || is_secret_text(text))
    secrets.push_back(text);
}

}  // namespace

Result<Settings> load_settings(const HomeView& home) try {
  const auto user = read_config(home);
  if (!user) return user.error();
  const auto defaults =
      text::TomlDocument::parse(std::string(embedded_file("default.toml")), "default.toml");
  const auto merged = merged_distillation(*user, defaults);
  if (!merged) return merged.error();
  return settings_from(Reader(*user, *merged));
} catch (const Error& error) {
  return error;
} catch (const std::exception& error) {
  return Error{ErrorKind::configuration, "config.toml: " + std::string(error.what()), ""};
}

Result<json::object> redacted_config(const HomeView& home) {
  const auto user = read_config(home);
  if (!user) return user.error();
  return redacted(user->values(), false).as_object();
}

Result<std::vector<std::string>> secret_config_values(const HomeView& home) {
  const auto user = read_config(home);
  if (!user) return user.error();
  std::vector<std::string> secrets;
  collect_secrets(user->values(), false, secrets);
  return secrets;
}

}  // namespace jarvis
