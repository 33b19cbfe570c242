#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/dashboard/server.hpp"
#include "core/ports/clock.hpp"
#include "tests/dashboard/client.hpp"

namespace jarvis::testing {

/** A dashboard of a home, served from this process, and a browser that has opened its link. What it
 * starts is the real program, unless another is named. */
class Served {
 public:
  explicit Served(const std::filesystem::path& home,
                  const std::filesystem::path& program = JARVIS_PROGRAM);
  /** One that was started elsewhere, by its link. */
  explicit Served(const std::string& address);

  Answer get(const std::string& target) const;
  /** As a browser sends a form of a page of the dashboard. */
  Answer post(const std::string& target, std::map<std::string, std::string> fields = {}) const;
  /** Sends a form and loads what the answer leads to until it says that the action has ended. */
  Answer act(const std::string& target, std::map<std::string, std::string> fields = {}) const;

  int port() const { return port_; }
  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  const std::string& cookie() const { return cookie_; }
  const std::string& csrf() const { return csrf_; }
  /** The link, which is used up. */
  const std::string& address() const { return address_; }
  /** The headers of a browser that is signed in. */
  Headers known() const { return {{"Host", host()}, {"Cookie", cookie_}}; }

 private:
  void open();

  std::unique_ptr<Clock> clock_;
  std::unique_ptr<dashboard::Server> server_;
  std::string address_;
  int port_ = 0;
  std::string cookie_;
  std::string csrf_;
};

}  // namespace jarvis::testing
