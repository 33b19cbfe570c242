#include <doctest/doctest.h>

#include "core/host/plugin_host.hpp"
#include "tests/unit/host/plugin_folder.hpp"

using namespace jarvis;
using jarvis::testing::put_plugin;
using jarvis::testing::TemporaryDirectory;

namespace {

const std::string kJudge = "[[provides]]\ninterface = \"judge/1\"\nid = \"fair\"\n";

/** A plugin called "mine", third-party unless it is put among the built-in ones. */
struct Place {
  TemporaryDirectory folder;
  PluginPolicy policy;

  explicit Place(const std::string& keys = "") {
    put_plugin(folder, "mine", keys + kJudge);
    policy.directories = {folder.path()};
    policy.allow = {"mine"};
  }

  void pin() { policy.pinned["mine"] = sha256("never opened"); }
  void build_in() { policy.built_in = std::exchange(policy.directories, {}).front(); }

  PluginEntry entry() const {
    const PluginHost host(policy);
    REQUIRE(host.entries().size() == 1);
    return host.entries().front();
  }
  bool is_apart() const {
    CHECK(entry().refusal == "");
    return entry().isolation == Isolation::process;
  }
};

const char* kWantsProcess = "isolation = \"process\"\n";
const char* kWantsNone = "isolation = \"in-process\"\n";
const char* kTakesLevel =
    "settings_schema = '{\"type\": \"object\", \"additionalProperties\": false, "
    "\"properties\": {\"level\": {\"type\": \"integer\", \"maximum\": 9}}}'\n";

}  // namespace

TEST_CASE("isolation: somebody else's plugin runs apart until it is pinned") {
  Place place;
  CHECK(place.is_apart());
  place.pin();
  CHECK(!place.is_apart());
}

TEST_CASE("isolation: a built-in plugin runs inside the program") {
  Place place;
  place.build_in();
  CHECK(!place.is_apart());
}

TEST_CASE("isolation: a plugin may ask to run apart, not to run inside") {
  Place wants(kWantsProcess);
  wants.pin();
  CHECK(wants.is_apart());
  Place built_in(kWantsProcess);
  built_in.build_in();
  CHECK(built_in.is_apart());
  CHECK(Place(kWantsNone).is_apart());
}

TEST_CASE("isolation: the user's word counts more than pin, origin and wish") {
  Place third_party;
  third_party.policy.isolation["mine"] = Isolation::in_process;
  CHECK(!third_party.is_apart());
  Place wants(kWantsProcess);
  wants.policy.isolation["mine"] = Isolation::in_process;
  CHECK(!wants.is_apart());
  Place pinned;
  pinned.pin();
  pinned.policy.isolation["mine"] = Isolation::process;
  CHECK(pinned.is_apart());
  Place built_in;
  built_in.build_in();
  built_in.policy.isolation["mine"] = Isolation::process;
  CHECK(built_in.is_apart());
}

TEST_CASE("isolation: a star stands for every plugin that is not named") {
  Place place;
  place.policy.isolation["*"] = Isolation::in_process;
  CHECK(!place.is_apart());
  place.policy.isolation["mine"] = Isolation::process;
  CHECK(place.is_apart());
  place.policy.isolation = {{"another", Isolation::in_process}};
  CHECK(place.is_apart());
  place.build_in();
  place.policy.isolation = {{"*", Isolation::process}};
  CHECK(place.is_apart());
}

TEST_CASE("plugin settings: what fits the schema is taken, and so is none at all") {
  Place place(kTakesLevel);
  CHECK(place.entry().refusal == "");
  place.policy.settings["mine"] = {{"level", 3}};
  CHECK(place.entry().refusal == "");
  place.policy.settings = {{"another", {{"level", 99}}}};
  CHECK(place.entry().refusal == "");
}

TEST_CASE("plugin settings: what does not fit the schema refuses the plugin, with the key") {
  struct Case {
    json::object settings;
    const char* refusal;
  };
  for (const Case& bad : std::initializer_list<Case>{
           {{{"level", 10}}, "mine].level' breaks the rule 'maximum' of its schema"},
           {{{"level", "3"}}, "mine].level' breaks the rule 'type' of its schema"},
           {{{"lever", 3}}, "lever"}}) {
    Place place(kTakesLevel);
    place.policy.settings["mine"] = bad.settings;
    const PluginEntry entry = place.entry();
    CHECK_MESSAGE(entry.refusal.find(bad.refusal) != std::string::npos, entry.refusal);
    CHECK_MESSAGE(entry.refusal.find("[learning.distillation.plugin.mine]") != std::string::npos,
                  entry.refusal);
    CHECK(entry.hint == "mend [learning.distillation.plugin.mine] in config.toml");
    PluginHost host(place.policy);
    const auto loaded = host.load(host.entries().front());
    REQUIRE(!loaded.ok());
    CHECK(loaded.error().message == "plugin 'mine': " + entry.refusal);
  }
}

TEST_CASE("plugin settings: a plugin without a schema takes none") {
  Place place;
  place.policy.settings["mine"] = {{"level", 3}};
  CHECK(place.entry().refusal ==
        "[learning.distillation.plugin.mine] sets something, but the plugin takes no settings");
  CHECK(place.entry().hint == "take the table out of config.toml");
  place.policy.settings["mine"] = {};
  CHECK(place.entry().refusal == "");
}

TEST_CASE("isolation limits: they cross to the plugin's process unchanged") {
  IsolationLimits limits;
  limits.call_seconds = 0.25;
  limits.start_seconds = 3;
  limits.memory_bytes = std::uint64_t{77} << 20;
  limits.writable = {"/a b/ü", "/c"};
  limits.readable = {"/d"};
  const IsolationLimits there = limits_from(to_json(limits));
  CHECK(there.call_seconds == limits.call_seconds);
  CHECK(there.start_seconds == limits.start_seconds);
  CHECK(there.memory_bytes == limits.memory_bytes);
  CHECK(there.writable == limits.writable);
  CHECK(there.readable == limits.readable);
}
