#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/model/result.hpp"

namespace jarvis {

/** The bytes of a regular file. not_found when there is none; io for anything else that is in the
 * way; refused when it is larger than `limit` bytes. Follows links. */
Result<std::string> read_file(const std::filesystem::path& path,
                              std::size_t limit = std::size_t{256} << 20);

/** Replaces `path` by `text` so that a reader, also after a power cut, sees the old bytes or the
 * new ones: written beside, fsync, rename, fsync of the directory. */
Result<void> write_file_atomically(const std::filesystem::path& path, const std::string& text,
                                   mode_t mode = 0600);

/** The same for what is larger than memory: written piece by piece beside `path`, which it replaces
 * when it is complete. Without commit() nothing is left of it. One thread at a time. */
class FileReplacement {
 public:
  static Result<std::unique_ptr<FileReplacement>> begin(const std::filesystem::path& path,
                                                        mode_t mode = 0600);
  ~FileReplacement();
  FileReplacement(const FileReplacement&) = delete;
  FileReplacement& operator=(const FileReplacement&) = delete;

  Result<void> append(std::string_view text);
  /** Once, after the last append. */
  Result<void> commit();

 private:
  FileReplacement(std::filesystem::path path, std::filesystem::path beside, mode_t mode, int file);
  Result<void> flush();

  std::filesystem::path path_, beside_;
  mode_t mode_;
  int file_;
  std::string waiting_;
  bool committed_ = false;
};

/** Appends `line` and a newline with one write and an fsync. */
Result<void> append_line_durably(const std::filesystem::path& path, const std::string& line);

/** What was made, moved and removed in the directory is there after a power cut. */
Result<void> sync_directory(const std::filesystem::path& directory);

/** Makes the directory and its missing parents, each 0700. */
Result<void> make_private_directory(const std::filesystem::path& path);

}  // namespace jarvis
