#include "core/home/paths.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <map>

#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;

namespace fs = std::filesystem;

namespace {

/** Sets the three variables for a scope; an empty value takes the variable away. */
class Environment {
 public:
  Environment(const std::string& home, const std::string& openjarvis, const std::string& data) {
    set("HOME", home);
    set("OPENJARVIS_HOME", openjarvis);
    set("XDG_DATA_HOME", data);
  }
  ~Environment() {
    for (const auto& [name, value] : before_) put(name, value);
  }

 private:
  static void put(const std::string& name, const std::string& value) {
    value.empty() ? ::unsetenv(name.c_str()) : ::setenv(name.c_str(), value.c_str(), 1);
  }
  void set(const std::string& name, const std::string& value) {
    const char* old = std::getenv(name.c_str());
    before_[name] = old ? old : "";
    put(name, value);
  }
  std::map<std::string, std::string> before_;
};

}  // namespace

TEST_CASE(
    "home: a home inside a source checkout is refused, by the option and by either variable") {
  TemporaryDirectory place;
  const std::string user = place.path().string();
  std::string checkout = "checkout";
  SUBCASE("of OpenJarvis") {
    place.write("checkout/pyproject.toml", "[project]\nname = \"openjarvis\"\n");
  }
  SUBCASE("of OpenJarvis, as Python writes names") {
    place.write("checkout/pyproject.toml", "[project]\nversion = \"1\"\nname = 'Open-Jarvis'\n");
  }
  SUBCASE("of this project") {
    place.write("checkout/CMakeLists.txt", "project(jarvis-learning VERSION 1.2.3)\n");
  }
  const std::string below = (place.path() / "checkout/a/b").string();
  for (const auto& home :
       {resolve_home(below), resolve_home((place.path() / "checkout").string())}) {
    REQUIRE(!home.ok());
    CHECK(home.error().kind == ErrorKind::configuration);
    CHECK(home.error().message.starts_with(
        "ConfigurationError: distillation root inside source tree"));
    CHECK(home.error().hint == "set OPENJARVIS_HOME to ~/.openjarvis or another directory outside");
  }
  {
    const Environment environment(user, below, "");
    CHECK(!resolve_home({}).ok());
  }
  const Environment environment(user, "", below);
  CHECK(!resolve_home({}).ok());
}

TEST_CASE("home: a link does not hide a source checkout") {
  TemporaryDirectory place;
  place.write("checkout/pyproject.toml", "[project]\nname = \"openjarvis\"\n");
  fs::create_directory_symlink(place.path() / "checkout", place.path() / "link");
  CHECK(!resolve_home((place.path() / "link/home").string()).ok());
}

TEST_CASE("home: other projects, and a clone inside the home, are no source checkout") {
  TemporaryDirectory place;
  place.write("pyproject.toml", "[project]\nname = \"my-openjarvis-tools\"\n");
  place.write("CMakeLists.txt", "project(other)\n");
  place.write("home/src/pyproject.toml", "[project]\nname = \"openjarvis\"\n");
  CHECK(resolve_home((place.path() / "home").string()).ok());
  place.write("pyproject.toml", "not toml [[[ name = \"openjarvis\"");
  CHECK(resolve_home((place.path() / "home").string()).ok());
}

TEST_CASE("home: what cannot be a home is refused") {
  TemporaryDirectory place;
  CHECK(resolve_home("").error().kind == ErrorKind::usage);
  CHECK(!resolve_home("~somebody/home").ok());
  place.write("file", "x");
  CHECK(!resolve_home((place.path() / "file").string()).ok());
  fs::create_symlink("loop", place.path() / "loop");
  CHECK(!resolve_home((place.path() / "loop").string()).ok());
}

TEST_CASE("home: the option comes before the variables, these before the default") {
  TemporaryDirectory place;
  const std::string user = place.path().string();
  {
    const Environment environment(user, "~/of-variable", "/data");
    CHECK(*resolve_home("~/given/") == place.path() / "given");
    CHECK(*resolve_home({}) == place.path() / "of-variable");
    CHECK(*resolve_home("~") == place.path());
  }
  {
    const Environment environment(user, "", user + "/data");
    CHECK(*resolve_home({}) == place.path() / "data/openjarvis");
  }
  const Environment environment(user, "", "");
  CHECK(*resolve_home({}) == place.path() / ".openjarvis");
}

TEST_CASE("home: the path is absolute and its links are resolved") {
  TemporaryDirectory place;
  fs::create_directory(place.path() / "real");
  fs::create_directory_symlink(place.path() / "real", place.path() / "link");
  CHECK(*resolve_home((place.path() / "link/not/../yet").string()) == place.path() / "real/yet");
}
