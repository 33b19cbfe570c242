#include "core/host/isolation/worker.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>

#include "core/host/isolation/conversation.hpp"
#include "core/host/library_file.hpp"
#include "core/host/plugin_host.hpp"

namespace jarvis {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStartTime{20000};
constexpr milliseconds kDyingTime{1000};
constexpr milliseconds kTidyTime{300};

std::filesystem::path plugin_host_program() {
  return built_in_plugins().parent_path() / "jarvis-plugin-host";
}

/** A plugin cannot speak of what is the host's alone: money, locks, the command line. */
Error of_plugin(Error error) {
  switch (error.kind) {
    case ErrorKind::invalid:
    case ErrorKind::refused:
    case ErrorKind::retryable:
    case ErrorKind::unavailable:
    case ErrorKind::cancelled:
      return error;
    default:
      error.kind = ErrorKind::internal;
      return error;
  }
}

std::string seconds(milliseconds time) {
  char text[32];
  std::snprintf(text, sizeof text, "%g s", static_cast<double>(time.count()) / 1000);
  return text;
}

struct Sockets {
  int ours = -1;
  int theirs = -1;
};

Result<Sockets> socket_pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return Error{ErrorKind::unavailable, "no socket for the plugin's process: too many open files",
                 ""};
  return Sockets{ends[0], ends[1]};
}

}  // namespace

Worker::Worker(ChildProcess process, FrameChannel channel, std::string id, double call_seconds)
    : process_(std::move(process)),
      channel_(std::move(channel)),
      id_(std::move(id)),
      call_time_(static_cast<std::int64_t>(call_seconds * 1000)) {}

Worker::~Worker() {
  ::shutdown(channel_.descriptor(), SHUT_RDWR);
  process_.end(sound_ ? kTidyTime : milliseconds(0));
}

Result<std::unique_ptr<Worker>> Worker::start(const Manifest& manifest,
                                              const json::object& settings,
                                              const IsolationLimits& limits) {
  const auto sockets = socket_pair();
  if (!sockets) return sockets.error();
  FrameChannel channel(sockets->ours);
  auto process = ChildProcess::start(plugin_host_program(), sockets->theirs);
  ::close(sockets->theirs);
  if (!process) return process.error();
  std::unique_ptr<Worker> worker(
      new Worker(std::move(*process), std::move(channel), manifest.id, limits.call_seconds));
  const json::object wanted{{"directory", manifest.directory.string()},
                            {"sha256", manifest.sha256},
                            {"settings", settings},
                            {"limits", to_json(limits)}};
  const auto opened = converse(worker->channel_, FrameKind::open, json::serialize(wanted),
                               kStartTime, manifest.id, {});
  if (opened.ending != Ending::answered)
    return worker->lost(
        opened.ending == Ending::gone ? "crashed while it was loaded" : "did not get ready",
        opened.ending == Ending::gone ? kDyingTime : milliseconds(0));
  if (opened.frame.kind == FrameKind::failure) {
    worker->sound_ = false;
    return of_plugin(failure_from(opened.frame.body));
  }
  try {
    const json::object ready = sdk::parse_object(opened.frame.body, "ready");
    for (const json::value& number : sdk::optional_array(ready, "functions"))
      worker->functions_.push_back(
          static_cast<PluginFunction>(json::value_to<std::uint8_t>(number)));
  } catch (const std::exception& error) {
    return worker->lost(std::string("spoke nonsense: ") + error.what(), milliseconds(0));
  }
  return worker;
}

Error Worker::lost(const std::string& did, milliseconds patience) {
  sound_ = false;
  const std::string end = process_.end(patience);
  return {ErrorKind::internal,
          "plugin '" + id_ + "' " + did +
              (patience.count() > 0 ? ": its process " + end : std::string()),
          "tell its author; nothing that it left is kept"};
}

Result<json::object> Worker::call(PluginFunction function, const json::object& request,
                                  const CallContext& context) {
  const std::string name = "'" + std::string(to_string(function)) + "'";
  const auto conversed =
      converse(channel_, FrameKind::call,
               std::string(1, static_cast<char>(function)) + json::serialize(request), call_time_,
               id_, context);
  switch (conversed.ending) {
    case Ending::gone:
      return lost("crashed in " + name, kDyingTime);
    case Ending::nonsense:
      return lost("spoke nonsense in " + name, milliseconds(0));
    case Ending::overdue: {
      Error error = lost("did not come back from " + name + " within " + seconds(call_time_),
                         milliseconds(0));
      error.hint = "tell its author, or raise learning.distillation.plugins.timeout_seconds";
      return error;
    }
    case Ending::not_stopped: {
      Error error = lost("did not stop " + name + " when it was asked to", milliseconds(0));
      error.kind = ErrorKind::cancelled;
      return error;
    }
    case Ending::answered:
      break;
  }
  if (conversed.frame.kind == FrameKind::failure) {
    Error error = of_plugin(failure_from(conversed.frame.body));
    // After want of memory or a broken invariant the next call starts afresh.
    if (error.kind == ErrorKind::internal) sound_ = false;
    return error;
  }
  if (conversed.frame.kind != FrameKind::result)
    return lost("spoke nonsense in " + name, milliseconds(0));
  try {
    return sdk::parse_object(conversed.frame.body, "answer of plugin '" + id_ + "'");
  } catch (const std::exception& error) {
    return lost(std::string("spoke nonsense in ") + name + ": " + error.what(), milliseconds(0));
  }
}

}  // namespace jarvis
