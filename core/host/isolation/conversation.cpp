#include "core/host/isolation/conversation.hpp"

#include <algorithm>
#include <exception>

#include "core/model/json.hpp"

namespace jarvis {

namespace {

using Clock = FrameChannel::Clock;
using std::chrono::milliseconds;

constexpr milliseconds kLookAround{50};  // how soon a wish to stop is seen
constexpr milliseconds kGrace{5000};     // from being asked to stop to being ended
constexpr int kLogLines = 1000;          // of one call
constexpr std::size_t kLogLength = 4000;

class Conversation {
 public:
  Conversation(const ChildProcess& process, FrameChannel& channel, milliseconds own_time,
               const std::string& id, const CallContext& context)
      : process_(process),
        channel_(channel),
        id_(id),
        context_(context),
        until_(Clock::now() + own_time) {}

  Conversed hold(FrameKind kind, const std::string& body) {
    if (const auto sent = channel_.send(kind, body, until_); !sent)
      return {sent.error().kind == ErrorKind::unavailable ? Ending::gone : Ending::overdue, {}};
    for (;;) {
      auto received = channel_.receive(std::min(until_, next_look()));
      if (!received)
        return {received.error().kind == ErrorKind::invalid ? Ending::nonsense : Ending::gone, {}};
      if (*received) {
        Frame& frame = **received;
        if (frame.kind == FrameKind::log)
          log(frame.body);
        else if (frame.kind != FrameKind::service)
          return {Ending::answered, std::move(frame)};
        else if (const auto served = serve(frame.body); served != Ending::answered)
          return {served, {}};
      } else if (ended_)
        return {Ending::gone, {}};
      else
        ended_ = process_.has_ended();
      if (!stopping_ && context_.cancelled && context_.cancelled()) stop();
      if (Clock::now() >= until_) return {stopping_ ? Ending::not_stopped : Ending::overdue, {}};
    }
  }

 private:
  // Something that the process started may hold the other end of the channel open. What it sent
  // before its end still counts.
  Clock::time_point next_look() const { return ended_ ? Clock::now() : Clock::now() + kLookAround; }

  void stop() {
    stopping_ = true;
    until_ = std::min(until_, Clock::now() + kGrace);
    // A failure shows when the answer is read.
    (void)channel_.send(FrameKind::cancel, "", until_);
  }

  void log(const std::string& body) {
    if (body.empty() || ++lines_ > kLogLines) return;
    log_of_plugin(id_, body[0], std::string_view(body).substr(1, kLogLength));
    if (lines_ == kLogLines) log_of_plugin(id_, 3, "… and more, which is not logged");
  }

  Ending serve(const std::string& body) {
    const auto start = Clock::now();
    const auto answer = answer_of(body);
    until_ += Clock::now() - start;
    auto sent =
        answer ? channel_.send(FrameKind::service_result, json::serialize(*answer), until_)
               : channel_.send(FrameKind::service_failure, failure_body(answer.error()), until_);
    if (!sent && sent.error().kind == ErrorKind::invalid)
      sent = channel_.send(FrameKind::service_failure, failure_body(sent.error()), until_);
    if (sent) return Ending::answered;
    return sent.error().kind == ErrorKind::unavailable ? Ending::gone : Ending::overdue;
  }

  Result<json::object> answer_of(const std::string& body) try {
    const json::object asked = sdk::parse_object(body, "service request");
    const std::string service = sdk::required_string(asked, "service");
    if (!context_.services)
      return Error{ErrorKind::refused, "service '" + service + "' is not offered here", ""};
    return context_.services(service, sdk::optional_object(asked, "request"));
  } catch (const std::exception& error) {
    return Error{ErrorKind::invalid, error.what(), ""};
  }

  const ChildProcess& process_;
  FrameChannel& channel_;
  const std::string& id_;
  const CallContext& context_;
  Clock::time_point until_;
  bool stopping_ = false;
  bool ended_ = false;
  int lines_ = 0;
};

}  // namespace

Conversed converse(const ChildProcess& process, FrameChannel& channel, FrameKind kind,
                   const std::string& body, milliseconds own_time, const std::string& id,
                   const CallContext& context) {
  return Conversation(process, channel, own_time, id, context).hold(kind, body);
}

}  // namespace jarvis
