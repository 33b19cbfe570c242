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
  Fixture() : ApplierFixture(PLUGIN_DIR "/replace-system-prompt.so", "replace_system_prompt") {}
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string kFile = "agents/a/system_prompt.md";

json::object replacing(const std::string& agent, const std::string& content) {
  return {{"agent", agent}, {"new_content", content}};
}

}  // namespace

TEST_CASE("replace_system_prompt: refuses missing fields and agents that leave the folder") {
  Fixture home;
  CHECK(home.edit({{"new_content", "x"}}).message == "field 'payload.agent' is missing");
  CHECK(home.edit({{"agent", "a"}}).message == "field 'payload.new_content' is missing");
  CHECK(home.edit({{"agent", "a"}, {"new_content", 1}}).status == JARVIS_INVALID);
  for (const char* bad : {"", "..", "../a", "a/b", "/a", "A", "a\xE2\x80\x8B", "."})
    CHECK(home.edit(replacing(bad, "x")).status == JARVIS_INVALID);
}

TEST_CASE("replace_system_prompt: refuses a blank prompt") {
  Fixture home;
  for (const char* blank : {"", "\n", " \t\r\n\n"})
    CHECK(home.edit(replacing("a", blank)).message == "the prompt of agent 'a' would be empty");
}

TEST_CASE("replace_system_prompt: takes 64 KiB and no byte more") {
  Fixture home;
  CHECK(home.edit(replacing("a", std::string(65535, 'x'))).ok());
  CHECK(contains(home.edit(replacing("a", std::string(65536, 'y'))).message,
                 "too long: 65537 bytes"));
}

TEST_CASE("replace_system_prompt: refuses text that does not show") {
  Fixture home;
  for (const char* hidden : {"a\xE2\x80\x8B"
                             "b",
                             "\xE2\x80\xAE"
                             "evil",
                             "\x1B[31mred", "\xF3\xA0\x81\x81", "a\rb", "\x7F"}) {
    const Answer answer = home.edit(replacing("a", hidden));
    CHECK(answer.status == JARVIS_INVALID);
    CHECK(contains(answer.message, "field 'payload.new_content' holds"));
  }
  CHECK(home.edit(replacing("a", std::string("a\0b", 3))).status == JARVIS_INVALID);
}

TEST_CASE("replace_system_prompt: refuses the same content, also with other line ends") {
  Fixture home;
  home.write(kFile, "one\r\ntwo\r\n");
  CHECK(home.edit(replacing("a", "one\ntwo\n")).message ==
        "no change: '" + kFile + "' has this content already");
  CHECK(home.edit(replacing("a", "one\ntwo")).status == JARVIS_REFUSED);
}

TEST_CASE("replace_system_prompt: refuses a prompt that is a link, or lies behind one") {
  Fixture home;
  fs::create_directories(home.home() / "agents/a");
  fs::create_symlink("/dotfiles/prompt.md", home.home() / kFile);
  CHECK(contains(home.edit(replacing("a", "x")).message, "to '/dotfiles/prompt.md'"));
  fs::remove_all(home.home() / "agents");
  fs::create_symlink("/dotfiles", home.home() / "agents");
  CHECK(contains(home.edit(replacing("a", "x")).message, "to '/dotfiles'"));
}

TEST_CASE("replace_system_prompt: refuses to lose a placeholder that the present prompt has") {
  Fixture home;
  home.write(kFile, "Tools: {tool_descriptions}\n");
  CHECK(
      contains(home.edit(replacing("a", "No tools.")).message, "would lose '{tool_descriptions}'"));
  CHECK(contains(home.edit(replacing("a", "{{tool_descriptions}}")).message, "would lose"));
  CHECK(home.edit(replacing("a", "{tool_descriptions} come first")).ok());
}

TEST_CASE("replace_system_prompt: the first prompt of an agent that formats it needs the tools") {
  Fixture home;
  for (const char* agent : {"native_react", "native_openhands", "monitor_operative"}) {
    CHECK(contains(home.edit(replacing(agent, "Think.")).message,
                   "would lose '{tool_descriptions}'"));
    CHECK(home.edit(replacing(agent, "Think. {tool_descriptions}")).ok());
  }
  CHECK(contains(home.edit(replacing("rlm", "Think.")).message, "would lose '{tool_section}'"));
}

TEST_CASE("replace_system_prompt: refuses stray braces for agents that format their prompt") {
  Fixture home;
  for (const char* stray : {"{}", "{", "}", "{x}", "{tool_descriptions!r}", "{0}",
                            "{ tool_descriptions }", "{{{", "json: {\"a\": 1}"}) {
    const Answer answer =
        home.edit(replacing("native_react", std::string("{tool_descriptions}\n") + stray));
    CHECK(answer.status == JARVIS_REFUSED);
    CHECK(contains(answer.message, "stray brace at line 2, column"));
  }
  CHECK(contains(
      home.edit(replacing("native_openhands", "{tool_descriptions} {skill_examples}")).message,
      "does not fill"));
}

TEST_CASE("replace_system_prompt: what an agent's class formats is checked, whatever its name") {
  for (const char* config : {"[agent.a]\nclass = 'native_react'\n", "[agent]\nclass = 'react'\n"}) {
    Fixture home;
    home.write("config.toml", config);
    CHECK(contains(home.edit(replacing("a", "{tool_descriptions} {x}")).message, "stray brace"));
    CHECK(
        contains(home.edit(replacing("a", "Think.")).message, "would lose '{tool_descriptions}'"));
    CHECK(home.edit(replacing("a", "{tool_descriptions} {{x}}")).ok());
  }
  Fixture home;
  home.write("config.toml", "[agent.native_react]\nclass = 'simple'\n");
  CHECK(contains(home.edit(replacing("native_react", "{tool_descriptions} {x}")).message,
                 "stray brace"));
}

TEST_CASE("replace_system_prompt: refuses a class that is no text, with its line") {
  Fixture home;
  home.write("config.toml", "[agent.a]\nclass = 1\n");
  CHECK(contains(home.edit(replacing("a", "x")).message, "config.toml:2: 'agent.a.class'"));
}

TEST_CASE("replace_system_prompt: doubled braces are fine for agents that format their prompt") {
  Fixture home;
  CHECK(
      home.edit(replacing("native_react", "{tool_descriptions} {skill_examples} {{\"a\": {{}}}}\n"))
          .ok());
}

TEST_CASE("replace_system_prompt: braces are plain text for other agents") {
  Fixture home;
  CHECK(home.edit(replacing("deep_research", "Answer as {\"a\": 1} }{ {}\n")).ok());
}

TEST_CASE("replace_system_prompt: keeps CRLF and the missing final newline of the present prompt") {
  Fixture home;
  home.write(kFile, "one\r\ntwo");
  CHECK(home.edit(replacing("a", "uno\ndos\n")).ok());
  CHECK(home.read(kFile) == "uno\r\ndos");
}

TEST_CASE("replace_system_prompt: starts the prompt of an agent that has none") {
  Fixture home;
  CHECK(home.edit(replacing("a", "Grüße\nzwei")).ok());
  CHECK(home.read(kFile) == "Grüße\nzwei\n");
}

TEST_CASE(
    "manifest: its schema and its example are JSON, and the example is what the applier takes") {
  Fixture home;
  const auto manifest = jarvis::text::TomlDocument::parse(
      *jarvis::text::read_staged_file(PLUGIN_DIR, "plugin.toml"), "plugin.toml");
  const json::object& provides = manifest.values().at("provides").as_array().at(0).as_object();
  CHECK(json::parse(provides.at("payload_schema").as_string()).is_object());
  CHECK(home.edit(json::parse(provides.at("example").as_string()).as_object()).ok());
}

TEST_CASE("replace_system_prompt: in OpenJarvis' dialect agents without a prompt are refused") {
  Fixture home;
  home.write("config.toml", "[learning.distillation.student]\ndialect = \"openjarvis\"\n");
  for (const char* agent : {"operative", "server", "mine"})
    CHECK(home.edit(replacing(agent, "Be brief.")).message ==
          std::string("OpenJarvis reads no prompt for agent '") + agent + "'");
  CHECK(home.edit(replacing("react", "x {tool_descriptions}")).message ==
        "OpenJarvis reads no files of agent 'react'");
}

TEST_CASE("replace_system_prompt: in OpenJarvis' dialect 'simple' has the prompt of config.toml") {
  Fixture home;
  const std::string dialect = "[learning.distillation.student]\ndialect = \"openjarvis\"\n";
  home.write("config.toml", dialect);
  CHECK(home.edit(replacing("simple", "Say \"{}\".\nBe brief.")).ok());
  const auto config = jarvis::text::TomlDocument::parse(home.read("config.toml"), "config.toml");
  CHECK(*config.find({"agent", "default_system_prompt"}) == "Say \"{}\".\nBe brief.\n");
  CHECK(home.edit(replacing("orchestrator", "Say \"{}\".\nBe brief.\n")).message ==
        "no change: 'agent.default_system_prompt' has this content already");
  home.write("config.toml",
             "[agent]\ndefault_agent = \"rlm\"\n[server]\nagent = \"rlm\"\n" + dialect);
  CHECK(contains(home.edit(replacing("simple", "Be brief.")).message,
                 "no settings of agent 'simple' alone"));
}

TEST_CASE(
    "replace_system_prompt: in OpenJarvis' dialect literal braces are doubled for templates") {
  Fixture home;
  home.write("config.toml", "[learning.distillation.student]\ndialect = \"openjarvis\"\n");
  const auto written = [&](const std::string& agent, const std::string& content) {
    const Answer answer = home.edit(replacing(agent, content));
    return answer.ok() ? home.read("agents/" + agent + "/system_prompt.md") : answer.message;
  };
  CHECK(written("native_react", "Use {tool_descriptions} as {\"a\": 1} and {x}.") ==
        "Use {tool_descriptions} as {{\"a\": 1}} and {{x}}.\n");
  CHECK(written("native_react", "Use {tool_descriptions} as {{\"a\": 2}}.") ==
        "Use {tool_descriptions} as {{\"a\": 2}}.\n");
  CHECK(contains(written("native_react", "Use {tool_descriptions} as {{\"a\"}} and {b}."),
                 "stray brace"));
  CHECK(contains(written("native_react", "Use {tool_descriptions} as {\"a\": {\"b\": 1}}."),
                 "stray brace"));
  CHECK(contains(written("native_react", "Use what you have."), "{tool_descriptions}"));
  CHECK(contains(written("native_react", "{tool_descriptions} {tool_section}"),
                 "does not fill the placeholder"));
  CHECK(written("deep_research", "Write {\"a\": 1}.") == "Write {\"a\": 1}.\n");
}
