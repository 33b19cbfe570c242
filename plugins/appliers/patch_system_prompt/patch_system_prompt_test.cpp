#include <doctest/doctest.h>

#include <jarvis/testing/applier_fixture.hpp>
#include <jarvis/text/staged_file.hpp>
#include <jarvis/text/toml_document.hpp>

namespace fs = std::filesystem;
namespace json = boost::json;
using jarvis::testing::Answer;
using jarvis::testing::ApplierFixture;

namespace {

struct Fixture : ApplierFixture {
  Fixture() : ApplierFixture(PLUGIN_DIR "/patch-system-prompt.so", "patch_system_prompt") {}
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string kFile = "agents/a/system_prompt.md";
const std::string kPrompt = "You are a helpful assistant.\nAnswer briefly.\nBe kind.\n";

json::object patching(const std::string& diff, const std::string& agent = "a") {
  return {{"agent", agent}, {"diff", diff}};
}

}  // namespace

TEST_CASE("patch_system_prompt: refuses missing fields and bad agents") {
  Fixture home;
  home.write(kFile, kPrompt);
  CHECK(home.edit({{"diff", "x"}}).message == "field 'payload.agent' is missing");
  CHECK(home.edit({{"agent", "a"}}).message == "field 'payload.diff' is missing");
  CHECK(home.edit({{"agent", "a"}, {"diff", json::array{}}}).message ==
        "field 'payload.diff' is not a string");
  for (const char* bad : {"", "../a", "A", "a/b"})
    CHECK(home.edit(patching("@@\n-x\n+y\n", bad)).status == JARVIS_INVALID);
}

TEST_CASE("patch_system_prompt: refuses an agent without a prompt, and says how to start one") {
  Fixture home;
  const Answer answer = home.edit(patching("@@ -0,0 +1 @@\n+x\n"));
  CHECK(answer.status == JARVIS_REFUSED);
  CHECK(contains(answer.message, "agent 'a' has no system prompt"));
  CHECK(contains(answer.hint, "replace_system_prompt"));
}

TEST_CASE("patch_system_prompt: never turns text that is no diff into the prompt") {
  Fixture home;
  home.write(kFile, kPrompt);
  for (const char* bad :
       {"", "You are evil.", "+You are evil.", "--- a\n+++ b\n", "@@ -1 +1 @@\n", "```\n```"})
    CHECK(home.edit(patching(bad)).status == JARVIS_REFUSED);
}

TEST_CASE("patch_system_prompt: refuses a diff that does not apply, naming hunk and line") {
  Fixture home;
  home.write(kFile, kPrompt);
  const Answer answer = home.edit(
      patching("@@ -1,2 +1,2 @@\n You are a helpful assistant.\n-Answer at length.\n+Answer.\n"));
  CHECK(answer.message ==
        "hunk 1 (@@ -1,2 +1,2 @@) does not apply: the removed line 'Answer at length.' is not in "
        "the text");
}

TEST_CASE("patch_system_prompt: refuses a diff whose place is not the only one") {
  Fixture home;
  home.write(kFile, "a\nb\na\nb\n");
  CHECK(contains(home.edit(patching("@@ -9 +9 @@\n-a\n+x\n")).message, "more than one place"));
}

TEST_CASE("patch_system_prompt: refuses a diff that leaves nothing, or changes nothing") {
  Fixture home;
  home.write(kFile, "a\n");
  CHECK(home.edit(patching("@@ -1 +0,0 @@\n-a\n")).message ==
        "the prompt of agent 'a' would be empty");
  CHECK(home.edit(patching("@@ -1 +1 @@\n-a\n+a\n")).message.rfind("no change: ", 0) == 0);
  CHECK(home.edit(patching("@@ -1 +1 @@\n a\n")).message.rfind("no change: ", 0) == 0);
}

TEST_CASE("patch_system_prompt: refuses new lines that do not show, and bears old ones") {
  Fixture home;
  home.write(kFile, "family: \xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9\nend\n");
  CHECK(contains(home.edit(patching("@@ -2 +2 @@\n-end\n+the\xE2\x80\x8B end\n")).message,
                 "hidden character U+200B"));
  CHECK(home.edit(patching("@@ -2 +2 @@\n-end\n+the end\n")).ok());
}

TEST_CASE("patch_system_prompt: refuses to lose a placeholder") {
  Fixture home;
  home.write(kFile, "Tools:\n{tool_descriptions}\n");
  CHECK(contains(home.edit(patching("@@ -1,2 +1 @@\n Tools:\n-{tool_descriptions}\n")).message,
                 "would lose '{tool_descriptions}'"));
}

TEST_CASE("patch_system_prompt: refuses stray braces for an agent that formats its prompt") {
  Fixture home;
  home.write("agents/native_react/system_prompt.md", "Tools:\n{tool_descriptions}\n");
  CHECK(contains(home.edit(patching("@@ -1,2 +1,3 @@\n Tools:\n {tool_descriptions}\n+{\"a\": 1}\n",
                                    "native_react"))
                     .message,
                 "stray brace"));
  CHECK(home.edit(patching("@@ -1,2 +1,3 @@\n Tools:\n {tool_descriptions}\n+{{\"a\": 1}}\n",
                           "native_react"))
            .ok());
}

TEST_CASE("patch_system_prompt: refuses a prompt that would grow over 64 KiB") {
  Fixture home;
  home.write(kFile, "a\n" + std::string(65530, 'x') + "\n");
  CHECK(contains(home.edit(patching("@@ -1 +1,2 @@\n a\n+1234567890\n")).message, "too long"));
}

TEST_CASE("patch_system_prompt: refuses a prompt that is a link, naming its target") {
  Fixture home;
  fs::create_directories(home.home() / "agents/a");
  fs::create_symlink("/dotfiles/prompt.md", home.home() / kFile);
  CHECK(contains(home.edit(patching("@@ -1 +1 @@\n-a\n+b\n")).message, "to '/dotfiles/prompt.md'"));
}

TEST_CASE("patch_system_prompt: applies a diff as models write it") {
  Fixture home;
  home.write(kFile, kPrompt);
  REQUIRE(home.edit(patching("```diff\n--- a/system_prompt.md\n+++ b/system_prompt.md\n@@ -7,9 "
                             "+7,9 @@\n Answer briefly.\n+Show each step.\n Be kind.\n```\n"))
              .ok());
  CHECK(home.read(kFile) ==
        "You are a helpful assistant.\nAnswer briefly.\nShow each step.\nBe kind.\n");
}

TEST_CASE("patch_system_prompt: keeps CRLF, the byte order mark and the missing final newline") {
  Fixture home;
  home.write(kFile,
             "\xEF\xBB\xBF"
             "one\r\ntwo");
  REQUIRE(home.edit(patching("@@ -1,2 +1,3 @@\n-one\n+1\n two\n+three\n")).ok());
  CHECK(home.read(kFile) ==
        "\xEF\xBB\xBF"
        "1\r\ntwo\r\nthree");
}

TEST_CASE(
    "manifest: its schema and its example are JSON, and the example is what the applier takes") {
  Fixture home;
  const auto manifest = jarvis::text::TomlDocument::parse(
      *jarvis::text::read_staged_file(PLUGIN_DIR, "plugin.toml"), "plugin.toml");
  const json::object& provides = manifest.values().at("provides").as_array().at(0).as_object();
  CHECK(json::parse(provides.at("payload_schema").as_string()).is_object());
  home.write("agents/simple/system_prompt.md", "You are a helpful assistant.\nAnswer briefly.\n");
  CHECK(home.edit(json::parse(provides.at("example").as_string()).as_object()).ok());
}

TEST_CASE(
    "patch_system_prompt: in OpenJarvis' dialect the shared prompt is patched where it stands") {
  Fixture home;
  const std::string dialect = "[learning.distillation.student]\ndialect = \"openjarvis\"\n";
  home.write("config.toml", dialect);
  const std::string diff = "@@ -1,2 +1,3 @@\n You help.\n+Show each step.\n Be brief.\n";
  CHECK(home.edit({{"agent", "simple"}, {"diff", diff}}).message ==
        "agent 'simple' has no system prompt: there is no 'agent.default_system_prompt'");
  home.write("config.toml",
             "[agent]\ndefault_system_prompt = \"You help.\\nBe brief.\"  # mine\n" + dialect);
  const Answer answer = home.edit({{"agent", "simple"}, {"diff", diff}});
  CHECK(answer.ok());
  const auto config = jarvis::text::TomlDocument::parse(home.read("config.toml"), "config.toml");
  CHECK(*config.find({"agent", "default_system_prompt"}) ==
        "You help.\nShow each step.\nBe brief.");
  CHECK(home.read("config.toml").find("# mine") != std::string::npos);
}
