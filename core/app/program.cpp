#include "core/app/program.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>

#include "core/app/application.hpp"
#include "core/app/cli/command_line.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/interrupt.hpp"
#include "core/app/log.hpp"
#include "core/app/terminal_progress.hpp"
#include "core/home/paths.hpp"

namespace jarvis {

namespace {

constexpr int kPlainWidth = 80;

int terminal_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kPlainWidth;
  return std::max<int>(size.ws_col, 40);
}

bool can_write_over(int descriptor) {
  const char* terminal = std::getenv("TERM");
  return ::isatty(descriptor) && terminal && std::string_view(terminal) != "dumb";
}

Output::Form form_of(const Invocation& invocation) {
  const char* no_color = std::getenv("NO_COLOR");
  const bool plain = invocation.no_color || (no_color && *no_color);
  return {invocation.json, !plain && can_write_over(STDOUT_FILENO), terminal_width()};
}

Result<int> run(const Invocation& invocation, Output& output) try {
  const auto home = resolve_home(invocation.home);
  if (!home) return home.error();
  start_log(invocation.verbosity);
  catch_interrupts();
  TerminalProgress progress(invocation.json, can_write_over(STDERR_FILENO));
  Application application(*home, progress, invocation.verbosity);
  return invocation.command->handler(application, invocation.arguments, output);
} catch (const std::exception& error) {
  return Error{ErrorKind::internal, error.what(), ""};
}

}  // namespace

int run_program(int count, char** words) {
  bool wants_json = false;
  const auto invocation = read_command_line(count, words, wants_json);
  if (!invocation) return Output({wants_json, false, kPlainWidth}).error(invocation.error());
  Output output(form_of(*invocation));
  if (!invocation->command) {
    output.document({{"text", invocation->text}});
    if (!output.json()) std::fputs(invocation->text.c_str(), stdout);
    return 0;
  }
  const auto status = run(*invocation, output);
  return status ? *status : output.error(status.error());
}

}  // namespace jarvis
