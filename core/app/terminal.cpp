#include "core/app/terminal.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace jarvis {

namespace {

constexpr int kPlainColumns = 80;
constexpr int kFewestColumns = 40;

int wanted_columns(int descriptor) {
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const char* said = std::getenv("COLUMNS");
  const int columns = said ? std::atoi(said) : 0;
  return columns > 0 ? columns : kPlainColumns;
}

}  // namespace

bool is_capable_terminal(int descriptor) {
  const char* terminal = std::getenv("TERM");
  return ::isatty(descriptor) && terminal && std::string_view(terminal) != "dumb";
}

int columns_of_terminal(int descriptor) {
  return std::max(wanted_columns(descriptor), kFewestColumns);
}

void open_missing_streams() {
  int opened = 0;
  while (opened >= 0 && opened <= STDERR_FILENO) opened = ::open("/dev/null", O_RDWR);
  if (opened > STDERR_FILENO) ::close(opened);
}

}  // namespace jarvis
