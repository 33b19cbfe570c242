// Reads the includes of the whole tree and holds them to docs/architecture.md.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

constexpr int kLongestFile = 500;

struct SourceFile {
  std::string path;  ///< relative to the tree
  std::string text;
  std::vector<std::string> includes;
  bool is_test = false;

  int lines() const { return static_cast<int>(std::count(text.begin(), text.end(), '\n')); }
};

bool begins(const std::string& text, const std::string& start) {
  return text.rfind(start, 0) == 0;
}

bool ends(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

bool begins_with_any(const std::string& text, const std::vector<std::string>& starts) {
  return std::any_of(starts.begin(), starts.end(),
                     [&](const auto& start) { return begins(text, start); });
}

std::vector<std::string> includes_of(const std::string& text) {
  static const std::regex kInclude("#\\s*include\\s*[<\"]([^>\"]+)[>\"]");
  std::vector<std::string> includes;
  for (std::sregex_iterator at(text.begin(), text.end(), kInclude), end; at != end; ++at)
    includes.push_back((*at)[1]);
  return includes;
}

SourceFile read(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  SourceFile source{file.lexically_relative(SOURCE_TREE).generic_string(), text.str(), {}, false};
  source.includes = includes_of(source.text);
  source.is_test = begins(source.path, "tests/") || begins(source.path, "sdk/tests/") ||
                   ends(source.path, "_test.cpp") || ends(source.path, "_fixture.hpp") ||
                   begins(file.filename().string(), "test_");
  return source;
}

/** Every C and C++ file of the product and of its tests. */
const std::vector<SourceFile>& sources() {
  static const std::vector<SourceFile> found = [] {
    const std::set<std::string> kinds{".cpp", ".hpp", ".c", ".h"};
    std::vector<SourceFile> files;
    for (const char* folder : {"core", "plugins", "sdk", "config", "tests"})
      for (const auto& entry : fs::recursive_directory_iterator(fs::path(SOURCE_TREE) / folder))
        if (kinds.count(entry.path().extension().string())) files.push_back(read(entry.path()));
    return files;
  }();
  return found;
}

/** "core/x/y.hpp includes core/z.hpp" for each include below `folder` that begins with one of
 * `watched` and with none of `allowed`. */
std::vector<std::string> breaches(const std::string& folder,
                                  const std::vector<std::string>& watched,
                                  const std::vector<std::string>& allowed) {
  std::vector<std::string> found;
  for (const SourceFile& file : sources())
    if (begins(file.path, folder) && !file.is_test)
      for (const std::string& include : file.includes)
        if (begins_with_any(include, watched) && !begins_with_any(include, allowed))
          found.push_back(file.path + " includes " + include);
  return found;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n  " + line;
  return text;
}

#define CHECK_NONE(expression)                            \
  do {                                                    \
    const std::vector<std::string> problems = expression; \
    CHECK_MESSAGE(problems.empty(), joined(problems));    \
  } while (false)

const std::vector<std::string> kOurs{"core/", "plugins/", "config/", "tests/"};

}  // namespace

TEST_CASE("architecture: the whole tree is read") {
  CHECK(sources().size() > 200);
  for (const char* folder :
       {"core/session/diagnose/", "core/host/", "plugins/appliers/", "sdk/include/jarvis/abi/"})
    CHECK(std::any_of(sources().begin(), sources().end(),
                      [&](const SourceFile& file) { return begins(file.path, folder); }));
}

TEST_CASE("architecture: the model knows the model and the SDK's JSON alone") {
  CHECK_NONE(breaches("core/model/", kOurs, {"core/model/"}));
  CHECK_NONE(breaches("core/model/", {"jarvis/"}, {"jarvis/sdk/json.hpp", "jarvis/sdk/payload/"}));
}

TEST_CASE("architecture: base and ports know nothing above them") {
  CHECK_NONE(breaches("core/base/", kOurs, {"core/base/", "core/model/"}));
  CHECK_NONE(breaches("core/ports/", kOurs, {"core/ports/", "core/base/", "core/model/"}));
}

TEST_CASE("architecture: the watch knows model, ports and base") {
  CHECK_NONE(breaches("core/watch/", kOurs,
                      {"core/watch/", "core/model/", "core/ports/", "core/base/"}));
}

TEST_CASE("architecture: a phase knows model, ports and base, and never another phase") {
  for (const std::string phase : {"diagnose", "plan", "execute", "record"}) {
    const std::string folder = "core/session/" + phase + "/";
    CAPTURE(folder);
    CHECK_NONE(breaches(folder, kOurs, {"core/model/", "core/ports/", "core/base/", folder}));
    CHECK_NONE(breaches(folder, {"jarvis/"}, {"jarvis/sdk/", "jarvis/text/"}));
  }
}

TEST_CASE("architecture: the session knows its phases and the ports") {
  CHECK_NONE(breaches("core/session/", kOurs,
                      {"core/model/", "core/ports/", "core/base/", "core/session/"}));
}

TEST_CASE("architecture: home, benchmark, budget and host know no phase, no session and no app") {
  const std::vector<std::string> below{"core/model/", "core/ports/", "core/base/",
                                       "config/embedded.hpp"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), below.begin(), below.end());
    return more;
  };
  CHECK_NONE(breaches("core/home/", kOurs, with({"core/home/"})));
  CHECK_NONE(breaches("core/benchmark/", kOurs, with({"core/benchmark/"})));
  CHECK_NONE(breaches("core/budget/", kOurs, with({"core/budget/"})));
  CHECK_NONE(breaches("core/host/", kOurs, with({"core/host/", "core/budget/"})));
}

TEST_CASE("architecture: only main.cpp and the app know the app") {
  for (const SourceFile& file : sources())
    if (!file.is_test && !begins(file.path, "core/app/") && file.path != "core/main.cpp")
      for (const std::string& include : file.includes) {
        CAPTURE(file.path);
        CHECK(!begins(include, "core/app/"));
      }
}

TEST_CASE("architecture: built-in plugins are built with the SDK alone") {
  for (const SourceFile& file : sources()) {
    if (!begins(file.path, "plugins/") || file.is_test) continue;
    const fs::path folder = fs::path(file.path).parent_path();
    CHECK_NONE(breaches(file.path, {"core/", "plugins/", "config/", "tests/", "sdk/"},
                        {"plugins/shared/", folder.generic_string() + "/"}));
    CHECK_NONE(breaches(file.path, {"jarvis/"}, {"jarvis/sdk/", "jarvis/text/", "jarvis/abi/"}));
    CHECK_NONE(breaches(
        file.path, {"Poco/", "boost/dll", "dlfcn.h", "git2", "sys/socket.h", "netdb.h", "curl/"},
        {}));
  }
}

TEST_CASE("architecture: the SDK knows nothing of the host") {
  CHECK_NONE(breaches("sdk/", kOurs, {}));
  CHECK_NONE(breaches("sdk/include/jarvis/abi/", {""}, {"stdint.h", "jarvis/abi/"}));
  CHECK_NONE(breaches("sdk/include/jarvis/sdk/", {"jarvis/"}, {"jarvis/abi/", "jarvis/sdk/"}));
  CHECK_NONE(breaches("sdk/include/jarvis/sdk/", {"boost/"}, {"boost/json.hpp"}));
}

TEST_CASE("architecture: the C ABI is used and Boost.DLL included by the host alone") {
  for (const SourceFile& file : sources()) {
    if (file.is_test || begins(file.path, "core/host/")) continue;
    CAPTURE(file.path);
    for (const std::string& include : file.includes) {
      CAPTURE(include);
      CHECK(!begins(include, "boost/dll"));
      if (begins(file.path, "core/") && include != "jarvis/abi/interfaces.h")
        CHECK(!begins(include, "jarvis/abi/"));
    }
  }
}

TEST_CASE("architecture: slow headers stay out of our headers") {
  for (const SourceFile& file : sources()) {
    if (file.is_test || !(ends(file.path, ".hpp") || ends(file.path, ".h"))) continue;
    CAPTURE(file.path);
    for (const std::string& include : file.includes) {
      CAPTURE(include);
      CHECK(!begins_with_any(include, {"toml++", "boost/dll", "rapidjson/", "boost/math", "re2/"}));
    }
  }
}

TEST_CASE("architecture: a writable home is seen by execute, home, app, ports and host alone") {
  const std::regex name("\\bHomeStage\\b");
  for (const SourceFile& file : sources()) {
    if (file.is_test || !begins(file.path, "core/")) continue;
    if (begins_with_any(file.path, {"core/session/execute/", "core/home/", "core/app/",
                                    "core/ports/", "core/host/"}))
      continue;
    CAPTURE(file.path);
    CHECK(!std::regex_search(file.text, name));
    CHECK(std::count(file.includes.begin(), file.includes.end(), "core/ports/home_stage.hpp") == 0);
  }
}

TEST_CASE("architecture: no file is longer than 500 lines") {
  for (const SourceFile& file : sources()) CHECK_MESSAGE(file.lines() <= kLongestFile, file.path);
}

TEST_CASE("architecture: every header is included once however often it is asked for") {
  for (const SourceFile& file : sources())
    if (ends(file.path, ".hpp"))
      CHECK_MESSAGE(file.text.find("#pragma once") != std::string::npos, file.path);
}

// Two classes of one name in one program are one class to the linker, which takes any of the two
// destructors and containers for both.
TEST_CASE("architecture: no two headers of the program define a class of the same name") {
  const std::regex definition("(^|\\n)(class|struct|enum class) ([\\w:]+)[^;{\\n]*\\{");
  const std::regex name_space("\\nnamespace (jarvis[\\w:]*) \\{");
  std::map<std::string, std::string> defined;
  for (const SourceFile& file : sources()) {
    if (!begins(file.path, "core/") || !ends(file.path, ".hpp")) continue;
    std::smatch home;
    const std::string within =
        std::regex_search(file.text, home, name_space) ? home[1].str() + "::" : "";
    for (std::sregex_iterator at(file.text.begin(), file.text.end(), definition), end; at != end;
         ++at) {
      const auto [other, is_new] = defined.emplace(within + (*at)[3].str(), file.path);
      CHECK_MESSAGE(is_new, (*at)[3].str() << " in " << other->second << " and " << file.path);
    }
  }
  CHECK(defined.size() > 200);
}

TEST_CASE("architecture: nothing in the tree names the machine that it was written on") {
  const std::regex machine("/(root|work|home/[a-z]+/src)/(main|shared)\\b");
  for (const SourceFile& file : sources())
    CHECK_MESSAGE(!std::regex_search(file.text, machine), file.path);
}
