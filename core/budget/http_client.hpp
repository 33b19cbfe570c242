#pragma once

#include <chrono>
#include <functional>
#include <jarvis/sdk/payload/http.hpp>
#include <memory>

#include "core/budget/call_meter.hpp"
#include "core/budget/endpoint.hpp"
#include "core/budget/live_text.hpp"

namespace jarvis {

/** The host's `http` service: sends a plugin's request to its endpoint and nowhere else, with the
 * key, the limits, the retries and the money that the user set. A server that has too much to do
 * gets fewer requests at once. Connections are kept and shared by all threads. Redirects are not
 * followed. Private addresses never go through a proxy; others go through the one that https_proxy
 * or http_proxy names, unless no_proxy lists them. Safe to call from many threads. */
class HttpService {
 public:
  using Pause = std::function<void(std::chrono::milliseconds)>;
  using Cancelled = std::function<bool()>;

  /** `pause` is called between attempts, a short while at a time; a test passes one that returns at
   *  once. */
  explicit HttpService(Pause pause = {});
  ~HttpService();
  HttpService(const HttpService&) = delete;
  HttpService& operator=(const HttpService&) = delete;

  /** The last answer, whatever its status, after these retries: 408, 409, 429 (not one that reports
   * a spending limit), 5xx, lost connections, timeouts and cut bodies with exponential backoff and
   * full jitter, or after what retry-after asks for (at most 60 s); a refused connection once.
   * `meter` may be null for requests that cost nothing, such as a probe; `cancelled` may be empty.
   * `heard` is told the text of a stream as it comes; what was heard is not asked for again.
   *  Errors: refused (outside the endpoint, forbidden header), unavailable (no server, no name, bad
   *  certificate), retryable (attempts used up without an answer), budget, cancelled, invalid
   * (answer too large). */
  Result<sdk::HttpResult> send(const sdk::HttpRequest& request, const Endpoint& endpoint,
                               CallMeter* meter, const Cancelled& cancelled = {},
                               const Heard& heard = {});

 private:
  struct Connections;
  std::unique_ptr<Connections> connections_;
  Pause pause_;
};

}  // namespace jarvis
