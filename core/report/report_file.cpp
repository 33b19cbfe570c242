#include "core/report/report_file.hpp"

#include "core/base/atomic_file.hpp"

namespace jarvis {

namespace fs = std::filesystem;

Result<void> write_report_file(const fs::path& file, const std::string& text) {
  std::error_code unknown;
  const fs::file_type type = fs::symlink_status(file, unknown).type();
  const bool is_free = type == fs::file_type::not_found || type == fs::file_type::regular;
  if (is_free && file.has_filename()) return write_file_atomically(file, text);
  const std::string what = type == fs::file_type::symlink ? "a symbolic link"
                           : type == fs::file_type::directory || !file.has_filename()
                               ? "a directory"
                               : "no regular file";
  return Error{ErrorKind::refused, "cannot write the report: '" + file.string() + "' is " + what,
               "name another file; - is stdout"};
}

}  // namespace jarvis
