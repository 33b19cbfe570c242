#include "core/host/isolation/worker.hpp"

#include <sys/socket.h>

#include <cstdio>

#include "core/host/isolation/companion.hpp"
#include "core/host/isolation/conversation.hpp"
#include "core/host/library_file.hpp"

namespace jarvis {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kDyingTime{1000};
constexpr milliseconds kTidyTime{300};

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

milliseconds milliseconds_of(double seconds) {
  return milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

std::string in_seconds(milliseconds time) {
  char text[32];
  std::snprintf(text, sizeof text, "%g s", static_cast<double>(time.count()) / 1000);
  return text;
}

}  // namespace

Worker::Worker(ChildProcess process, FrameChannel channel, std::string id, double call_seconds)
    : process_(std::move(process)),
      channel_(std::move(channel)),
      id_(std::move(id)),
      call_time_(milliseconds_of(call_seconds)) {}

Worker::~Worker() {
  ::shutdown(channel_.descriptor(), SHUT_RDWR);
  process_.end(sound_ ? kTidyTime : milliseconds(0));
}

Result<std::unique_ptr<Worker>> Worker::start(const Manifest& manifest,
                                              const json::object& settings,
                                              const IsolationLimits& limits) {
  auto companion = start_companion();
  if (!companion) return companion.error();
  std::unique_ptr<Worker> worker(new Worker(std::move(companion->process),
                                            std::move(companion->channel), manifest.id,
                                            limits.call_seconds));
  const json::object wanted{{"directory", manifest.directory.string()},
                            {"sha256", manifest.sha256},
                            {"settings", settings},
                            {"limits", to_json(limits)}};
  const milliseconds start_time = milliseconds_of(limits.start_seconds);
  const auto opened = converse(worker->process_, worker->channel_, FrameKind::open,
                               json::serialize(wanted), start_time, manifest.id, {});
  if (opened.ending == Ending::gone) return worker->lost("crashed while it was loaded", kDyingTime);
  if (opened.ending == Ending::overdue)
    return worker->lost("was not loaded within " + in_seconds(start_time), milliseconds(0));
  if (opened.ending == Ending::answered && opened.frame.kind == FrameKind::failure) {
    worker->sound_ = false;
    return of_plugin(failure_from(opened.frame.body));
  }
  if (opened.ending != Ending::answered || opened.frame.kind != FrameKind::ready)
    return worker->lost("spoke nonsense while it was loaded", milliseconds(0));
  try {
    const json::object ready = sdk::parse_object(opened.frame.body, "ready");
    for (const json::value& number : sdk::optional_array(ready, "functions"))
      worker->functions_.push_back(
          static_cast<PluginFunction>(json::value_to<std::uint8_t>(number)));
  } catch (const std::exception& error) {
    return worker->lost(std::string("spoke nonsense while it was loaded: ") + error.what(),
                        milliseconds(0));
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
  const std::string body = std::string(1, static_cast<char>(function)) + json::serialize(request);
  if (body.size() > kFrameLimit)
    return Error{ErrorKind::invalid,
                 "the request to " + name + " of plugin '" + id_ + "' is longer than 64 MiB", ""};
  auto answer = exchange(FrameKind::call, body, name, context);
  if (!answer && answer.error().kind == ErrorKind::internal) return doubted(answer.error(), name);
  return answer;
}

// After want of memory or a broken invariant the next call starts afresh.
Error Worker::doubted(Error error, const std::string& name) {
  sound_ = false;
  const std::string plugin = "plugin '" + id_ + "'";
  if (error.message.find(plugin) == std::string::npos)
    error.message = plugin + " failed in " + name + ": " + error.message;
  if (error.hint.empty())
    error.hint =
        "tell its author; where memory was short, raise learning.distillation.plugins.memory_mb";
  return error;
}

Result<json::object> Worker::drill(const Drill& drill) {
  std::string name = "a drill";
  if (!drill.calls.empty()) name = "'" + std::string(to_string(drill.calls.front().function)) + "'";
  return exchange(FrameKind::drill, json::serialize(to_json(drill)), name, {});
}

Result<json::object> Worker::exchange(FrameKind kind, const std::string& body,
                                      const std::string& name, const CallContext& context) {
  const auto conversed = converse(process_, channel_, kind, body, call_time_, id_, context);
  switch (conversed.ending) {
    case Ending::gone:
      return lost("crashed in " + name, kDyingTime);
    case Ending::nonsense:
      return lost("spoke nonsense in " + name, milliseconds(0));
    case Ending::overdue: {
      Error error = lost("did not come back from " + name + " within " + in_seconds(call_time_),
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
  if (conversed.frame.kind == FrameKind::failure)
    return of_plugin(failure_from(conversed.frame.body));
  if (conversed.frame.kind != FrameKind::result)
    return lost("spoke nonsense in " + name, milliseconds(0));
  try {
    return sdk::parse_object(conversed.frame.body, "answer of plugin '" + id_ + "'");
  } catch (const std::exception& error) {
    return lost(std::string("spoke nonsense in ") + name + ": " + error.what(), milliseconds(0));
  }
}

}  // namespace jarvis
