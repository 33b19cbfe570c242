#include "core/session/record/review_queue.hpp"

#include <algorithm>
#include <tuple>

#include "core/base/atomic_file.hpp"
#include "core/base/json_text.hpp"
#include "core/base/set_aside.hpp"
#include "core/model/edit_json.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kQueueFileLimit = std::size_t{16} << 20;

/** The number at an id's end is given whole: where …-1 is decided already, …-10 was not meant. */
bool is_abbreviation(const std::string& text, const std::string& id) {
  return !text.empty() && id.rfind(text, 0) == 0 && text.size() <= id.rfind('-') + 1;
}

/** A sound file's text as an edit, whatever the file is called. */
Result<QueuedEdit> read_queued(const fs::path& file) try {
  std::error_code ignored;
  if (fs::is_symlink(fs::symlink_status(file, ignored)))
    return Error{ErrorKind::refused, "'" + file.string() + "' is a link", ""};
  const auto text = read_file(file, kQueueFileLimit);
  if (!text) return text.error();
  const json::object object = sdk::parse_object(*text, "'" + file.string() + "'");
  return QueuedEdit{sdk::required_string(object, "session_id"),
                    edit_from_json(sdk::optional_object(object, "edit")),
                    sdk::optional_string(object, "reason"), sdk::optional_string(object, "diff"),
                    sdk::optional_string(object, "content_sha256")};
} catch (const std::exception& error) {
  return Error{ErrorKind::invalid, "'" + file.string() + "': " + error.what(), ""};
}

}  // namespace

ReviewQueue::ReviewQueue(const fs::path& home) : directory_(home / "learning" / "pending_review") {}

fs::path ReviewQueue::file_of(const QueuedEdit& queued) const {
  return directory_ / (queued.session_id + "__" + queued.edit.id + ".json");
}

Result<void> ReviewQueue::add(const QueuedEdit& queued) const {
  if (auto made = make_private_directory(directory_); !made) return made;
  const json::object object{{"session_id", queued.session_id},
                            {"edit", to_json(queued.edit)},
                            {"reason", queued.reason},
                            {"diff", queued.diff},
                            {"content_sha256", queued.content_sha256}};
  return write_file_atomically(file_of(queued), pretty(object));
}

std::vector<fs::path> ReviewQueue::files() const {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory_, error))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  return files;
}

Result<QueuedEdit> ReviewQueue::read(const fs::path& file) const {
  auto queued = read_queued(file);
  // The name is made of ids, and is what is removed: no other edit may stand in the file.
  if (queued && file_of(*queued) != file)
    return Error{ErrorKind::invalid,
                 "'" + file.string() + "' holds another edit: '" + queued->edit.id +
                     "' of session '" + queued->session_id + "'",
                 ""};
  return queued;
}

std::vector<QueuedEdit> ReviewQueue::list(std::vector<std::string>& broken) const {
  std::vector<QueuedEdit> queue;
  for (const fs::path& file : files()) {
    auto queued = read(file);
    if (queued)
      queue.push_back(std::move(*queued));
    else
      broken.push_back(queued.error().message);
  }
  // Edit ids end with the place in the plan: 10 comes after 9.
  std::sort(queue.begin(), queue.end(), [](const QueuedEdit& one, const QueuedEdit& other) {
    return std::tuple(one.session_id, one.edit.id.size(), one.edit.id) <
           std::tuple(other.session_id, other.edit.id.size(), other.edit.id);
  });
  std::sort(broken.begin(), broken.end());
  return queue;
}

std::vector<std::string> ReviewQueue::set_broken_aside() const {
  std::vector<std::string> lines;
  for (const fs::path& file : files()) {
    const auto queued = read(file);
    if (queued) continue;
    const auto aside = set_aside(file);
    lines.push_back(aside ? queued.error().message + ": it is kept as '" +
                                aside->filename().string() + "'"
                          : aside.error().message);
  }
  return lines;
}

Result<QueuedEdit> ReviewQueue::find(const std::string& id_or_prefix) const {
  std::vector<std::string> broken;
  std::vector<QueuedEdit> matches;
  for (QueuedEdit& queued : list(broken)) {
    if (queued.edit.id == id_or_prefix) return queued;
    if (is_abbreviation(id_or_prefix, queued.edit.id))
      matches.push_back(std::move(queued));
  }
  if (matches.size() == 1) return matches[0];
  if (matches.size() > 1)
    return Error{ErrorKind::not_found,
                 "edit '" + id_or_prefix + "' is ambiguous: " + matches[0].edit.id + ", " +
                     matches[1].edit.id,
                 "give more of the id"};
  return Error{ErrorKind::not_found, "no edit '" + id_or_prefix + "' waits for review",
               "see 'jarvis learning review'"};
}

Result<void> ReviewQueue::remove(const QueuedEdit& queued) const {
  std::error_code error;
  fs::remove(file_of(queued), error);
  if (error)
    return Error{ErrorKind::io,
                 "cannot remove '" + file_of(queued).string() + "': " + error.message(), ""};
  return {};
}

}  // namespace jarvis
