#include "core/host/effects.hpp"

#include <doctest/doctest.h>

using namespace jarvis;

namespace {

const std::vector<std::string> kForbidden{"engine.*", "learning.distillation.*",
                                          "learning.enabled"};

struct Attempt {
  std::vector<std::string> touches;
  json::object payload;
  std::vector<FileChange> changes;
  std::vector<std::string> reported;
};

/** What the policy says; "ok" when the change is allowed. */
std::string judged(const Attempt& attempt) {
  const auto policy = EffectPolicy::make(attempt.touches, attempt.payload, kForbidden);
  if (!policy) return policy.error().message;
  const auto checked = policy->check(attempt.changes, attempt.reported);
  return checked ? "ok" : checked.error().message;
}

/** An edit of config.toml alone, properly reported. */
std::string config(const std::string& touch, const json::object& payload, const std::string& before,
                   const std::string& after) {
  return judged(
      {{"config.toml:" + touch}, payload, {{"config.toml", before, after}}, {"config.toml"}});
}

std::string may_not(const std::string& key) {
  return "the edit changed '" + key + "' in config.toml, which its op may not touch";
}
std::string nobody_may(const std::string& key) {
  return "the edit changed '" + key + "' in config.toml, which no edit may change";
}

}  // namespace

TEST_CASE(
    "effects: files outside the tracked places, and files that were not reported, are refused") {
  const std::vector<std::string> prompt{"agents/{agent}/system_prompt.md"};
  const json::object payload{{"agent", "a"}};
  const FileChange right{"agents/a/system_prompt.md", "old", "new"};
  CHECK(judged({prompt, payload, {right}, {right.path}}) == "ok");
  CHECK(judged({prompt, payload, {right}, {}}) ==
        "the edit changed 'agents/a/system_prompt.md' without reporting it");
  for (const char* path :
       {"traces.db", "SOUL.md", "agents", "learning/lock", ".git/config", "config.toml.bak"})
    CHECK(judged({prompt, payload, {right, {path, std::nullopt, "x"}}, {right.path, path}}) ==
          "the edit changed '" + std::string(path) + "', which is not tracked");
  for (const char* path :
       {"agents/b/system_prompt.md", "agents/a/few_shot.json", "tools/descriptions.toml"})
    CHECK(judged({prompt, payload, {right, {path, "x", std::nullopt}}, {right.path, path}}) ==
          "the edit changed '" + std::string(path) + "', which its op may not touch");
  CHECK(judged({prompt, payload, {right}, {right.path, "../up"}}) ==
        "the edit reported '../up', which is not tracked");
}

TEST_CASE("effects: a field fills one part of a path, and must be there") {
  const std::vector<std::string> prompt{"agents/{agent}/system_prompt.md"};
  CHECK(judged({prompt, {}, {}, {}}) == "field 'payload.agent' is missing");
  CHECK(judged({prompt, {{"agent", 3}}, {}, {}}) == "field 'payload.agent' is not a string");
  CHECK(judged({prompt, {{"agent", "a/b"}}, {}, {}}) ==
        "'agents/a/b/system_prompt.md' is no path of the form 'agents/{agent}/system_prompt.md'");
  CHECK(
      judged(
          {{"agents/{open/x.md"}, {}, {{"agents/{open/x.md", "a", "b"}}, {"agents/{open/x.md"}}) ==
      "ok");
}

TEST_CASE("effects: only the named key of config.toml may change") {
  const json::object payload{{"agent", "a"}, {"param", "top_p"}};
  const std::string touch = "agent.{agent}.{param}";
  const std::string before = "[agent.a]\ntop_p = 1\ntools = []\n[agent.b]\ntop_p = 1\n";
  CHECK(config(touch, payload, before,
               "[agent.a]\ntop_p = 2\ntools = []\n[agent.b]\ntop_p = 1\n") == "ok");
  CHECK(config(touch, payload, before, "[agent.a]\ntools = []\n[agent.b]\ntop_p = 1\n") == "ok");
  CHECK(config(touch, payload, before,
               "[agent.a]\ntop_p = 2\ntools = ['x']\n[agent.b]\ntop_p = 1\n") ==
        may_not("agent.a.tools"));
  CHECK(
      config(touch, payload, before, "[agent.a]\ntop_p = 1\ntools = []\n[agent.b]\ntop_p = 9\n") ==
      may_not("agent.b.top_p"));
  CHECK(config(touch, payload, before, "[agent.a]\ntop_p = 1\ntools = []\n") ==
        may_not("agent.b.top_p"));
  CHECK(config(touch, payload, before, before + "[new]\nx = 1\n") == may_not("new.x"));
  CHECK(config(touch, payload, before, before + "[new]\n") == may_not("new"));
  CHECK(config(touch, payload, "agent = 3\n", "[agent.a]\ntop_p = 1\n") == may_not("agent"));
  CHECK(config(touch, payload, "", "[agent.a]\ntop_p = 1\n") == "ok");
}

TEST_CASE("effects: what lies below an allowed key belongs to it") {
  CHECK(config("agent.a.tools", {}, "", "[agent.a]\ntools = ['x', 'y']\n") == "ok");
  CHECK(config("models", {}, "[models.x]\na = 1\n", "[models.x]\na = 2\n[models.y]\nb = 1\n") ==
        "ok");
  CHECK(config("models.*.a", {}, "[models.x]\na = 1\n", "[models.x]\na = 2\n") == "ok");
  CHECK(config("models.*.a", {}, "[models.x]\nb = 1\n", "[models.x]\nb = 2\n") ==
        may_not("models.x.b"));
}

TEST_CASE("effects: a model's name may hold dots, and quotes are no way around a key") {
  const json::object payload{{"model", "qwen2.5:7b"}, {"param", "top_p"}};
  const std::string touch = "models.{model}.{param}";
  CHECK(config(touch, payload, "", "[models.\"qwen2.5:7b\"]\ntop_p = 1\n") == "ok");
  CHECK(config(touch, payload, "", "[models.qwen2.\"5:7b\"]\ntop_p = 1\n") ==
        may_not("models.qwen2.\"5:7b\".top_p"));
  CHECK(config("\"engine\".host", {}, "", "[engine]\nhost = 'x'\n") == nobody_may("engine.host"));
}

TEST_CASE("effects: a star in the payload is no star in the pattern") {
  const std::string before = "[agent.a]\nx = 1\n";
  const std::string after = "[agent.a]\nx = 2\n";
  CHECK(config("agent.{agent}.x", {{"agent", "*"}}, before, after) == may_not("agent.a.x"));
  CHECK(config("agent.{agent}", {{"agent", "*"}}, before, after) == may_not("agent.a.x"));
  CHECK(config("agent.{agent}.x", {{"agent", "*"}}, "", "[agent.\"*\"]\nx = 2\n") == "ok");
  CHECK(config("agent.*.x", {}, before, after) == "ok");
}

TEST_CASE("effects: what is forbidden stays so whatever the manifest says") {
  for (const char* touch : {"engine", "engine.*", "engine.host", "*", "*.host"})
    CHECK(config(touch, {}, "[engine]\nhost = 'a'\n", "[engine]\nhost = 'b'\n") ==
          nobody_may("engine.host"));
  CHECK(config("engine", {}, "[engine]\nhost = 'a'\n", "") == nobody_may("engine.host"));
  CHECK(config("engine", {}, "[engine]\nhost = 'a'\n", "engine = 'b'\n") == nobody_may("engine"));
  CHECK(config("engine", {}, "", "[engine]\n") == nobody_may("engine"));
  CHECK(config("learning", {}, "[learning]\nenabled = true\n", "[learning]\nenabled = false\n") ==
        nobody_may("learning.enabled"));
  CHECK(config("learning", {}, "[learning.distillation.gate]\nmax_regression = 0.05\n",
               "[learning.distillation.gate]\nmax_regression = 1.0\n") ==
        nobody_may("learning.distillation.gate.max_regression"));
  CHECK(config("learning", {}, "[learning.distillation]\nx = 1\n", "learning = 3\n") ==
        nobody_may("learning"));
  CHECK(config("learning.routing.policy_map.{c}", {{"c", "math"}}, "",
               "[learning.routing.policy_map]\nmath = 'm'\n") == "ok");
  CHECK(config("learning.{c}", {{"c", "enabled"}}, "", "[learning]\nenabled = true\n") ==
        nobody_may("learning.enabled"));
}

TEST_CASE("effects: config.toml must stay, and stay TOML") {
  CHECK(
      judged({{"config.toml:a"}, {}, {{"config.toml", "a = 1", std::nullopt}}, {"config.toml"}}) ==
      "the edit removed config.toml");
  CHECK(config("a", {}, "a = 1\n", "a = \n").find("the edit left no valid TOML: config.toml:1") ==
        0);
  CHECK(
      config("a", {}, "a = \n", "a = 1\n").find("config.toml was no valid TOML before the edit") ==
      0);
  CHECK(judged({{"config.toml"}, {}, {{"config.toml", "a = 1", "a = 2"}}, {"config.toml"}}) ==
        may_not("a"));
}

TEST_CASE("effects: a value of another type, and a change inside a list of tables, are changes") {
  CHECK(config("b", {}, "a = 1\n", "a = 1.0\n") == may_not("a"));
  CHECK(config("b", {}, "[[a]]\nx = 1\n", "[[a]]\nx = 2\n") == may_not("a"));
  CHECK(config("b", {}, "a = 1\n", "# a comment\na = 1\n") == "ok");
}
