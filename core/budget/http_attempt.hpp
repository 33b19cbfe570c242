#pragma once

#include <chrono>
#include <functional>
#include <jarvis/sdk/payload/http.hpp>

#include "core/budget/connection_pool.hpp"
#include "core/budget/endpoint.hpp"
#include "core/budget/live_text.hpp"

namespace jarvis {

/** When an attempt has to end. */
struct AttemptLimits {
  std::chrono::steady_clock::time_point deadline;
  std::function<bool()> cancelled;

  bool is_cancelled() const { return cancelled && cancelled(); }
};

/** How one attempt ended. */
struct AttemptEnd {
  enum class Retry { never, once, often };

  bool answered = false;
  sdk::HttpResult answer;  ///< when answered
  Error error;             ///< otherwise
  bool sent = false;       ///< the server may have acted on it
  Retry retry = Retry::never;
};

/** Sends the request once and reads the whole answer. Gives the connection back when it can serve
 * again. The request has been checked; `address` lies within the endpoint. `heard` is told the text
 * that request.live_text points to, as it comes; an attempt that was heard is not worth another. */
AttemptEnd attempt_once(ConnectionPool& pool, const Address& address,
                        const sdk::HttpRequest& request, const Endpoint& endpoint,
                        const AttemptLimits& limits, const Heard& heard = {});

}  // namespace jarvis
