#include "core/host/isolation/serve.hpp"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <mutex>
#include <thread>

#include "core/host/isolation/drill.hpp"
#include "core/host/isolation/frames.hpp"
#include "core/host/isolation/limits.hpp"
#include "core/host/library_file.hpp"
#include "core/host/loaded_plugin.hpp"
#include "core/host/process/attendant.hpp"
#include "core/host/process/keeper.hpp"

namespace jarvis {

namespace {

using Clock = FrameChannel::Clock;

// The host reads whenever a plugin works, so that waiting for it needs no limit here: when it is
// gone, the socket says so.
constexpr Clock::time_point kNoLimit = Clock::time_point::max();

constexpr std::chrono::milliseconds kTidyTime{500};

/** Ends this process and all that it started. Started by hand it has no group of its own. */
[[noreturn]] void end_group() {
  if (::getpgrp() == ::getpid()) ::kill(0, SIGKILL);
  ::_exit(1);
}

class Server {
 public:
  explicit Server(int descriptor) : channel_(descriptor) {}

  void run() {
    const auto first = next();
    if (first && first->kind == FrameKind::run) return keep_program(channel_, first->body);
    if (first && first->kind == FrameKind::attend) return attend_program(channel_, first->body);
    if (!first || first->kind != FrameKind::open || !open(first->body)) return;
    for (;;) {
      auto frame = next();
      if (!frame) return;
      // A cancel that crossed the answer of its call.
      if (frame->kind == FrameKind::cancel) continue;
      if (frame->kind == FrameKind::drill) {
        drill(*frame);
        continue;
      }
      if (frame->kind != FrameKind::call || frame->body.empty()) return;
      answer(*frame);
    }
  }

  // Nobody may be there to read it: a plugin tidies up when the host is gone. In a drill many
  // threads may write at once.
  void log(int level, const std::string& text) {
    const std::lock_guard lock(logging_);
    (void)channel_.send(FrameKind::log, std::string(1, static_cast<char>(level)) + text, kNoLimit);
  }

 private:
  std::optional<Frame> next() {
    auto frame = channel_.receive(kNoLimit);
    return frame && *frame ? std::move(**frame) : std::optional<Frame>();
  }

  /** Fails only when the body is too long. */
  Result<void> send(FrameKind kind, const std::string& body) {
    auto sent = channel_.send(kind, body, kNoLimit);
    if (!sent && sent.error().kind != ErrorKind::invalid) {
      std::fputs("the socket to the host is gone", stderr);
      end_group();
    }
    return sent;
  }

  void fail(const Error& error) { (void)send(FrameKind::failure, failure_body(error)); }

  Result<void> open(const std::string& body) {
    auto loaded = load(body);
    if (!loaded) {
      fail(loaded.error());
      return loaded.error();
    }
    plugin_ = std::move(*loaded);
    json::array offered;
    for (const PluginFunction function : kPluginFunctions)
      if (plugin_->offers(function)) offered.emplace_back(static_cast<int>(function));
    return send(FrameKind::ready, json::serialize(json::object{{"functions", std::move(offered)}}));
  }

  Result<std::unique_ptr<Plugin>> load(const std::string& body) try {
    const json::object wanted = sdk::parse_object(body, "open");
    const auto manifest = read_manifest(sdk::required_string(wanted, "directory"));
    if (!manifest) return manifest.error();
    if (manifest->sha256 != sdk::required_string(wanted, "sha256"))
      return plugin_refusal(*manifest, "its manifest changed while it was being loaded",
                            "try again");
    const auto missing = confine_this_process(limits_from(sdk::optional_object(wanted, "limits")),
                                              manifest->directory);
    for (const std::string& what : missing)
      log(JARVIS_LOG_DEBUG, "runs without " + what + ", which this kernel does not grant");
    std::thread(end_with_host, channel_.descriptor()).detach();
    return load_plugin(*manifest, sdk::optional_object(wanted, "settings"));
  } catch (const std::exception& error) {
    return Error{ErrorKind::internal, error.what(), ""};
  }

  void answer(const Frame& frame) {
    const auto function = static_cast<PluginFunction>(frame.body[0]);
    cancelled_ = false;
    CallContext context;
    context.services = [this](const std::string& service, const json::object& request) {
      return ask_host(service, request);
    };
    context.cancelled = [this] { return is_cancelled(); };
    Result<json::object> result = Error{};
    try {
      result = plugin_->call(function, sdk::parse_object(frame.body.substr(1), "request"), context);
    } catch (const std::exception& error) {
      result = Error{ErrorKind::internal, error.what(), ""};
    }
    if (!result) return fail(result.error());
    if (const auto sent = send(FrameKind::result, json::serialize(*result)); !sent)
      fail(sent.error());
  }

  void drill(const Frame& frame) try {
    const json::object wanted = sdk::parse_object(frame.body, "drill");
    if (const auto sent =
            send(FrameKind::result, json::serialize(run_drill(*plugin_, drill_from(wanted))));
        !sent)
      fail(sent.error());
  } catch (const std::exception& error) {
    fail({ErrorKind::internal, error.what(), ""});
  }

  Result<json::object> ask_host(const std::string& service, const json::object& request) {
    const auto sent =
        send(FrameKind::service,
             json::serialize(json::object{{"service", service}, {"request", request}}));
    if (!sent) return sent.error();
    for (;;) {
      const auto frame = next();
      if (!frame) end_group();
      if (frame->kind == FrameKind::cancel) {
        cancelled_ = true;
        continue;
      }
      if (frame->kind == FrameKind::service_failure) return failure_from(frame->body);
      return sdk::parse_object(frame->body, "answer of service '" + service + "'");
    }
  }

  // During a call the host sends nothing unasked but this one message.
  bool is_cancelled() {
    const auto frame = channel_.receive(Clock::now());
    if (frame && *frame && (*frame)->kind == FrameKind::cancel) cancelled_ = true;
    return cancelled_;
  }

  /** Loading or a call that never ends would outlive a host that was killed. A host that ends in
   * good order gives the plugin a moment to tidy up. */
  static void end_with_host(int descriptor) {
    pollfd host{descriptor, POLLRDHUP, 0};
    while (::poll(&host, 1, -1) < 0)
      ;
    std::this_thread::sleep_for(kTidyTime);
    end_group();
  }

  FrameChannel channel_;
  std::unique_ptr<Plugin> plugin_;
  bool cancelled_ = false;
  std::mutex logging_;
};

}  // namespace

void serve_plugin(int descriptor) {
  {
    Server server(descriptor);
    send_plugin_log_to([&](const std::string&, std::int32_t level, std::string_view text) {
      server.log(level, std::string(text));
    });
    server.run();
  }
  end_group();
}

}  // namespace jarvis
