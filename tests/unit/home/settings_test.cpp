#include "core/home/settings/settings.hpp"

#include <doctest/doctest.h>

#include <set>

#include "core/home/live_home.hpp"
#include "core/home/settings/setting_origins.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;

namespace {

Result<Settings> loaded(const std::string& config) {
  TemporaryDirectory home;
  home.write("config.toml", config);
  return load_settings(LiveHome(home.path()));
}

Error fault(const std::string& below) {
  const auto settings = loaded("# one\n[learning.distillation]\n" + below);
  REQUIRE_MESSAGE(!settings.ok(), below);
  CHECK(settings.error().kind == ErrorKind::configuration);
  return settings.error();
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("settings: a config.toml that is not TOML is an error with its line") {
  const auto settings = loaded("a = 1\nb = = 2\n");
  REQUIRE(!settings.ok());
  CHECK(settings.error().kind == ErrorKind::configuration);
  CHECK(contains(settings.error().message, "config.toml:2"));
  CHECK(!loaded("a = \"\xff\"").ok());
  CHECK(!loaded("a = 1\na = 2\n").ok());
}

TEST_CASE("settings: an unknown key names file, line and key, and the one that was meant") {
  Error error = fault("enabled = true\n[learning.distillation.gates]\nconcurrency = 1\n");
  CHECK(contains(error.message, "config.toml:4: unknown key 'learning.distillation.gates'"));
  CHECK(contains(error.hint, "did you mean 'gate'"));
  error = fault("[learning.distillation.gate]\nmin_improvment = 1\n");
  CHECK(contains(error.message,
                 "config.toml:4: unknown key 'learning.distillation.gate.min_improvment'"));
  CHECK(contains(error.hint, "'min_improvement'"));
  error = fault("[learning.distillation.teacher]\ninput_price_per_mtoken = 1\n");
  CHECK(contains(error.hint, "'input_price_per_mtok'"));
  CHECK(!contains(fault("zzzzzzzzzz = 1\n").hint, "did you mean"));
  CHECK(contains(fault("without_default = 1\n").message, "unknown key"));
}

TEST_CASE("settings: a wrong type names file, line and key") {
  for (const auto& [text, expected] : std::vector<std::pair<std::string, std::string>>{
           {"enabled = \"yes\"", "'learning.distillation.enabled' must be true or false"},
           {"min_traces = 2.5", "must be a whole number"},
           {"min_traces = \"20\"", "must be a whole number"},
           {"max_cost_per_session_usd = \"5\"", "must be a number"},
           {"teacher_model = 4", "must be a string"},
           {"gate = 1", "must be a table"},
           {"privacy = {exclude_agents = \"a\"}", "must be a list of strings"},
           {"privacy = {exclude_agents = [1]}", "must be a list of strings"},
           {"student = {base_url = 1}", "must be a string"},
           {"student = {base_url = [1]}", "must be a list of strings"},
           {"teacher = {base_url = [\"x\"]}", "must be a string"},
           {"plugin = {x = 1}", "must be a table"},
           {"tier_overrides = 1", "must be a table"}}) {
    const Error error = fault(text + "\n");
    CHECK_MESSAGE(contains(error.message, "config.toml:3: "), error.message);
    CHECK_MESSAGE(contains(error.message, expected), error.message);
  }
  CHECK(!loaded("learning = 3\n").ok());
  CHECK(!loaded("[learning]\ndistillation = true\n").ok());
}

TEST_CASE("settings: values out of range are refused") {
  for (const char* text : {"min_traces = -1",
                           "max_cost_per_session_usd = -0.1",
                           "max_cost_per_session_usd = nan",
                           "max_cost_per_session_usd = inf",
                           "autonomy_mode = \"yolo\"",
                           "teacher_model = \"\"",
                           "gate = {concurrency = 0}",
                           "gate = {concurrency = 257}",
                           "gate = {max_regression = 1.5}",
                           "gate = {noise_confidence = 1.0}",
                           "gate = {benchmark_subsample_size = 0}",
                           "benchmark = {holdout_share = -0.5}",
                           "benchmark = {max_synthesis_cost_usd_per_refresh = -1}",
                           "triggers = {cluster_failure_threshold = 2}",
                           "triggers = {scheduled_cron = \"\"}",
                           "teacher = {timeout_seconds = 0}",
                           "teacher = {max_retries = -1}",
                           "teacher = {input_price_per_mtok = -1}",
                           "student = {dialect = \"latin\"}",
                           "student = {runner = \"\"}",
                           "tier_overrides = {set_model_param = \"never\"}",
                           "tier_overrides = {set_model_param = 1}",
                           "tier_overrides = {\"../x\" = \"auto\"}",
                           "tier_overrides = {\"op:\" = \"auto\"}",
                           "tier_overrides = {\"op:a:b\" = \"auto\"}",
                           "plugins = {pinned = {x = \"abc\"}}",
                           "plugins = {isolation = {x = \"thread\"}}",
                           "plugins = {isolation = {\"*\" = \"none\"}}",
                           "plugins = {isolation = {x = true}}",
                           "plugins = {isolation = \"process\"}",
                           "plugins = {timeout_seconds = 0}",
                           "plugins = {timeout_seconds = -1}",
                           "plugins = {timeout_seconds = 86401}",
                           "plugins = {timeout_seconds = inf}",
                           "plugins = {timeout_seconds = \"60\"}",
                           "plugins = {memory_mb = 0}",
                           "plugins = {memory_mb = 15}",
                           "plugins = {memory_mb = 64.5}",
                           "plugins = {memory_mb = \"1 GB\"}",
                           "plugins = {memory_mb = 99999999999}"})
    CHECK_MESSAGE(contains(fault(std::string(text) + "\n").message, "config.toml:3: "), text);
}

TEST_CASE("settings: without a config.toml, or without our table, the documented defaults hold") {
  TemporaryDirectory home;
  for (const auto& settings :
       {load_settings(LiveHome(home.path())), loaded("a = 1\n[learning]\nx = 1\n")}) {
    REQUIRE(settings.ok());
    CHECK(settings->enabled);
    CHECK(settings->autonomy == Autonomy::tiered);
    CHECK(settings->teacher.model == "claude-opus-4-6");
    CHECK(settings->max_cost_per_session_usd == 5.0);
    CHECK(settings->max_tool_calls_per_diagnosis == 30);
    CHECK(settings->min_traces == 20);
    CHECK(settings->triggers.scheduled_cron == "0 3 * * *");
    CHECK(settings->plugins.isolation.empty());
    CHECK(settings->plugins.timeout_seconds == 60);
    CHECK(settings->plugins.memory_mb == 1024);
    CHECK(settings->triggers.cluster_failure_threshold == 0.3);
    CHECK(settings->gate.max_regression == 0.05);
    CHECK(settings->gate.noise_confidence == 0.9);
    CHECK(settings->gate.concurrency == 8);
    CHECK(settings->benchmark.holdout_share == 0.7);
    CHECK(settings->benchmark.max_benchmark_size == 200);
    CHECK(settings->teacher.engine.empty());
    CHECK(settings->teacher.max_retries == 5);
    CHECK(!settings->teacher.input_price_per_mtok);
    CHECK(settings->student.engine == "chat");
    CHECK(settings->student.base_urls.empty());
    CHECK(settings->student_command.empty());
    CHECK(settings->privacy.redact);
    CHECK(settings->plugins.allow.empty());
    CHECK(settings->tier_overrides.empty());
    CHECK(settings->watch_enabled);
    CHECK(!settings->watch_auto_revert);
  }
}

TEST_CASE("settings: upstream's own table is not ours to judge") {
  CHECK(
      loaded("[learning.spec_search]\nanything = 1\n[learning.routing.policy_map]\nmath = \"m\"\n")
          .ok());
}

TEST_CASE("settings: every kind of value is read") {
  const auto settings = loaded(
      "[learning.distillation]\nmax_cost_per_session_usd = 3\n"
      "tier_overrides = {\"add_tool_to_agent:shell_exec\" = \"auto\", lora_finetune = \"manual\"}\n"
      "[learning.distillation.student]\nbase_url = [\"http://a\", \"http://b\"]\ncommand = "
      "[\"ask\", \"{query}\"]\n"
      "input_price_per_mtok = 1\n"
      "[learning.distillation.teacher]\nbase_url = \"http://t\"\n"
      "[learning.distillation.plugins]\nallow = [\"*\"]\n"
      "pinned = {mine = \"" +
      std::string(64, 'a') +
      "\"}\nisolation = {mine = \"process\", \"*\" = \"in-process\"}\n"
      "timeout_seconds = 0.5\nmemory_mb = 16\n"
      "[learning.distillation.plugin.mine]\nanything = [1, {b = 2}]\n");
  REQUIRE(settings.ok());
  CHECK(settings->max_cost_per_session_usd == 3.0);
  CHECK(settings->tier_overrides.at("add_tool_to_agent:shell_exec") == Tier::automatic);
  CHECK(settings->tier_overrides.at("lora_finetune") == Tier::manual);
  CHECK(settings->student.base_urls == std::vector<std::string>{"http://a", "http://b"});
  CHECK(settings->student_command == std::vector<std::string>{"ask", "{query}"});
  CHECK(settings->student.input_price_per_mtok == 1.0);
  CHECK(!settings->student.output_price_per_mtok);
  CHECK(settings->student.timeout_seconds == 120);
  CHECK(settings->teacher.base_urls.at(0) == "http://t");
  CHECK(settings->plugins.pinned.at("mine") == std::string(64, 'a'));
  CHECK(settings->plugins.isolation.at("mine") == "process");
  CHECK(settings->plugins.isolation.at("*") == "in-process");
  CHECK(settings->plugins.timeout_seconds == 0.5);
  CHECK(settings->plugins.memory_mb == 16);
  CHECK(settings->plugins.own.at("mine").at("anything").as_array().size() == 2);
}

TEST_CASE("settings: CRLF and a byte order mark do no harm") {
  const auto settings = loaded("\xEF\xBB\xBF[learning.distillation]\r\nmin_traces = 7\r\n");
  REQUIRE(settings.ok());
  CHECK(settings->min_traces == 7);
}

TEST_CASE("redacted config: what looks like a secret is removed, the rest is there") {
  TemporaryDirectory home;
  home.write(
      "config.toml",
      "[intelligence]\nmax_tokens = 1024\ndefault_model = \"m\"\n"
      "[engine.x]\napi_key = \"abc\"\nhost = \"http://user:pw@host:1/p?q=a@b\"\nToken = \"t\"\n"
      "extra = [\"sk-123456\", \"plain\"]\napi_key_env = \"MY_KEY\"\nother_key_env = "
      "\"sk-live-abc\"\n"
      "[secrets]\ninner = {deep = \"s\", empty = \"\", on = true}\n");
  const auto config = redacted_config(LiveHome(home.path()));
  REQUIRE(config.ok());
  CHECK(json::value(*config) ==
        json::parse(R"({"intelligence":{"max_tokens":1024,"default_model":"m"},
          "engine":{"x":{"api_key":"[removed]","host":"http://host:1/p?q=a@b","Token":"[removed]",
          "extra":["[removed]","plain"],"api_key_env":"MY_KEY","other_key_env":"[removed]"}},
          "secrets":{"inner":{"deep":"[removed]","empty":"","on":true}}})"));
}

TEST_CASE("redacted config: a missing file is empty, a wrong one an error") {
  TemporaryDirectory home;
  CHECK(redacted_config(LiveHome(home.path()))->empty());
  home.write("config.toml", "x = [");
  CHECK(!redacted_config(LiveHome(home.path())).ok());
}

TEST_CASE("redacted config: JSON within a text stays here, and what its servers get is a secret") {
  TemporaryDirectory home;
  home.write("config.toml",
             "[tools.mcp]\nservers = ' [{\"name\": \"a\", \"command\": \"x\", \"args\": [\"-y\"], "
             "\"env\": {\"PIN\": \"0815-heron\"}}]'\nplain = \"[not JSON\"\n");
  const auto config = redacted_config(LiveHome(home.path()));
  REQUIRE(config.ok());
  CHECK(json::value(*config) ==
        json::parse(R"({"tools":{"mcp":{"servers":"[removed]","plain":"[not JSON"}}})"));
  CHECK(*secret_config_values(LiveHome(home.path())) == std::vector<std::string>{"0815-heron"});
}

TEST_CASE("settings: where each comes from is told as TOML writes it, table by table") {
  TemporaryDirectory home;
  home.write("config.toml",
             "[engine.mine]\napi_key = \"sk-1234\"\n[learning.distillation.gate]\nconcurrency = 3\n");
  const auto origins = setting_origins(LiveHome(home.path()));
  REQUIRE(origins);
  const auto of = [&](const std::string& key) {
    for (const SettingOrigin& origin : *origins)
      if (origin.key == key) return origin;
    FAIL("no setting " << key);
    return SettingOrigin();
  };
  CHECK(of("learning.distillation.gate.concurrency").value == "3");
  CHECK(of("learning.distillation.gate.concurrency").line == 4);
  CHECK(of("learning.distillation.max_cost_per_session_usd").value == "5.0");
  CHECK(!of("learning.distillation.max_cost_per_session_usd").line);
  CHECK(of("learning.distillation.benchmark.holdout_share").value == "0.7");
  CHECK(of("engine.mine.api_key").value == "\"[removed]\"");
  std::set<std::string> seen;
  std::string last;
  for (const SettingOrigin& origin : *origins) {
    const std::string table = origin.key.substr(0, origin.key.rfind('.'));
    if (table != last) CHECK_MESSAGE(seen.insert(table).second, table << " comes twice");
    last = table;
  }
}
