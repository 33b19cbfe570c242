#include "core/host/process/process_service.hpp"

#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>

#include "core/host/isolation/companion.hpp"
#include "core/host/isolation/conversation.hpp"
#include "core/host/process/bubblewrap.hpp"
#include "core/host/process/configured_program.hpp"
#include "core/host/process/inherited_environment.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kMostOutput = 16 * 1024 * 1024;
constexpr double kEndingSeconds = 15;
constexpr milliseconds kDyingTime{2000};

/** Set for every program that a student runs: one that calls this program is found out. */
constexpr const char* kMark = "JARVIS_STUDENT_COMMAND";

constexpr std::string_view kOwnPrefixes[] = {"OPENJARVIS_", "JARVIS_", "OLLAMA_"};

/** A variable of the dynamic linker or of an interpreter would run another program. */
Result<void> require_harmless(const std::map<std::string, std::string>& environment) {
  for (const auto& [name, value] : environment) {
    const bool known =
        std::any_of(std::begin(kOwnPrefixes), std::end(kOwnPrefixes),
                    [&](std::string_view prefix) { return name.rfind(prefix, 0) == 0; });
    if (!known || name.find_first_of(std::string_view("=\0", 2)) != std::string::npos ||
        value.find('\0') != std::string::npos)
      return Error{ErrorKind::refused, "the variable '" + name + "' may not be set for a command",
                   "use names that begin with OPENJARVIS_, JARVIS_ or OLLAMA_"};
  }
  return {};
}

/** The report of one program. `seconds` are those of the order. */
Result<ProcessReport> run_apart(const ProcessOrder& order, const std::function<bool()>& cancelled) {
  auto companion = start_companion();
  if (!companion) return companion.error();
  CallContext context;
  context.cancelled = cancelled;
  const auto patience =
      milliseconds(static_cast<std::int64_t>((order.seconds + kEndingSeconds) * 1000));
  const auto conversed = converse(companion->process, companion->channel, FrameKind::run,
                                  json::serialize(to_json(order)), patience, "command", context);
  // It ends by itself, and not before all that it started is gone.
  ::shutdown(companion->channel.descriptor(), SHUT_RDWR);
  const std::string end = companion->process.end(kDyingTime);
  if (cancelled && cancelled()) return Error{ErrorKind::cancelled, "the command was cancelled", ""};
  if (conversed.ending == Ending::answered && conversed.frame.kind == FrameKind::failure)
    return failure_from(conversed.frame.body);
  if (conversed.ending != Ending::answered || conversed.frame.kind != FrameKind::result)
    return Error{ErrorKind::unavailable, "the process that watches over the command " + end, ""};
  try {
    return process_report(sdk::parse_object(conversed.frame.body, "report"));
  } catch (const std::exception& error) {
    return Error{ErrorKind::internal, std::string("the command's report: ") + error.what(), ""};
  }
}

/** Whether bubblewrap is here and may do what is asked of it, tried on itself. */
std::optional<fs::path> working_bubblewrap(const fs::path& home, bool network) {
  const auto bubblewrap = configured_program("bwrap");
  if (!bubblewrap) return std::nullopt;
  ProcessOrder trial;
  trial.words = in_bubblewrap(*bubblewrap, {bubblewrap->string(), "--version"}, home, network);
  trial.directory = home;
  trial.environment = inherited_environment();
  trial.seconds = 10;
  trial.most_output_bytes = 1000;
  const auto report = run_apart(trial, {});
  if (report && report->result.exit_status == 0) return *bubblewrap;
  spdlog::info("bubblewrap does not work here: {}",
               report ? report->result.errors : report.error().message);
  return std::nullopt;
}

}  // namespace

Result<ProcessService::Means> ProcessService::means(const fs::path& home) {
  const std::lock_guard lock(mutex_);
  if (means_) return *means_;
  if (std::getenv(kMark))
    return Error{ErrorKind::refused,
                 "the student's command called this program, which would call it",
                 "let `command` name another program"};
  auto program = configured_program(policy_.command.front());
  if (!program) return program.error();
  Means found{*program, policy_.sandbox.value_or(Sandbox::kernel), {}};
  if (policy_.sandbox.value_or(Sandbox::bubblewrap) == Sandbox::bubblewrap)
    if (auto bubblewrap = working_bubblewrap(home, policy_.network)) {
      found.sandbox = Sandbox::bubblewrap;
      found.bubblewrap = *std::move(bubblewrap);
    }
  means_ = found;
  return found;
}

ProcessOrder ProcessService::order_for(const sdk::ProcessRequest& request,
                                       const Means& means) const {
  ProcessOrder order;
  order.words = request.command;
  order.words.front() = means.program.string();
  order.network = policy_.network && request.network;
  if (means.sandbox == Sandbox::bubblewrap)
    order.words = in_bubblewrap(means.bubblewrap, order.words, request.home, order.network);
  order.directory = request.home;
  order.input = request.input;
  order.environment = inherited_environment();
  order.environment.insert(request.environment.begin(), request.environment.end());
  order.environment[kMark] = "1";
  order.seconds = std::clamp(static_cast<double>(request.timeout_seconds), 1.0,
                             std::max(policy_.most_seconds, 1.0));
  order.most_output_bytes = std::clamp<std::int64_t>(request.most_output_bytes, 1, kMostOutput);
  order.is_confined = means.sandbox == Sandbox::kernel;
  order.has_scratch_folder = means.sandbox != Sandbox::bubblewrap;
  return order;
}

void ProcessService::warn_once(const std::vector<std::string>& not_granted) {
  const std::lock_guard lock(mutex_);
  if (not_granted.empty() || std::exchange(warned_, true)) return;
  std::string list;
  for (const std::string& what : not_granted) list += (list.empty() ? "" : ", ") + what;
  spdlog::warn("the student's command runs without: {}; install bubblewrap (bwrap)", list);
}

Result<sdk::ProcessResult> ProcessService::run(const sdk::ProcessRequest& request,
                                               const HomeView& home,
                                               const std::function<bool()>& cancelled) {
  const auto found = means(home.root());
  if (!found) return found.error();
  if (request.only_check) return sdk::ProcessResult();
  if (auto same = require_configured(request.command, policy_.command); !same) return same.error();
  if (request.home != home.root().string())
    return Error{ErrorKind::refused,
                 "a command may write in the home of its call alone, not in '" + request.home + "'",
                 ""};
  if (auto harmless = require_harmless(request.environment); !harmless) return harmless.error();
  const auto before = fingerprint_of(home);
  if (!before) return before.error();
  const auto report = run_apart(order_for(request, *found), cancelled);
  if (!report) return report.error();
  warn_once(report->not_granted);
  if (report->leaves_processes)
    return Error{ErrorKind::unavailable, "the command left processes that cannot be ended",
                 "look for them with ps"};
  const auto after = fingerprint_of(home);
  if (!after) return after.error();
  if (*after != *before)
    return Error{
        ErrorKind::refused,
        "config.toml, agents/ or tools/ of its home were changed while the command ran",
        "an agent that changes its own settings cannot be measured; install bubblewrap (bwrap), "
        "which keeps them as they are"};
  return report->result;
}

}  // namespace jarvis
