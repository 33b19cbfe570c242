#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <jarvis/sdk/failure.hpp>
#include <jarvis/text/openjarvis.hpp>
#include <jarvis/text/prompt.hpp>
#include <jarvis/text/student_home.hpp>
#include <jarvis/text/student_parameters.hpp>

using namespace jarvis::text;

namespace {

constexpr const char* kDialect = "[learning.distillation.student]\ndialect = \"openjarvis\"\n";

TomlDocument config(const std::string& text) {
  return TomlDocument::parse(text, kConfigFile);
}

struct Home {
  std::string pattern = (std::filesystem::temp_directory_path() / "jarvis-oj-XXXXXX").string();
  std::filesystem::path path = mkdtemp(pattern.data());
  ~Home() { std::filesystem::remove_all(path); }

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path / name).parent_path());
    std::ofstream(path / name) << text;
  }
  StudentHome read() const { return read_student_home(path.string()); }
  StudentSettings settings(const std::string& agent) const {
    return student_settings(read(), "math", agent);
  }
};

}  // namespace

TEST_CASE("openjarvis: a home is of this program's dialect until it says otherwise") {
  CHECK(dialect_of(config("")) == Dialect::jarvis);
  CHECK(dialect_of(config(kDialect)) == Dialect::openjarvis);
  CHECK_THROWS_WITH_AS(
      dialect_of(config("[learning.distillation.student]\ndialect = \"latin\"\n")),
      "config.toml:2: 'learning.distillation.student.dialect' is 'latin', which is no dialect",
      jarvis::sdk::Failure);
}

TEST_CASE("openjarvis: what its run time does not read has no place to be written") {
  const Dialect dialect = Dialect::openjarvis;
  for (const char* routed : {"code", "math", "short", "long"})
    CHECK(model_setting(routed, dialect).place.empty());
  CHECK(agent_class_setting("simple", dialect).place.empty());
  for (const Parameter& parameter : parameters()) {
    const std::string name(parameter.name);
    const bool is_read = name == "temperature" || name == "max_tokens" || name == "max_turns";
    CHECK(model_parameter_setting("m", name, dialect).place.empty() != is_read);
    CHECK(agent_parameter_setting("a", "m", name, dialect).place.empty() != is_read);
  }
  CHECK_FALSE(prompt_place("operative", dialect));
  CHECK_FALSE(prompt_place("mine", dialect));
  CHECK_FALSE(reads_exemplars("simple", dialect));
}

TEST_CASE("openjarvis: settings of this program's own are passed over") {
  const Home home;
  home.write("config.toml",
             "[intelligence]\ndefault_model = \"m\"\ntemperature = 0.3\n"
             "[learning.routing.policy_map]\nmath = \"other\"\n"
             "[models.m]\ntemperature = 0.9\ntop_p = 0.1\n"
             "[agent]\nmax_turns = 4\nclass = \"native_react\"\ntools = \"llm\"\n"
             "[agent.orchestrator]\nclass = \"simple\"\nmax_turns = 9\ntools = [\"x\"]\n"
             "[tools]\nenabled = [\"think\"]\n" +
                 std::string(kDialect));
  const StudentHome read = home.read();
  const StudentSettings settings = home.settings("orchestrator");
  CHECK(settings.model == "m");
  CHECK(settings.agent_class == "orchestrator");
  CHECK(settings.tools == std::vector<std::string>{"think"});
  CHECK(parameter_of(read, settings, "temperature") == 0.3);
  CHECK_FALSE(parameter_of(read, settings, "top_p"));
  CHECK(count_of(read, settings, "max_turns", 10) == 4);
}

TEST_CASE("openjarvis: an agent reads its own prompt, the shared one, or none") {
  const Home home;
  home.write("config.toml",
             "[agent]\ndefault_agent = \"react\"\ndefault_system_prompt = \"Shared.\"\n" +
                 std::string(kDialect));
  for (const char* agent : {"simple", "orchestrator", "operative", "native_react", "rlm"}) {
    home.write(prompt_file(agent), std::string("Own of ") + agent);
    home.write(exemplars_file(agent), "[{\"input\": \"a\", \"output\": \"b\"}]");
  }
  CHECK(home.settings("simple").system_prompt == "Shared.");
  CHECK(home.settings("simple").exemplars.empty());
  CHECK(home.settings("orchestrator").system_prompt == "Shared.");
  CHECK(home.settings("operative").system_prompt.empty());
  CHECK(home.settings("rlm").system_prompt == "Own of rlm");
  CHECK(home.settings("deep_research").system_prompt.empty());
  const StudentSettings by_default = home.settings("");
  CHECK(by_default.agent == "native_react");
  CHECK(by_default.text_protocol);
  CHECK(by_default.has_prompt_file);
  CHECK(by_default.exemplars.size() == 1);
}

TEST_CASE(
    "openjarvis: a text becomes a template that gives the same text back, or stays as it is") {
  const PromptOwner react{"native_react", {}};
  CHECK(as_template(react, "{a} {tool_descriptions} }{") == "{{a}} {tool_descriptions} }}{{");
  CHECK(as_template(react, "{tool_descriptions:>9}") == "{{tool_descriptions:>9}}");
  for (const char* kept : {"no braces", "{{a}} {b}", "{\"a\": {\"b\": 1}}"})
    CHECK(as_template(react, kept) == kept);
  CHECK(as_template({"deep_research", {}}, "{a}") == "{a}");
  CHECK(as_template({"simple", {}}, "{a}") == "{a}");
}
