#include <string>
#include <vector>

#include "core/app/cli/commands.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/cli/project_template.hpp"
#include "core/host/manifest.hpp"
#include "core/host/plugin_host.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

/** Where this program is installed, or its build tree: both hold lib/, share/ and the SDK. */
fs::path prefix() {
  return built_in_plugins().parent_path().parent_path().parent_path();
}

/** Whether CMake looks there unasked. */
bool is_searched(const fs::path& folder) {
  return folder == "/usr" || folder == "/usr/local" || folder == "/";
}

/** The text as one word of a shell. */
std::string quoted(const std::string& text) {
  constexpr const char* kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+,:=@%";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::vector<std::string> next_commands(const fs::path& project, const std::string& name) {
  const fs::path build = project / "build";
  const fs::path library = build / "plugins" / name / (name + ".so");
  const std::string found =
      is_searched(prefix()) ? "" : " " + quoted("-DCMAKE_PREFIX_PATH=" + prefix().string());
  return {"cmake -S " + quoted(project.string()) + " -B " + quoted(build.string()) + found,
          "cmake --build " + quoted(build.string()),
          "ctest --test-dir " + quoted(build.string()) + " --output-on-failure",
          quoted((prefix() / "bin" / "jarvis").string()) + " plugins check " +
              quoted(library.string())};
}

}  // namespace

Result<int> plugins_new(Application&, const Arguments& arguments, Output& output) {
  const std::string kind = arguments.text("kind");
  const std::string name = arguments.text("name");
  const std::string language = arguments.text("--lang", "cpp");
  if (!is_plugin_name(name))
    return Error{ErrorKind::usage, "'" + name + "' cannot name a plugin",
                 "use lower-case letters, digits, - and _, at most 64, a letter or digit first"};
  const fs::path directory = (fs::absolute(arguments.text("--dir", ".")) / name).lexically_normal();
  const auto files =
      project_files(prefix() / "share" / "jarvis" / "template", kind, language, name);
  if (!files) return files.error();
  if (auto written = write_project(directory, *files); !written) return written.error();

  json::array names, next;
  for (const ProjectFile& file : *files) names.emplace_back(file.name);
  output.line("Made " + directory.string() + ". Build, test and check it:");
  output.line();
  for (const std::string& command : next_commands(directory, name)) {
    output.verbatim("  " + command);
    next.emplace_back(command);
  }
  output.line();
  output.line("Its README.md says how to use it.");
  output.document({{"plugin", json::object{{"name", name},
                                           {"kind", kind},
                                           {"language", language},
                                           {"directory", directory.string()},
                                           {"files", std::move(names)}}},
                   {"next", std::move(next)}});
  return 0;
}

}  // namespace jarvis
