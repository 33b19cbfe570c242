#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <jarvis/sdk/failure.hpp>
#include <jarvis/text/student_home.hpp>

namespace fs = std::filesystem;
using namespace jarvis::text;

namespace {

/** A home that is removed with the object. */
struct Home {
  fs::path path;

  Home() {
    std::string pattern = (fs::temp_directory_path() / "student-home-XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary directory");
    path = pattern;
  }
  ~Home() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;

  void write(const std::string& relative, const std::string& text) const {
    fs::create_directories((path / relative).parent_path());
    std::ofstream(path / relative, std::ios::binary) << text;
  }
  StudentHome read() const { return read_student_home(path.string()); }
  StudentSettings settings(const std::string& agent = "simple") const {
    return student_settings(read(), "math", agent, "fallback");
  }
  std::string failure() const {
    try {
      settings();
    } catch (const jarvis::sdk::Failure& problem) {
      CHECK(problem.status() == JARVIS_INVALID);
      return problem.what();
    }
    return "no failure";
  }
};

}  // namespace

TEST_CASE("student home: files that cannot be understood are errors that name them") {
  const std::pair<const char*, const char*> files[] = {
      {"config.toml", "[agent\n"},
      {"config.toml", "\xFF"},
      {"config.toml/x", ""},
      {"tools/descriptions.toml", "[x"},
      {"tools/descriptions.toml", "[x]\ndescription = 1\n"},
      {"agents/simple/system_prompt.md", "\xC3"},
      {"agents/simple/few_shot.json", "{}"},
      {"agents/simple/few_shot.json", "[{\"input\": \"a\", \"output\": \"\"}]"}};
  for (const auto& [name, text] : files) {
    Home home;
    home.write(name, text);
    const std::string file = std::string(name).substr(0, std::string(name).find("/x"));
    CHECK(home.failure().find(file) != std::string::npos);
  }
}

TEST_CASE("student home: parameters out of their range are errors with line and key") {
  Home home;
  home.write("config.toml", "[models.fallback]\ntop_p = 2\nmax_turns = 1.5\n");
  const StudentHome read = home.read();
  const StudentSettings settings = home.settings();
  CHECK_THROWS_WITH(parameter_of(read, settings, "top_p"),
                    "config.toml:2: 'models.fallback.top_p' is not a number from 0 to 1");
  CHECK_THROWS_WITH(
      count_of(read, settings, "max_turns", 3),
      "config.toml:3: 'models.fallback.max_turns' is not a whole number from 1 to 100");
  CHECK_FALSE(parameter_of(read, settings, "temperature"));
  CHECK(count_of(read, settings, "max_tokens", 3) == 3);
}

TEST_CASE("student home: an empty home has the defaults") {
  Home home;
  CHECK_FALSE(home.read().has_config);
  const StudentSettings settings = home.settings("");
  CHECK(settings.agent == "simple");
  CHECK(settings.model == "fallback");
  CHECK(settings.agent_class == "simple");
  CHECK(settings.system_prompt.empty());
  CHECK(settings.tools.empty());
}

TEST_CASE("student home: another agent's broken files do no harm") {
  Home home;
  home.write("agents/other/few_shot.json", "{}");
  CHECK_NOTHROW(home.settings());
}

TEST_CASE("student home: a name that is not valid reads no file and has what all have") {
  Home home;
  home.write("config.toml", "[agent]\ndefault_system_prompt = 'Hi'\ntools = 'x'\n");
  home.write("secret/system_prompt.md", "secret");
  for (const char* agent : {"../secret", "UPPER", "a/b"}) {
    const StudentSettings settings = home.settings(agent);
    CHECK(settings.agent.empty());
    CHECK(settings.system_prompt == "Hi");
    CHECK(settings.tools == std::vector<std::string>{"x"});
  }
}

TEST_CASE("student home: the agent's files come before the default prompt, empty ones do not") {
  Home home;
  home.write("config.toml", "[agent]\ndefault_system_prompt = 'Hi'\n");
  home.write("agents/simple/system_prompt.md", "");
  home.write("agents/simple/few_shot.json", " \n");
  CHECK(home.settings().system_prompt == "Hi");
  CHECK_FALSE(home.settings().has_prompt_file);
  home.write("agents/simple/system_prompt.md", "Own.");
  home.write("agents/simple/few_shot.json", R"([{"input": "a", "output": "b", "note": 1}])");
  const StudentSettings settings = home.settings();
  CHECK(settings.system_prompt == "Own.");
  CHECK(settings.has_prompt_file);
  REQUIRE(settings.exemplars.size() == 1);
  CHECK(settings.exemplars[0].output == "b");
}

TEST_CASE("student home: links are followed, for reading is not editing") {
  Home home;
  home.write("elsewhere/config.toml", "[intelligence]\ndefault_model = 'm'\n");
  fs::create_symlink(home.path / "elsewhere/config.toml", home.path / "config.toml");
  CHECK(home.settings().model == "m");
}

TEST_CASE("student home: descriptions are those of tools that have one") {
  Home home;
  home.write("tools/descriptions.toml", "x = 1\n[a]\ndescription = 'A'\n[b]\nname = 'b'\n");
  CHECK(home.settings().descriptions == std::map<std::string, std::string>{{"a", "A"}});
}
