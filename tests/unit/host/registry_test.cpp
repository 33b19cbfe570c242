#include "core/host/registry.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <jarvis/text/toml_document.hpp>

#include "config/embedded.hpp"
#include "core/home/live_home.hpp"
#include "core/home/staging/home_stager.hpp"
#include "tests/unit/host/plugin_folder.hpp"

using namespace jarvis;
using jarvis::testing::applier_table;
using jarvis::testing::put_plugin;
using jarvis::testing::TemporaryDirectory;

namespace {

struct Plugins {
  TemporaryDirectory built_in, third_party;

  PluginHost host() const {
    PluginPolicy policy;
    policy.built_in = built_in.path();
    policy.directories = {third_party.path()};
    policy.allow = {"*"};
    return PluginHost(policy);
  }
};

Registry registry_of(PluginHost& host, const std::map<std::string, Tier>& overrides = {}) {
  auto registry = Registry::make(host, embedded_file("ops.toml"), overrides);
  REQUIRE(registry.ok());
  return std::move(*registry);
}

TierDecision tier(const Registry& registry, const std::string& op, const std::string& tool = "") {
  const json::object payload = tool.empty() ? json::object() : json::object{{"tool_name", tool}};
  const auto decision = registry.tier_of(op, payload);
  REQUIRE(decision.ok());
  return *decision;
}

json::object ops_table() {
  return text::TomlDocument::parse(std::string(embedded_file("ops.toml")), "ops.toml").values();
}

std::vector<std::string> listed(const char* key) {
  return sdk::strings_of(ops_table().at("side_effects").at(key).as_array());
}

const Op& op_of(const Registry& registry, const std::string& name) {
  const auto found = std::find_if(registry.ops().begin(), registry.ops().end(),
                                  [&](const Op& op) { return op.name == name; });
  REQUIRE(found != registry.ops().end());
  return *found;
}

}  // namespace

TEST_CASE("registry: an unknown op is refused everywhere") {
  Plugins plugins;
  PluginHost host = plugins.host();
  Registry registry = registry_of(host);
  CHECK(registry.ops().empty());
  CHECK(registry.tier_of("nothing", {}).error().message == "unknown op 'nothing'");
  CHECK(registry.check_payload("nothing", {}).error().message == "unknown op 'nothing'");
}

TEST_CASE("registry: a broken table of ops is a configuration error that names the row") {
  Plugins plugins;
  PluginHost host = plugins.host();
  const auto broken = Registry::make(host, "[tiers]\nadd_tool_to_agent = \"maybe\"\n", {});
  REQUIRE(!broken.ok());
  CHECK(broken.error().kind == ErrorKind::configuration);
  CHECK(broken.error().message == "tier of 'add_tool_to_agent' is not auto, review or manual");
  CHECK(Registry::make(host, "[tiers\n", {}).error().message.find("config/ops.toml:1") == 0);
}

TEST_CASE("registry: a built-in op has the stricter of the table's tier and its manifest's") {
  const char* words[] = {"auto", "review", "manual"};
  const json::object table_of_tiers = ops_table().at("tiers").as_object();
  for (const auto& [op, value] : table_of_tiers)
    for (const char* own : words) {
      Plugins plugins;
      put_plugin(plugins.built_in, "one", applier_table(std::string(op), own));
      PluginHost host = plugins.host();
      const Registry registry = registry_of(host);
      const Tier table = *tier_from(std::string_view(value.as_string()));
      CAPTURE(std::string(op));
      CAPTURE(std::string(own));
      CHECK(tier(registry, std::string(op)).tier == stricter(table, *tier_from(own)));
    }
}

TEST_CASE("registry: an op that the table does not list is review at least, also a built-in one") {
  for (const char* own : {"auto", "review", "manual"}) {
    Plugins plugins;
    put_plugin(plugins.built_in, "one", applier_table("unlisted", own));
    put_plugin(plugins.third_party, "two", applier_table("foreign", own));
    PluginHost host = plugins.host();
    const Registry registry = registry_of(host);
    CHECK(tier(registry, "unlisted").tier == stricter(Tier::review, *tier_from(own)));
    CHECK(tier(registry, "foreign").tier == stricter(Tier::review, *tier_from(own)));
  }
}

TEST_CASE("registry: a third-party plugin cannot make itself automatic by taking a listed op") {
  Plugins plugins;
  put_plugin(plugins.third_party, "taker", applier_table("set_agent_param", "auto"));
  PluginHost host = plugins.host();
  const Registry registry = registry_of(host);
  CHECK(tier(registry, "set_agent_param").tier == Tier::review);
  CHECK(op_of(registry, "set_agent_param").tier_source == "third-party");
}

TEST_CASE("registry: a built-in op is not taken over by a third-party plugin") {
  Plugins plugins;
  put_plugin(plugins.built_in, "zz", applier_table("set_agent_param", "auto"));
  put_plugin(plugins.third_party, "aa", applier_table("set_agent_param", "auto"));
  PluginHost host = plugins.host();
  const Registry registry = registry_of(host);
  CHECK(op_of(registry, "set_agent_param").plugin == "zz");
  CHECK(registry.ops().size() == 1);
}

TEST_CASE(
    "registry: the user's override wins over the table, the manifest and the third-party rule") {
  for (const Tier wanted : {Tier::automatic, Tier::review, Tier::manual}) {
    Plugins plugins;
    put_plugin(plugins.built_in, "one", applier_table("lora_finetune", "manual"));
    put_plugin(plugins.third_party, "two", applier_table("foreign", "review"));
    PluginHost host = plugins.host();
    const Registry registry = registry_of(host, {{"lora_finetune", wanted}, {"foreign", wanted}});
    for (const char* op : {"lora_finetune", "foreign"}) {
      CHECK(tier(registry, op).tier == wanted);
      CHECK(tier(registry, op).source == "tier_overrides");
      CHECK(op_of(registry, op).tier == wanted);
    }
  }
}

TEST_CASE("registry: ops are sorted by name, whatever the folders are called") {
  Plugins plugins;
  put_plugin(plugins.built_in, "a", applier_table("z_op", "auto"));
  put_plugin(plugins.built_in, "b", applier_table("a_op", "auto"));
  put_plugin(plugins.third_party, "c", applier_table("m_op", "auto"));
  PluginHost host = plugins.host();
  const Registry registry = registry_of(host);
  REQUIRE(registry.ops().size() == 3);
  CHECK(registry.ops()[0].name == "a_op");
  CHECK(registry.ops()[1].name == "m_op");
  CHECK(registry.ops()[2].name == "z_op");
}

namespace {

struct AddTool {
  Plugins plugins;
  std::optional<PluginHost> host;

  Registry registry(const std::map<std::string, Tier>& overrides = {}) {
    put_plugin(plugins.built_in, "one", applier_table("add_tool_to_agent", "auto"));
    put_plugin(plugins.built_in, "two", applier_table("remove_tool_from_agent", "auto"));
    PluginPolicy policy;
    policy.built_in = plugins.built_in.path();
    host.emplace(policy);
    return registry_of(*host, overrides);
  }
};

}  // namespace

TEST_CASE("side effects: adding any listed tool, or one with a listed word, is escalated") {
  AddTool fixture;
  const Registry registry = fixture.registry();
  std::vector<std::string> tools = listed("tools");
  REQUIRE(tools.size() > 30);
  for (const std::string& word : listed("words"))
    for (const std::string& name : {word, word + "_it", "do_" + word, "do_" + word + "_now",
                                    "do-" + word, word + "-it", "mcp-" + word + "_x"})
      tools.push_back(name);
  for (const std::string& tool : tools) {
    CAPTURE(std::string(tool));
    const TierDecision added = tier(registry, "add_tool_to_agent", tool);
    CHECK(added.tier == Tier::review);
    CHECK(added.escalated);
    CHECK(added.source == "side effects of '" + tool + "'");
    const TierDecision removed = tier(registry, "remove_tool_from_agent", tool);
    CHECK(removed.tier == Tier::automatic);
    CHECK(!removed.escalated);
  }
}

TEST_CASE("side effects: a listed tool is not hidden by another spelling of its name") {
  AddTool fixture;
  const Registry registry = fixture.registry();
  for (std::string tool : listed("tools")) {
    std::replace(tool.begin(), tool.end(), '_', '-');
    CAPTURE(std::string(tool));
    CHECK(tier(registry, "add_tool_to_agent", tool).escalated);
  }
}

TEST_CASE("side effects: harmless tools stay automatic") {
  AddTool fixture;
  const Registry registry = fixture.registry();
  for (const char* tool :
       {"calculator", "think", "file_read", "executive_summary", "posture", "sender"}) {
    CAPTURE(std::string(tool));
    CHECK(tier(registry, "add_tool_to_agent", tool).tier == Tier::automatic);
    CHECK(!tier(registry, "add_tool_to_agent", tool).escalated);
  }
}

TEST_CASE("side effects: an override for one tool frees that tool alone") {
  AddTool fixture;
  const Registry registry = fixture.registry({{"add_tool_to_agent:shell_exec", Tier::automatic},
                                              {"add_tool_to_agent:calculator", Tier::manual}});
  CHECK(tier(registry, "add_tool_to_agent", "shell_exec").tier == Tier::automatic);
  CHECK(!tier(registry, "add_tool_to_agent", "shell_exec").escalated);
  CHECK(tier(registry, "add_tool_to_agent", "calculator").tier == Tier::manual);
  CHECK(tier(registry, "add_tool_to_agent", "file_write").escalated);
  CHECK(tier(registry, "add_tool_to_agent", "think").tier == Tier::automatic);
}

TEST_CASE("side effects: an override for the op frees it only when it says auto") {
  {
    AddTool fixture;
    const Registry registry = fixture.registry({{"add_tool_to_agent", Tier::automatic}});
    CHECK(tier(registry, "add_tool_to_agent", "shell_exec").tier == Tier::automatic);
    CHECK(!tier(registry, "add_tool_to_agent", "shell_exec").escalated);
  }
  for (const Tier strict : {Tier::review, Tier::manual}) {
    AddTool fixture;
    const Registry registry = fixture.registry({{"add_tool_to_agent", strict}});
    CHECK(tier(registry, "add_tool_to_agent", "shell_exec").tier == strict);
    CHECK(tier(registry, "add_tool_to_agent", "shell_exec").escalated);
    CHECK(!tier(registry, "add_tool_to_agent", "calculator").escalated);
  }
}

TEST_CASE("registry: a payload is held to its op's schema") {
  Plugins plugins;
  put_plugin(
      plugins.built_in, "one",
      "[[provides]]\ninterface = \"edit-applier/1\"\nid = \"op\"\npillar = \"agent\"\n"
      "payload_schema = '{\"required\": [\"agent\"], \"additionalProperties\": false, "
      "\"properties\": {\"agent\": {\"type\": \"string\"}}}'\nexample = '{\"agent\": \"a\"}'\n");
  PluginHost host = plugins.host();
  const Registry registry = registry_of(host);
  CHECK(registry.check_payload("op", {}).error().message == "field 'payload.agent' is missing");
  CHECK(registry.check_payload("op", {{"agent", "a"}, {"x", 1}}).error().message ==
        "field 'payload.x' is not known");
  CHECK(registry.check_payload("op", {{"agent", "a"}}).ok());
}

TEST_CASE(
    "registry: an applier that does not name the home's dialect is refused, and never loaded") {
  Plugins plugins;
  put_plugin(plugins.built_in, "old", applier_table("old_op", "auto"));
  put_plugin(plugins.built_in, "new",
             applier_table("new_op", "auto") +
                 "dialects.openjarvis.summary = \"S.\"\n"
                 "dialects.openjarvis.touches = [\"tools/x\"]\n");
  PluginHost host = plugins.host();
  auto registry = Registry::make(host, embedded_file("ops.toml"), {}, nullptr, "openjarvis");
  REQUIRE(registry.ok());
  CHECK(op_of(*registry, "old_op").description.find("Not possible: ") == 0);
  CHECK(op_of(*registry, "new_op").description == "S.");
  CHECK(op_of(*registry, "new_op").touches == std::vector<std::string>{"tools/x"});

  const TemporaryDirectory directory;
  directory.write("config.toml", "");
  const LiveHome home(directory.path());
  HomeStager stager(directory.path());
  auto stage = stager.stage(home, "edit");
  REQUIRE(stage.ok());
  Edit edit;
  edit.op = "old_op";
  const auto refused = registry->apply(edit, **stage);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().kind == ErrorKind::refused);
  CHECK(refused.error().message ==
        "plugin 'old' does not support the dialect 'openjarvis': its edits would land where the "
        "student does not look");
  edit.op = "new_op";
  CHECK(registry->apply(edit, **stage).error().message.find("dialect") == std::string::npos);
}
