#include "tests/cases/window.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <regex>
#include <stdexcept>
#include <thread>

namespace jarvis::testing {

namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {
    if (number < 0) throw std::runtime_error("there is no terminal to be had");
  }
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }

 private:
  const int number_;
};

/** Until nobody has the other end any more. */
std::string all_from(int terminal) {
  std::string text, piece(4096, '\0');
  for (ssize_t count; (count = ::read(terminal, piece.data(), piece.size())) > 0;)
    text.append(piece, 0, static_cast<std::size_t>(count));
  return text;
}

}  // namespace

std::string run_in_window(Launch launch, int columns) {
  const Descriptor terminal(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (::grantpt(terminal.get()) != 0 || ::unlockpt(terminal.get()) != 0)
    throw std::runtime_error("the terminal cannot be opened");
  launch.out = ::ptsname(terminal.get());
  Finished finished;
  std::string text;
  std::thread reader;
  {
    // While it is open the reader finds no end.
    const Descriptor other_end(::open(launch.out.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    termios mode{};
    ::tcgetattr(other_end.get(), &mode);
    mode.c_oflag &= ~static_cast<tcflag_t>(OPOST);
    ::tcsetattr(other_end.get(), TCSANOW, &mode);
    winsize size{};
    size.ws_col = static_cast<unsigned short>(columns);
    size.ws_row = 24;
    ::ioctl(other_end.get(), TIOCSWINSZ, &size);
    reader = std::thread([&] { text = all_from(terminal.get()); });
    finished = run_program(launch);
  }
  reader.join();
  if (finished.status != 0)
    throw std::runtime_error("exit " + std::to_string(finished.status) + ": " + finished.err);
  return text;
}

std::string without_colours(const std::string& text) {
  static const std::regex colour("\x1b\\[[0-9;]*m");
  return std::regex_replace(text, colour, "");
}

}  // namespace jarvis::testing
