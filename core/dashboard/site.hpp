#pragma once

#include <atomic>
#include <string>

#include "core/dashboard/access.hpp"
#include "core/dashboard/desk.hpp"
#include "core/dashboard/request.hpp"

namespace jarvis::dashboard {

/** The dashboard without its sockets: who may ask, and what the answer is. Safe to call from many
 * threads. */
class Site {
 public:
  /** `port` is what it is served on. */
  Site(Parts parts, int port);

  /** Never throws; every answer carries the headers that keep a browser from doing more than to
   * show it. In this order: another host 403, another method 405, not signed in 401, no such page
   * 404, a form from elsewhere 403. */
  Reply answer(const Request& request);

  /** Opens the dashboard, once: what opens it then is the cookie that it gives. */
  std::string address() const;
  /** Another text whenever something that pages show has changed. */
  std::string state();

 private:
  Reply routed(const Request& request);
  Reply signed_in(const Request& request);
  Reply sign_in();
  Reply posted(const Request& request, const Target& target);

  const int port_;
  const std::string token_;
  const std::string session_;  ///< what the cookie holds
  const std::string csrf_;
  std::atomic<bool> token_used_ = false;
  Desk desk_;
};

}  // namespace jarvis::dashboard
