#include "core/home/staging/home_stager.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <jarvis/text/student_settings.hpp>

#include "core/base/atomic_file.hpp"
#include "core/base/digest.hpp"
#include "core/home/beneath.hpp"
#include "core/home/paths.hpp"
#include "core/home/staging/scratch_home.hpp"
#include "core/home/traces/trace_writer.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

Result<void> check_name(const std::string& name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '-' || c == '.';
  });
  if (plain && !name.empty() && name.size() <= 200 && name.front() != '.') return {};
  return Error{ErrorKind::refused, "'" + name + "' cannot name a staging directory",
               "use letters, digits, '_', '-' and '.'"};
}

/** Where the link `base`/`path` leads; empty for a file. */
std::string link_target(const HomeView& base, const std::string& path) {
  std::error_code ignored;
  const fs::path file = base.root() / path;
  return fs::is_symlink(file, ignored) ? fs::read_symlink(file, ignored).string() : "";
}

Result<void> copy_tracked(const HomeView& base, ScratchHome& stage) {
  const auto files = base.tracked_files();
  if (!files) return files.error();
  for (const std::string& path : *files) {
    const auto text = base.read(path);
    if (!text) return text.error();
    if (auto added = stage.add(path, *text, link_target(base, path)); !added) return added;
  }
  return {};
}

Result<void> copy_notes(const HomeView& base, ScratchHome& stage) {
  for (const char* place : text::kNotePlaces) {
    const auto found = files_beneath(base.root(), place, NestedRepositories::skip);
    if (!found) return found.error();
    for (const FoundFile& file : *found) {
      // A link that leaves the home, or something that is no file, is no note for the student.
      const auto text = base.read(file.path);
      if (!text) continue;
      if (auto added = stage.add(file.path, *text, ""); !added) return added;
    }
  }
  return {};
}

}  // namespace

HomeStager::HomeStager(fs::path home) : folder_(std::move(home) / kStagingFolder) {}

Result<std::string> HomeStager::empty_traces() {
  const std::lock_guard lock(mutex_);
  if (!empty_traces_.empty()) return empty_traces_;
  const fs::path path = folder_ / (".empty-" + random_hex(16) + ".db");
  auto made = create_trace_database(path);
  auto text = made ? read_file(path) : Result<std::string>(made.error());
  std::error_code ignored;
  fs::remove(path, ignored);
  if (text) empty_traces_ = *text;
  return text;
}

Result<std::unique_ptr<HomeStage>> HomeStager::stage(const HomeView& base,
                                                     const std::string& name) {
  if (auto checked = check_name(name); !checked) return checked.error();
  if (auto made = make_private_directory(folder_); !made) return made.error();
  const auto traces = empty_traces();
  if (!traces) return traces.error();
  const fs::path root = folder_ / name;
  if (::mkdir(root.c_str(), 0700) != 0)
    return Error{ErrorKind::io, "cannot make '" + root.string() + "': " + std::strerror(errno),
                 "remove what an earlier session left in '" + folder_.string() + "'"};
  auto stage = std::make_unique<ScratchHome>(root);
  if (auto copied = copy_tracked(base, *stage); !copied) return copied.error();
  if (auto copied = copy_notes(base, *stage); !copied) return copied.error();
  if (auto added = stage->add(kTracesFile, *traces, ""); !added) return added.error();
  return std::unique_ptr<HomeStage>(std::move(stage));
}

Result<std::vector<std::string>> remove_leftover_stages(const fs::path& home) {
  std::vector<std::string> removed;
  std::error_code error;
  const fs::path folder = home / kStagingFolder;
  if (!fs::is_directory(folder, error)) return removed;
  try {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      fs::remove_all(entry.path());
      removed.push_back(entry.path().filename().string());
    }
  } catch (const fs::filesystem_error& failure) {
    return Error{ErrorKind::io, std::string("cannot empty the staging folder: ") + failure.what(),
                 "remove '" + folder.string() + "' by hand"};
  }
  std::sort(removed.begin(), removed.end());
  return removed;
}

}  // namespace jarvis
