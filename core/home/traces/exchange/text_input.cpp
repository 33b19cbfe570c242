#include "core/home/traces/exchange/text_input.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace jarvis {

namespace {

constexpr std::size_t kChunk = std::size_t{1} << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

Result<TextInput> TextInput::open(const std::string& name) {
  const int file = name == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                               : ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return Error{errno == ENOENT ? ErrorKind::not_found : ErrorKind::io,
                 "cannot read '" + name + "': " + std::strerror(errno),
                 "check the path; '-' reads from stdin"};
  TextInput input(file);
  struct stat facts {};
  if (::fstat(file, &facts) == 0 && S_ISDIR(facts.st_mode))
    return Error{ErrorKind::io, "cannot read '" + name + "': it is a directory", "name its files"};
  input.peek(kByteOrderMark.size());
  input.skip_byte_order_mark();
  return input;
}

TextInput::TextInput(TextInput&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      buffer_(std::move(other.buffer_)),
      begin_(other.begin_),
      at_end_(other.at_end_),
      line_(other.line_),
      failure_(std::move(other.failure_)) {}

TextInput::~TextInput() {
  if (file_ >= 0) ::close(file_);
}

void TextInput::skip_byte_order_mark() {
  if (rest().substr(0, kByteOrderMark.size()) == kByteOrderMark) begin_ += kByteOrderMark.size();
}

bool TextInput::read_more() {
  if (at_end_) return false;
  buffer_.erase(0, begin_);
  begin_ = 0;
  const std::size_t held = buffer_.size();
  buffer_.resize(held + kChunk);
  ssize_t count = 0;
  do {
    count = ::read(file_, buffer_.data() + held, kChunk);
  } while (count < 0 && errno == EINTR);
  if (count < 0) failure_ = std::strerror(errno);
  buffer_.resize(held + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  at_end_ = count <= 0;
  return !at_end_;
}

std::string_view TextInput::peek(std::size_t most) {
  while (rest().size() < most && read_more()) {
  }
  return rest().substr(0, most);
}

bool TextInput::next_line(Line& line) {
  line = {{}, line_, false};
  std::size_t searched = 0;
  for (;;) {
    const std::size_t end = rest().find('\n', searched);
    if (end != std::string_view::npos) {
      if (!line.too_long) line.text = rest().substr(0, end);
      begin_ += end + 1;
      ++line_;
      break;
    }
    searched = rest().size();
    if (searched > kLongestLine) {
      line.too_long = true;
      begin_ += searched;
      searched = 0;
    }
    if (read_more()) continue;
    if (rest().empty() && !line.too_long) return false;
    if (!line.too_long) line.text = rest();
    begin_ = buffer_.size();
    break;
  }
  if (!line.text.empty() && line.text.back() == '\r') line.text.remove_suffix(1);
  return true;
}

std::string_view TextInput::available() {
  if (rest().empty()) read_more();
  return rest();
}

void TextInput::take(std::size_t bytes) {
  const std::string_view taken = rest().substr(0, bytes);
  line_ += std::count(taken.begin(), taken.end(), '\n');
  begin_ += taken.size();
}

}  // namespace jarvis
