#include "core/app/program.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>

#include "core/app/application.hpp"
#include "core/app/cli/command_line.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/interrupt.hpp"
#include "core/app/log.hpp"
#include "core/app/terminal.hpp"
#include "core/app/terminal_progress.hpp"
#include "core/home/paths.hpp"

namespace jarvis {

namespace {

Output::Form form_of(const Invocation& invocation) {
  const char* no_color = std::getenv("NO_COLOR");
  const bool plain = invocation.no_color || (no_color && *no_color);
  return {invocation.json, !plain && is_capable_terminal(STDOUT_FILENO),
          columns_of_terminal(STDOUT_FILENO), ::isatty(STDOUT_FILENO) != 0};
}

Result<int> run(const Invocation& invocation, Progress& progress, Output& output) try {
  auto home = resolve_home(invocation.home);
  if (!home && invocation.command->needs_home) return home.error();
  if (!home) home = std::filesystem::path();
  start_log(invocation.verbosity);
  catch_interrupts();
  Application application(*home, progress, invocation.verbosity);
  return invocation.command->handler(application, invocation.arguments, output);
} catch (const std::exception& error) {
  return Error{ErrorKind::internal, error.what(), ""};
}

}  // namespace

int run_program(int count, char** words) {
  open_missing_streams();
  std::signal(SIGPIPE, SIG_IGN);
  bool wants_json = false;
  const auto invocation = read_command_line(count, words, wants_json);
  if (!invocation) {
    const Output output({wants_json});
    return output.finish(output.error(invocation.error()));
  }
  Output output(form_of(*invocation));
  if (!invocation->command) {
    output.document({{"text", invocation->text}});
    if (!output.json()) output.write(invocation->text);
    return output.finish(0);
  }
  TerminalProgress progress(invocation->json, is_capable_terminal(STDERR_FILENO));
  const auto make_room = [&] { progress.make_room(); };
  output.before_writing(make_room);
  before_logging(make_room);
  const auto status = run(*invocation, progress, output);
  before_logging({});
  return output.finish(status ? *status : output.error(status.error()));
}

}  // namespace jarvis
