#include "core/app/cli/output.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sstream>

#include "core/app/cli/command.hpp"
#include "core/app/cli/diff_lines.hpp"
#include "core/app/cli/text_layout.hpp"
#include "core/app/terminal.hpp"
#include "core/base/json_text.hpp"

namespace jarvis {

namespace {

constexpr char kRed[] = "31";
constexpr char kGreen[] = "32";
constexpr char kCyan[] = "36";
constexpr char kBold[] = "1";

constexpr std::size_t kNarrowestColumn = 24;
constexpr std::size_t kLeastRoom = 16;  ///< whatever the indent
constexpr char kBelow[] = "    ";       ///< before what stands below its row
constexpr char kGoesOn[] = "\u21b3 ";   ///< before the rest of a line that was cut

const char* colour_of(DiffLines::Kind kind) {
  switch (kind) {
    case DiffLines::Kind::header:
      return kBold;
    case DiffLines::Kind::hunk:
      return kCyan;
    case DiffLines::Kind::added:
      return kGreen;
    case DiffLines::Kind::removed:
      return kRed;
    case DiffLines::Kind::context:
      break;
  }
  return nullptr;
}

/** Whole, unless it goes to a window: a log has a message in one line. */
std::vector<std::string> fitted_to_stderr(const std::string& text) {
  if (!::isatty(STDERR_FILENO)) return {text};
  return wrapped(text, static_cast<std::size_t>(columns_of_terminal(STDERR_FILENO)), false);
}

void strip_end(std::string& text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
}

}  // namespace

json::object error_json(const std::string& code, const std::string& message,
                        const std::string& hint) {
  return {{"code", code}, {"message", message}, {"hint", hint}};
}

bool Output::write(const std::string& bytes) const {
  if (write_error_ != 0) return false;
  if (make_room_) make_room_();
  if (std::fwrite(bytes.data(), 1, bytes.size(), stream_) != bytes.size()) write_error_ = errno;
  return write_error_ == 0;
}

bool Output::flush() const {
  if (write_error_ == 0 && std::fflush(stream_) != 0) write_error_ = errno;
  return write_error_ == 0;
}

int Output::finish(int status) const {
  if (flush() || write_error_ == EPIPE) return status;
  std::fprintf(stderr, "jarvis: cannot write to standard output: %s\n",
               std::strerror(write_error_));
  return status == 0 ? exit_status(ErrorKind::io) : status;
}

std::size_t Output::columns() const {
  return static_cast<std::size_t>(form_.in_window ? columns_of_terminal(::fileno(stream_))
                                                  : form_.width);
}

std::string Output::painted(const std::string& text, const char* code) const {
  return form_.color && code ? std::string("\x1b[") + code + "m" + text + "\x1b[0m" : text;
}

void Output::put(const std::string& start, const std::string& text, const char* code) const {
  write(start + painted(text, code) + "\n");
}

void Output::put_wrapped(const std::string& start, const std::string& text) const {
  const std::size_t indent = columns_of(start);
  const std::size_t room = std::max(columns(), indent + kLeastRoom) - indent;
  std::string before = start;
  for (const std::string& part : wrapped(text, room, form_.in_window)) {
    std::string out = before + part;
    strip_end(out);
    put("", out);
    before = std::string(indent, ' ');
  }
}

void Output::document(const json::object& document) const {
  if (form_.json) write(safe_json(pretty(document)));
}

void Output::line(const std::string& text) const {
  if (form_.json) return;
  const std::string shown = visible(text);
  if (columns_of(shown) <= columns()) return verbatim(text);
  const std::size_t indent = hanging_indent(shown);
  put_wrapped(shown.substr(0, indent), shown.substr(indent));
}

void Output::verbatim(const std::string& text) const {
  if (!form_.json) put("", visible(text, true));
}

void Output::heading(const std::string& text) const {
  if (form_.json) return;
  const std::string shown = visible(text);
  if (columns_of(shown) <= columns()) return put("", shown, kBold);
  for (const std::string& part : wrapped(shown, columns(), form_.in_window)) put("", part, kBold);
}

void Output::put_row(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths,
                     const char* code) const {
  std::string start;
  for (std::size_t i = 0; i + 1 < cells.size(); ++i)
    start += cells[i] + std::string(widths[i] - columns_of(cells[i]) + 2, ' ');
  const std::size_t before = columns_of(start);
  const std::string& last = cells.back();
  const std::size_t room = columns() > before ? columns() - before : 0;
  if (room < kNarrowestColumn || widest_word(last) > room) {
    strip_end(start);
    put("", start, code);
    if (!last.empty()) put_wrapped(kBelow, last);
    return;
  }
  for (const std::string& part : wrapped(last, room, form_.in_window)) {
    std::string text = start + part;
    strip_end(text);
    put("", text, code);
    start = std::string(before, ' ');
  }
}

void Output::put_record(const std::vector<std::string>& header,
                        const std::vector<std::string>& cells) const {
  put_wrapped("", cells.front());
  std::size_t widest = 0;
  for (std::size_t i = 1; i < header.size(); ++i) widest = std::max(widest, columns_of(header[i]));
  for (std::size_t i = 1; i < cells.size(); ++i)
    if (!cells[i].empty())
      put_wrapped(kBelow + header[i] + std::string(widest - columns_of(header[i]) + 2, ' '),
                  cells[i]);
}

void Output::table(const std::vector<std::string>& header,
                   const std::vector<std::vector<std::string>>& rows) const {
  if (form_.json) return;
  std::vector<std::vector<std::string>> shown;
  std::vector<std::size_t> widths(header.size(), 0);
  for (const auto& row : rows) {
    shown.emplace_back();
    for (const std::string& cell : row) shown.back().push_back(visible(cell));
  }
  std::size_t before_last = 0;
  for (std::size_t i = 0; i + 1 < header.size(); ++i) {
    widths[i] = columns_of(header[i]);
    for (const auto& row : shown) widths[i] = std::max(widths[i], columns_of(row[i]));
    before_last += widths[i] + (i > 0 ? 2 : 0);
  }
  if (before_last > columns()) {
    for (const auto& row : shown) put_record(header, row);
    return;
  }
  put_row(header, widths, kBold);
  for (const auto& row : shown) put_row(row, widths, nullptr);
}

void Output::diff(const std::string& text, const std::string& indent) const {
  if (form_.json) return;
  const std::size_t room = std::max(columns(), indent.size() + kLeastRoom) - indent.size();
  DiffLines kinds;
  std::istringstream lines(visible(text, true));
  for (std::string row; std::getline(lines, row);) {
    const char* code = colour_of(kinds.kind_of(row));
    if (!form_.in_window || columns_of(row) <= room) {
      put(indent, row, code);
      continue;
    }
    std::string before;
    for (const std::string& piece : pieces_of(row, room - columns_of(kGoesOn))) {
      put(indent + before, piece, code);
      before = kGoesOn;
    }
  }
}

int Output::error(const Error& error) const {
  if (form_.json) {
    document(
        {{"error", error_json(std::string(to_string(error.kind)), error.message, error.hint)}});
  } else {
    std::string text = "jarvis: " + visible(error.message);
    if (!error.hint.empty()) text += " (" + visible(error.hint) + ")";
    if (make_room_) make_room_();
    for (const std::string& part : fitted_to_stderr(text))
      std::fprintf(stderr, "%s\n", part.c_str());
  }
  return exit_status(error.kind);
}

}  // namespace jarvis
