#include "core/host/manifest.hpp"

#include <doctest/doctest.h>

#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;

namespace {

const std::string kHead = R"(id = "one"
version = "1.0.0"
abi = "1.0"
library = "one.so"
sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
)";

const std::string kJudge = "[[provides]]\ninterface = \"judge/1\"\nid = \"fair\"\n";

std::string applier(const std::string& keys) {
  return "[[provides]]\ninterface = \"edit-applier/1\"\nid = \"op\"\n" + keys;
}

/** The message without the path; "ok" when the manifest is taken. */
std::string judged(const std::string& text) {
  TemporaryDirectory folder;
  const auto file = folder.write("plugin.toml", text);
  const auto manifest = read_manifest(folder.path());
  if (manifest) return "ok";
  CHECK(manifest.error().kind == ErrorKind::invalid);
  CHECK(!manifest.error().hint.empty());
  const std::string start = "manifest '" + file.string() + "': ";
  REQUIRE_MESSAGE(manifest.error().message.find(start) == 0, manifest.error().message);
  return manifest.error().message.substr(start.size());
}

std::string with(const std::string& key, const std::string& line) {
  std::string text = kHead;
  const std::size_t begin = text.find(key + " = ");
  const std::size_t end = text.find('\n', begin) + 1;
  return text.replace(begin, end - begin, line.empty() ? "" : line + "\n") + kJudge;
}

}  // namespace

TEST_CASE("manifest: a missing file is not found, with its path") {
  TemporaryDirectory folder;
  const auto manifest = read_manifest(folder.path());
  REQUIRE(!manifest.ok());
  CHECK(manifest.error().message.find((folder.path() / "plugin.toml").string()) !=
        std::string::npos);
}

TEST_CASE("manifest: each wrong key is named") {
  struct Case {
    const char* key;
    const char* line;
    const char* message;
  };
  const char* kBadName = "key 'id' is 'One', not [a-z0-9][a-z0-9_-]{0,63}";
  for (const Case& bad : std::initializer_list<Case>{
           {"id", "", "field 'id' is missing"},
           {"id", "id = 3", "field 'id' is not a string"},
           {"id", "id = 'One'", kBadName},
           {"id", "id = ''", "key 'id' is '', not [a-z0-9][a-z0-9_-]{0,63}"},
           {"id", "id = '../up'", "key 'id' is '../up', not [a-z0-9][a-z0-9_-]{0,63}"},
           {"version", "", "field 'version' is missing"},
           {"abi", "", "field 'abi' is missing"},
           {"abi", "abi = 1.0", "field 'abi' is not a string"},
           {"abi", "abi = '1'", "key 'abi' is '1', not major.minor"},
           {"abi", "abi = '1.'", "key 'abi' is '1.', not major.minor"},
           {"abi", "abi = '.1'", "key 'abi' is '.1', not major.minor"},
           {"abi", "abi = '1.0.0'", "key 'abi' is '1.0.0', not major.minor"},
           {"abi", "abi = '-1.0'", "key 'abi' is '-1.0', not major.minor"},
           {"abi", "abi = '1.99999999999'", "key 'abi' is '1.99999999999', not major.minor"},
           {"library", "", "field 'library' is missing"},
           {"library", "library = ''",
            "key 'library' is '', not a file name in the plugin's folder"},
           {"library", "library = '../x.so'",
            "key 'library' is '../x.so', not a file name in the plugin's folder"},
           {"library", "library = '/lib/x.so'",
            "key 'library' is '/lib/x.so', not a file name in the plugin's folder"},
           {"library", "library = '.x.so'",
            "key 'library' is '.x.so', not a file name in the plugin's folder"},
           {"library", "library = 'a b.so'",
            "key 'library' is 'a b.so', not a file name in the plugin's folder"},
           {"sha256", "", "field 'sha256' is missing"},
           {"sha256", "sha256 = 'abc'", "key 'sha256' is not 64 digits of lower-case hex"},
           {"sha256", "sha256 = '0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef'",
            "key 'sha256' is not 64 digits of lower-case hex"},
           {"version", "version = '1'\nisolation = 'thread'",
            "key 'isolation' is 'thread', not process or in-process"},
           {"version", "version = '1'\nisolation = true", "field 'isolation' is not a string"},
           {"version", "version = '1'\nsettings_schema = 'no'",
            "key 'settings_schema' is not JSON: syntax error"},
           {"version", "version = '1'\nsettings_schema = '[]'",
            "key 'settings_schema' is not a JSON object"},
           {"version", "version = '1'\nsettings_schema = '{\"type\": 3}'",
            "key 'settings_schema': schema.type is not a type, or a list of types"},
           {"version", "version = '1'\nsettings_schema = {type = 'object'}",
            "field 'settings_schema' is not a string"},
           {"version", "version = '1'\nsummary = 3", "field 'summary' is not a string"}}) {
    CAPTURE(std::string(bad.line));
    CAPTURE(std::string(bad.key));
    CHECK(judged(with(bad.key, bad.line)) == bad.message);
  }
  CHECK(judged(with("library", "library = \"x\\u0000.so\"")).find("key 'library' is") == 0);
}

TEST_CASE("manifest: what it provides is checked key by key") {
  struct Case {
    std::string provides;
    const char* message;
  };
  const std::string schema = "payload_schema = '{\"type\": \"object\"}'\n";
  const std::string pillar = "pillar = \"agent\"\n";
  const std::string example = "example = '{}'\n";
  const std::string engine = "[[provides]]\ninterface = \"teacher-engine/1\"\nid = \"e\"\n";
  for (const Case& bad : std::initializer_list<Case>{
           {"", "it provides nothing: [[provides]] is missing"},
           {"provides = 3\n", "key 'provides' is not a list"},
           {"provides = [3]\n", "'provides' is not a list of tables"},
           {"[[provides]]\nid = \"x\"\n", "field 'interface' is missing"},
           {"[[provides]]\ninterface = \"judge/2\"\nid = \"x\"\n",
            "interface 'judge/2' is not one that this host knows"},
           {"[[provides]]\ninterface = \"judge/1\"\n", "field 'id' is missing"},
           {"[[provides]]\ninterface = \"judge/1\"\nid = \"a b\"\n",
            "provided id 'a b' is not [a-z0-9][a-z0-9_-]{0,63}"},
           {kJudge + kJudge, "it provides 'fair' (judge/1) twice"},
           {applier(schema + example), "field 'pillar' is missing"},
           {applier(pillar + example), "field 'payload_schema' is missing"},
           {applier(pillar + schema), "field 'example' is missing"},
           {applier(pillar + schema + "example = 'no'\n"),
            "key 'example' is not JSON: syntax error"},
           {applier(pillar + schema + "example = '[]'\n"), "key 'example' is not a JSON object"},
           {applier(pillar + example + "payload_schema = '{\"type\": 3}'\n"),
            "key 'payload_schema': schema.type is not a type, or a list of types"},
           {applier(pillar + example + "payload_schema = '{\"required\": [\"a\"]}'\n"),
            "key 'example' does not fit the payload schema: field 'example.a' is missing"},
           {applier(pillar + schema + example + "tier = \"automatic\"\n"),
            "key 'tier' is 'automatic', not auto, review or manual"},
           {applier(pillar + schema + example + "tier = 1\n"), "field 'tier' is not a string"},
           {applier(pillar + schema + example + "touches = \"config.toml:a\"\n"),
            "key 'touches' is not a list"},
           {applier(pillar + schema + example + "touches = [1]\n"),
            "key 'touches' is not a list of texts"},
           {"[[provides]]\ninterface = \"diagnostic-tool/1\"\nid = \"t\"\n",
            "field 'parameters' is missing"},
           {engine + "key_env = \"KEY\"\n", "key 'key_env' is not a list"},
           {engine + "offline = \"yes\"\n", "key 'offline' is not true or false"},
           {engine + "free_on_private_address = 1\n",
            "key 'free_on_private_address' is not true or false"},
           {engine + "serves = [true]\n", "key 'serves' is not a list of texts"},
           {engine + "base_url = []\n", "field 'base_url' is not a string"}}) {
    CAPTURE(std::string(bad.provides));
    CHECK(judged(kHead + bad.provides) == bad.message);
  }
}

TEST_CASE("manifest: text that is not TOML is refused with its line") {
  CHECK(judged("id = \n").find("plugin.toml:1") == 0);
  CHECK(judged("a = 1\n\xff\xfe\n").find("plugin.toml") == 0);
}

TEST_CASE("manifest: one that is too large is refused unread") {
  TemporaryDirectory folder;
  folder.write("plugin.toml", std::string(2 << 20, '#'));
  CHECK(read_manifest(folder.path()).error().kind == ErrorKind::refused);
}

TEST_CASE("manifest: every key arrives") {
  TemporaryDirectory folder;
  folder.write(
      "plugin.toml",
      kHead + "summary = \"s\"\nunknown = 3\n" +
          applier("summary = \"o\"\npillar = \"agent\"\ntier = \"auto\"\ntouches = [\"a\"]\n"
                  "payload_schema = '{}'\nexample = '{\"x\": 1}'\n") +
          "[[provides]]\ninterface = \"teacher-engine/1\"\nid = \"e\"\nbase_url = \"http://h\"\n"
          "key_env = [\"K\"]\nfree_on_private_address = true\noffline = true\nserves = [\"m\"]\n" +
          "[[provides]]\ninterface = \"student-runner/1\"\nid = \"r\"\nhonours = [\"h\"]\ntools = "
          "[\"t\"]\n");
  const auto manifest = read_manifest(folder.path());
  REQUIRE(manifest.ok());
  CHECK(manifest->id == "one");
  CHECK(manifest->abi_major == 1);
  CHECK(manifest->abi_minor == 0);
  CHECK(manifest->library == folder.path() / "one.so");
  REQUIRE(manifest->provides.size() == 3);
  const Provided* op = manifest->find("edit-applier/1", "op");
  REQUIRE(op);
  CHECK(op->tier == Tier::automatic);
  CHECK(op->touches == std::vector<std::string>{"a"});
  CHECK(op->example == json::object{{"x", 1}});
  const Provided* engine = manifest->find("teacher-engine/1", "e");
  REQUIRE(engine);
  CHECK(engine->free_on_private_address);
  CHECK(engine->offline);
  CHECK(engine->key_env == std::vector<std::string>{"K"});
  const Provided* runner = manifest->find("student-runner/1", "r");
  REQUIRE(runner);
  CHECK(!runner->offline);
  CHECK(runner->tools == std::vector<std::string>{"t"});
  CHECK(!manifest->find("judge/1", "op"));
}

TEST_CASE("manifest: without isolation and settings_schema it asks for nothing") {
  TemporaryDirectory folder;
  folder.write("plugin.toml", kHead + kJudge);
  const auto manifest = read_manifest(folder.path());
  REQUIRE(manifest.ok());
  CHECK(!manifest->wants_process);
  CHECK(manifest->settings_schema.empty());
}

TEST_CASE("manifest: isolation and settings_schema arrive") {
  for (const bool apart : {true, false}) {
    TemporaryDirectory folder;
    folder.write("plugin.toml", kHead + "isolation = \"" + (apart ? "process" : "in-process") +
                                    "\"\nsettings_schema = '{\"type\": \"object\"}'\n" + kJudge);
    const auto manifest = read_manifest(folder.path());
    REQUIRE(manifest.ok());
    CHECK(manifest->wants_process == apart);
    CHECK(manifest->settings_schema == json::object{{"type", "object"}});
  }
}

TEST_CASE("manifest: plugin names") {
  for (const char* good : {"a", "0", "a-b_c9"}) CHECK(is_plugin_name(good));
  CHECK(is_plugin_name(std::string(64, 'a')));
  CHECK(!is_plugin_name(std::string(65, 'a')));
  for (const char* bad : {"", "-a", "_a", "A", "a.b", "a/b", "a b", "é", "a\n"})
    CHECK(!is_plugin_name(bad));
}

TEST_CASE(
    "manifest: a dialect's table of another type is named, and what it leaves out is as without "
    "it") {
  const std::string runner =
      "[[provides]]\ninterface = \"student-runner/1\"\nid = \"r\"\nsummary = \"s\"\n"
      "honours = [\"h\"]\n";
  CHECK(judged(kHead + runner + "dialects = 3\n") == "key 'dialects' is not a table");
  CHECK(judged(kHead + runner + "dialects.x = true\n") == "key 'dialects.x' is not a table");
  CHECK(judged(kHead + runner + "dialects.x.honours = 1\n") == "key 'honours' is not a list");
  CHECK(judged(kHead + runner + "dialects.jarvis.honours = []\n") ==
        "key 'dialects.jarvis' stands for what is written without it");
  TemporaryDirectory folder;
  folder.write("plugin.toml", kHead + runner + "dialects.x = {}\ndialects.y.honours = [\"i\"]\n");
  const auto manifest = read_manifest(folder.path());
  REQUIRE(manifest.ok());
  const Provided& provided = manifest->provides.front();
  using Texts = std::vector<std::string>;
  CHECK(provided.in("jarvis")->honours == Texts{"h"});
  CHECK(provided.in("x")->honours == Texts{"h"});
  CHECK(provided.in("y")->honours == Texts{"i"});
  CHECK(provided.in("y")->summary == "s");
  CHECK_FALSE(provided.in("z"));
}
