#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/support/temporary_directory.hpp"

namespace jarvis::testing {

/** False where there is no tmux: the test says so and ends. */
bool can_open_windows();

/** A window of a terminal with one program in it. Throws when tmux does not do what it is told. */
class TerminalWindow {
 public:
  TerminalWindow(const std::vector<std::string>& words,
                 std::map<std::string, std::string> environment, int columns = 80, int rows = 24);
  ~TerminalWindow();
  TerminalWindow(const TerminalWindow&) = delete;
  TerminalWindow& operator=(const TerminalWindow&) = delete;

  /** What can be seen now, line by line, without blanks at the ends of lines. */
  std::string seen() const;
  /** The same with what has scrolled away. */
  std::string all() const;
  /** With the escape sequences of colours. */
  std::string coloured() const;

  /** Waits until the text is there, also scrolled away; false when it does not come in a minute. Of
   * a text that the window breaks only a part must be asked for. */
  bool comes(const std::string& text) const;
  /** Waits for the program's end and gives its exit status, or 128 and the signal that ended it; -1
   * when it does not end in a minute. */
  int ends() const;

  /** Types the text and Enter. */
  void type(const std::string& text) const;
  /** Presses a key by tmux's name of it: "C-c". */
  void press(const std::string& key) const;
  void resize(int columns, int rows) const;

 private:
  std::string tmux(std::vector<std::string> words) const;

  TemporaryDirectory directory_;
  std::map<std::string, std::string> environment_;
};

}  // namespace jarvis::testing
