#include "tests/terminal/terminal_window.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <stdexcept>
#include <thread>

#include "tests/support/program.hpp"

namespace jarvis::testing {

namespace {

constexpr char kTmux[] = "/usr/bin/tmux";
constexpr char kEnded[] = "ended with status ";
// The window stays when the program has ended. Ctrl-C is for the program, not for the shell.
constexpr char kScript[] =
    "trap : INT; \"$@\"; printf '\\nended with status %d\\n' $?; exec cat >/dev/null";
constexpr std::chrono::seconds kPatience{60};
constexpr std::chrono::milliseconds kLook{20};

bool becomes_true(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(kLook);
  }
  return true;
}

}  // namespace

bool can_open_windows() {
  if (std::filesystem::exists(kTmux)) return true;
  MESSAGE("skipped: there is no tmux here");
  return false;
}

TerminalWindow::TerminalWindow(const std::vector<std::string>& words,
                               std::map<std::string, std::string> environment, int columns,
                               int rows)
    : environment_(std::move(environment)) {
  environment_["PATH"] = "/usr/bin:/bin";
  environment_["SHELL"] = "/bin/sh";
  environment_["LC_ALL"] = "C.UTF-8";
  directory_.write("tmux.conf",
                   "set -g default-terminal screen-256color\n"
                   "set -g history-limit 5000\n"
                   "set -g status off\n");
  std::vector<std::string> start{"new-session", "-d",
                                 "-x",          std::to_string(columns),
                                 "-y",          std::to_string(rows),
                                 "--",          "/bin/sh",
                                 "-c",          kScript,
                                 "sh"};
  start.insert(start.end(), words.begin(), words.end());
  tmux(start);
}

TerminalWindow::~TerminalWindow() {
  try {
    tmux({"kill-server"});
  } catch (const std::exception& error) {
    WARN_MESSAGE(false, error.what());
  }
}

std::string TerminalWindow::tmux(std::vector<std::string> words) const {
  const std::string folder = directory_.path().string();
  words.insert(words.begin(), {kTmux, "-u", "-S", folder + "/socket", "-f", folder + "/tmux.conf"});
  const auto finished = run_program({words, environment_, directory_.path()});
  if (finished.status != 0) throw std::runtime_error("tmux: " + finished.err);
  return finished.out;
}

std::string TerminalWindow::seen() const {
  return tmux({"capture-pane", "-p"});
}

std::string TerminalWindow::all() const {
  return tmux({"capture-pane", "-p", "-S", "-"});
}

std::string TerminalWindow::coloured() const {
  return tmux({"capture-pane", "-p", "-e", "-S", "-"});
}

bool TerminalWindow::comes(const std::string& text) const {
  return becomes_true([&] { return all().find(text) != std::string::npos; });
}

int TerminalWindow::ends() const {
  std::string text;
  const bool ended = becomes_true([&] {
    text = all();
    return text.find(kEnded) != std::string::npos;
  });
  return ended ? std::stoi(text.substr(text.find(kEnded) + sizeof kEnded - 1)) : -1;
}

void TerminalWindow::type(const std::string& text) const {
  if (!text.empty()) tmux({"send-keys", "-l", "--", text});
  press("Enter");
}

void TerminalWindow::press(const std::string& key) const {
  tmux({"send-keys", key});
}

void TerminalWindow::resize(int columns, int rows) const {
  tmux({"resize-window", "-x", std::to_string(columns), "-y", std::to_string(rows)});
}

}  // namespace jarvis::testing
