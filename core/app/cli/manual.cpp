#include <algorithm>
#include <filesystem>

#include "core/app/cli/commands.hpp"
#include "core/app/cli/manual_page.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/cli/spelling.hpp"
#include "core/base/atomic_file.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

Result<std::vector<std::string>> write_pages(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return Error{ErrorKind::io,
                 "cannot make the folder '" + folder.string() + "': " + error.message(), ""};
  std::vector<std::string> files;
  for (const std::string& path : manual_paths()) {
    const fs::path file = folder / (page_name(path) + ".1");
    if (auto written = write_file_atomically(file, manual_page(path), 0644); !written)
      return written.error();
    files.push_back(file.string());
  }
  return files;
}

Result<int> print_page(const std::string& path, const Output& output) {
  const auto paths = manual_paths();
  if (std::find(paths.begin(), paths.end(), path) == paths.end())
    return Error{ErrorKind::usage, "there is no command '" + path + "'", did_you_mean(path, paths)};
  const std::string page = manual_page(path);
  output.document({{"page", page_name(path)}, {"text", page}});
  if (!output.json()) output.write(page);
  return 0;
}

}  // namespace

Result<int> manual(Application&, const Arguments& arguments, Output& output) {
  std::string path;
  for (const std::string& word : arguments.list("command"))
    path += (path.empty() ? "" : " ") + word;
  if (!arguments.has("--dir")) return print_page(path, output);
  if (!path.empty())
    return Error{ErrorKind::usage, "--dir writes the pages of all commands",
                 "leave '" + path + "' out"};
  const auto files = write_pages(arguments.text("--dir"));
  if (!files) return files.error();
  output.document({{"files", json::value_from(*files)}});
  output.line(std::to_string(files->size()) + " pages are in " + arguments.text("--dir") + ".");
  return 0;
}

}  // namespace jarvis
