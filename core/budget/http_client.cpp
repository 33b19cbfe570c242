#include "core/budget/http_client.hpp"

#include <Poco/String.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cctype>
#include <jarvis/text/utf8.hpp>
#include <thread>

#include "core/budget/congestion.hpp"
#include "core/budget/http_attempt.hpp"
#include "core/budget/retry_policy.hpp"

namespace jarvis {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

struct HttpService::Connections {
  ConnectionPool pool;
  Congestion congestion;
};

namespace {

constexpr milliseconds kQuickRetry{50};
constexpr milliseconds kSlice{100};

bool is_token(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '-' || c == '_';
  });
}

bool is_header_text(const std::string& text) {
  return std::none_of(text.begin(), text.end(),
                      [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

/** Headers that would change where a request goes or how it is framed. */
bool belongs_to_host(const std::string& name) {
  for (const char* reserved : {"host", "content-length", "transfer-encoding", "connection",
                               "expect", "upgrade", "proxy-authorization", "te", "trailer"})
    if (Poco::icompare(name, reserved) == 0) return true;
  return false;
}

Result<void> check(const sdk::HttpRequest& request) {
  if (request.method != "GET" && request.method != "POST")
    return Error{ErrorKind::refused, "http method '" + request.method + "' is not offered",
                 "use GET or POST"};
  for (const auto& [name, value] : request.headers)
    if (!is_token(name) || !is_header_text(value) || belongs_to_host(name))
      return Error{ErrorKind::refused, "header '" + name + "' may not be set by a plugin"};
  const bool has_key_header = !request.key_header.empty();
  if (has_key_header && (!is_token(request.key_header) || !is_header_text(request.key_prefix) ||
                         belongs_to_host(request.key_header)))
    return Error{ErrorKind::refused, "header '" + request.key_header + "' may not carry the key"};
  return {};
}

/** Shorter ones are placeholders for a server that wants any key: they occur in ordinary words, and
 * taking them out would spoil the answer. */
constexpr std::size_t kShortestSecret = 12;

/** Takes the key out of a text that somebody else wrote. */
void hide_key(std::string& text, const Secret& key) {
  constexpr std::string_view kShown = "[key]";
  if (key.reveal().size() < kShortestSecret) return;
  for (std::size_t at = text.find(key.reveal()); at != std::string::npos;
       at = text.find(key.reveal(), at + kShown.size()))
    text.replace(at, key.reveal().size(), kShown);
}

/** Bytes that are no UTF-8 become U+FFFD: the answer travels on inside JSON. */
void make_utf8(std::string& bytes) {
  if (text::is_utf8(bytes)) return;
  std::string clean;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t begin = at;
    if (text::next_code_point(bytes, at)) {
      clean.append(bytes, begin, at - begin);
    } else {
      text::append_utf8(clean, 0xFFFD);
      ++at;
    }
  }
  bytes = std::move(clean);
}

/** What a server wrote, made safe to hand on. */
void clean(AttemptEnd& end, const Secret& key) {
  std::vector<std::string*> texts{&end.answer.body, &end.error.message};
  for (auto& [name, value] : end.answer.headers) texts.insert(texts.end(), {&name, &value});
  for (std::string* const written : texts) {
    hide_key(*written, key);
    make_utf8(*written);
  }
}

/** The most output tokens that the answer may have: a request that asks for more than its endpoint
 * was given is reserved at what it asks for. */
std::int64_t output_limit(const sdk::HttpRequest& request, const Endpoint& endpoint) {
  boost::system::error_code error;
  const boost::json::value body = boost::json::parse(request.body, error);
  std::int64_t limit = endpoint.max_output_tokens;
  if (error || !body.is_object()) return limit;
  for (const char* name : {"max_tokens", "max_completion_tokens", "max_output_tokens"})
    limit = std::max(limit, sdk::optional_integer(body.as_object(), name));
  return limit;
}

int retries_after(const AttemptEnd& end, int max_retries) {
  if (end.answered) return is_worth_retrying(end.answer) ? max_retries : 0;
  switch (end.retry) {
    case AttemptEnd::Retry::never:
      return 0;
    case AttemptEnd::Retry::once:
      return std::min(1, max_retries);
    case AttemptEnd::Retry::often:
      return max_retries;
  }
  return 0;
}

milliseconds wait_after(const AttemptEnd& end, int attempt) {
  if (end.answered) return requested_wait(end.answer).value_or(backoff(attempt));
  return end.retry == AttemptEnd::Retry::once ? kQuickRetry : backoff(attempt);
}

bool is_success(const AttemptEnd& end) {
  return end.answered && end.answer.status >= 200 && end.answer.status <= 299;
}

/** Statuses by which a server says that it has too much to do. */
bool is_refusal_for_load(const AttemptEnd& end) {
  return end.answered &&
         (end.answer.status == 429 || end.answer.status == 503 || end.answer.status == 529) &&
         is_worth_retrying(end.answer);
}

Result<void> book(CallMeter* meter, const AttemptEnd& end) {
  if (!meter || is_success(end)) return {};
  if (end.answered || !end.sent) return meter->attempt_failed_unbilled();
  meter->attempt_lost();
  return {};
}

Result<sdk::HttpResult> result_of(AttemptEnd&& end) {
  if (end.answered) return std::move(end.answer);
  return std::move(end.error);
}

}  // namespace

HttpService::HttpService(Pause pause)
    : connections_(std::make_unique<Connections>()), pause_(std::move(pause)) {
  if (!pause_) pause_ = [](milliseconds time) { std::this_thread::sleep_for(time); };
}

HttpService::~HttpService() = default;

Result<sdk::HttpResult> HttpService::send(const sdk::HttpRequest& request, const Endpoint& endpoint,
                                          CallMeter* meter, const Cancelled& cancelled,
                                          const Heard& heard) {
  if (auto checked = check(request); !checked) return checked.error();
  const auto address = address_within(endpoint, request.url);
  if (!address) return address.error();
  const AttemptLimits limits{SteadyClock::now() + std::chrono::seconds(endpoint.deadline_seconds),
                             cancelled};
  for (int attempt = 0;; ++attempt) {
    if (limits.is_cancelled())
      return Error{ErrorKind::cancelled, "stopped before asking " + address->origin()};
    // The place comes before the money: nobody holds money while waiting for a place.
    auto place = connections_->congestion.enter(address->origin(), [&] {
      return !limits.is_cancelled() && SteadyClock::now() < limits.deadline;
    });
    if (!place)
      return Error{ErrorKind::retryable,
                   address->origin() + " has too much to do: no answer in time",
                   "lower learning.distillation.gate.concurrency"};
    if (meter && !meter->is_free())
      if (auto reserved =
              meter->begin_attempt(request.body.size(), output_limit(request, endpoint));
          !reserved)
        return reserved.error();
    AttemptEnd end = attempt_once(connections_->pool, *address, request, endpoint, limits, heard);
    clean(end, endpoint.key);
    if (is_refusal_for_load(end))
      place->refused();
    else if (end.answered)
      place->answered();
    place.reset();
    if (auto booked = book(meter, end); !booked) return booked.error();
    if (attempt >= retries_after(end, endpoint.max_retries)) return result_of(std::move(end));
    const milliseconds wait = wait_after(end, attempt);
    if (SteadyClock::now() + wait >= limits.deadline) return result_of(std::move(end));
    spdlog::debug("{}: {}; next attempt in {} ms", address->origin(),
                  end.answered ? "status " + std::to_string(end.answer.status) : end.error.message,
                  wait.count());
    for (milliseconds left = wait; left > milliseconds(0) && !limits.is_cancelled(); left -= kSlice)
      pause_(std::min(left, kSlice));
  }
}

}  // namespace jarvis
