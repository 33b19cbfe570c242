#include "core/home/checkpoint/transition_journal.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/base/atomic_file.hpp"
#include "core/base/utf8.hpp"
#include "core/model/json.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

constexpr const char* kPlacedBeside = "jarvis-";  // see place_files
constexpr const char* kName = "transition.json";

json::object document_of(const PlannedTransition& planned) {
  json::array reverted;
  for (const RevertedCommit& commit : planned.reverted)
    reverted.push_back(
        json::object{{"commit", commit.commit}, {"revert_commit", commit.revert_commit}});
  // For people to read: a name may hold any bytes, and the files follow from the commits.
  json::array paths;
  for (const std::string& path : planned.paths) paths.emplace_back(valid_utf8(path));
  return {{"from", planned.from},
          {"to", planned.to},
          {"live", planned.live},
          {"paths", std::move(paths)},
          {"reverted", std::move(reverted)},
          {"whole_session", planned.what == TakenBack::session}};
}

PlannedTransition planned_from(const json::object& object) {
  PlannedTransition planned{
      sdk::required_string(object, "from"),
      sdk::required_string(object, "to"),
      sdk::strings_of(sdk::optional_array(object, "paths")),
      {},
      sdk::optional_string(object, "live"),
      sdk::optional_bool(object, "whole_session") ? TakenBack::session : TakenBack::edits};
  for (const json::value& value : sdk::optional_array(object, "reverted"))
    planned.reverted.push_back({sdk::required_string(value.as_object(), "commit"),
                                sdk::optional_string(value.as_object(), "revert_commit")});
  return planned;
}

}  // namespace

TransitionJournal::TransitionJournal(fs::path git) : git_(std::move(git)), file_(git_ / kName) {}

Result<void> TransitionJournal::begin(const PlannedTransition& planned) const {
  return write_file_atomically(file_, json::serialize(document_of(planned)) + "\n");
}

Result<std::optional<PlannedTransition>> TransitionJournal::interrupted() const try {
  const auto text = read_file(file_);
  if (!text && text.error().kind == ErrorKind::not_found) return std::optional<PlannedTransition>();
  if (!text) return text.error();
  return std::optional(planned_from(sdk::parse_object(*text, "note of a transition")));
} catch (const std::exception& error) {
  return Error{
      ErrorKind::invalid, "'" + file_.string() + "' cannot be read: " + error.what(),
      "compare the files with the newest commit ('git status' in the home), then remove it"};
}

Result<void> TransitionJournal::end() const {
  if (::unlink(file_.c_str()) == 0 || errno == ENOENT) return {};
  return Error{ErrorKind::io, "cannot remove '" + file_.string() + "': " + std::strerror(errno),
               "check the rights on the folder"};
}

void TransitionJournal::clean(const std::string& branch) const {
  std::error_code error;
  const auto noted = fs::last_write_time(file_, error);
  const bool is_known = !error;
  for (const fs::path& lock :
       {git_ / "index.lock", git_ / "HEAD.lock", git_ / (branch + ".lock")}) {
    const auto made = fs::last_write_time(lock, error);
    if (!error && is_known && made >= noted) fs::remove(lock, error);
  }
  fs::directory_iterator entries(git_, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error))
    if (entries->path().filename().string().rfind(kPlacedBeside, 0) == 0) {
      std::error_code ignored;
      fs::remove(entries->path(), ignored);
    }
}

}  // namespace jarvis
