#include "core/host/plugin_host.hpp"

#include <doctest/doctest.h>

#include "tests/unit/host/plugin_folder.hpp"

using namespace jarvis;
using jarvis::testing::applier_table;
using jarvis::testing::put_plugin;
using jarvis::testing::TemporaryDirectory;

namespace fs = std::filesystem;

namespace {

const char* kJudge = "[[provides]]\ninterface = \"judge/1\"\nid = \"fair\"\n";

struct Found {
  std::string refusal;
  std::string hint;
};

Found refusal_of(const PluginPolicy& policy, const std::string& folder) {
  const PluginHost host(policy);
  for (const PluginEntry& entry : host.entries())
    if (entry.directory.filename() == folder) return {entry.refusal, entry.hint};
  FAIL("no plugin in ", folder);
  return {};
}

}  // namespace

TEST_CASE("plugin host: a folder that is not there, or holds no manifest, holds no plugins") {
  TemporaryDirectory folder;
  folder.write("not_a_plugin/readme.txt", "");
  PluginPolicy policy;
  policy.built_in = folder.path() / "missing";
  policy.directories = {folder.path()};
  const PluginHost host(policy);
  CHECK(host.entries().empty());
  const auto none = host.find(JARVIS_JUDGE_1, "fair");
  CHECK(none.error().kind == ErrorKind::not_found);
  CHECK(none.error().message == "no plugin provides 'fair' (judge/1)");
}

TEST_CASE("plugin host: third-party plugins need a place on the allow-list, built-in ones do not") {
  TemporaryDirectory built_in, other;
  put_plugin(built_in, "mine", applier_table("mine", "auto"));
  put_plugin(other, "theirs", kJudge);
  PluginPolicy policy;
  policy.built_in = built_in.path();
  policy.directories = {other.path()};
  CHECK(refusal_of(policy, "mine").refusal.empty());
  CHECK(refusal_of(policy, "theirs").refusal == "it is not on the allow-list");
  CHECK(refusal_of(policy, "theirs").hint ==
        "add \"theirs\" to learning.distillation.plugins.allow");
  PluginHost host(policy);
  const auto refused = host.find(JARVIS_JUDGE_1, "fair");
  CHECK(refused.error().kind == ErrorKind::refused);
  CHECK(refused.error().message == "plugin 'theirs': it is not on the allow-list");
  policy.allow = {"theirs"};
  CHECK(refusal_of(policy, "theirs").refusal.empty());
  policy.allow = {"*"};
  CHECK(refusal_of(policy, "theirs").refusal.empty());
}

TEST_CASE("plugin host: a pinned plugin must be the pinned one, a built-in too") {
  TemporaryDirectory built_in;
  put_plugin(built_in, "mine", kJudge);
  PluginPolicy policy;
  policy.built_in = built_in.path();
  policy.pinned["mine"] = std::string(64, '0');
  CHECK(refusal_of(policy, "mine").refusal == "its sha256 is not the pinned one");
  CHECK(refusal_of(policy, "mine").hint.find("learning.distillation.plugins.pinned.mine") !=
        std::string::npos);
  policy.pinned["mine"] = sha256("never opened");
  CHECK(refusal_of(policy, "mine").refusal.empty());
}

TEST_CASE("plugin host: whatever others can write to is refused") {
  for (const char* name : {"", "plugin.toml", "mine.so"})
    for (const fs::perms writable : {fs::perms::group_write, fs::perms::others_write}) {
      TemporaryDirectory built_in;
      put_plugin(built_in, "mine", kJudge);
      const fs::path path = built_in.path() / "mine" / name;
      fs::permissions(path, writable, fs::perm_options::add);
      PluginPolicy policy;
      policy.built_in = built_in.path();
      CAPTURE(path.string());
      CHECK(refusal_of(policy, "mine").refusal.find("can be written by others") !=
            std::string::npos);
      CHECK(refusal_of(policy, "mine").hint == "chown it to yourself and chmod go-w it");
    }
}

TEST_CASE("plugin host: the first of two plugins with one name, or one offer, wins") {
  TemporaryDirectory one, other;
  put_plugin(one, "a", kJudge);
  put_plugin(other, "a", applier_table("op", "auto"));
  put_plugin(other, "b", kJudge);
  PluginPolicy policy;
  policy.directories = {one.path(), other.path()};
  policy.allow = {"*"};
  const PluginHost host(policy);
  REQUIRE(host.entries().size() == 3);
  CHECK(host.entries()[0].refusal.empty());
  CHECK(host.entries()[1].refusal == "the id of '" + (other.path() / "a").string() +
                                         "' is taken by '" + (one.path() / "a").string() + "'");
  CHECK(host.entries()[2].refusal == "'fair' (judge/1) is already provided by plugin 'a'");
}

TEST_CASE("plugin host: a refused plugin does not take an offer away from a later one") {
  TemporaryDirectory folder;
  put_plugin(folder, "a", kJudge);
  put_plugin(folder, "b", kJudge);
  PluginPolicy policy;
  policy.directories = {folder.path()};
  policy.allow = {"b"};
  const PluginHost host(policy);
  REQUIRE(host.find(JARVIS_JUDGE_1, "fair").ok());
  CHECK(host.find(JARVIS_JUDGE_1, "fair")->plugin->manifest.id == "b");
}

TEST_CASE("plugin host: what is not found comes with what there is") {
  TemporaryDirectory built_in;
  put_plugin(built_in, "a", kJudge);
  put_plugin(built_in, "b", "[[provides]]\ninterface = \"judge/1\"\nid = \"bent\"\n");
  PluginPolicy policy;
  policy.built_in = built_in.path();
  const PluginHost host(policy);
  CHECK(host.find(JARVIS_JUDGE_1, "kind").error().hint == "there are: bent, fair");
}

TEST_CASE("plugin host: a manifest that cannot be read is listed under its folder's name") {
  TemporaryDirectory built_in;
  built_in.write("odd/plugin.toml", "id = ");
  PluginPolicy policy;
  policy.built_in = built_in.path();
  const PluginHost host(policy);
  REQUIRE(host.entries().size() == 1);
  CHECK(host.entries()[0].manifest.id == "odd");
  CHECK(host.entries()[0].refusal.find("odd/plugin.toml") != std::string::npos);
}
