#pragma once

#include <optional>
#include <string>

namespace jarvis {

/** The service manager that started this process, where one did: systemd's notification protocol.
 * Without one nothing is sent. Never fails: a manager that does not listen is no reason to stop. */
class ServiceManager {
 public:
  /** Takes NOTIFY_SOCKET and WATCHDOG_USEC out of the environment, so that no child finds them. */
  static ServiceManager from_environment();
  ServiceManager() = default;

  void ready() const { send("READY=1"); }
  void reloading() const;
  void stopping() const { send("STOPPING=1"); }
  void status(const std::string& text) const;
  void still_alive() const;

  /** How often it wants to hear still_alive(), in seconds; nothing: never. */
  std::optional<double> watchdog_seconds() const { return watchdog_seconds_; }

 private:
  void send(const std::string& message) const;

  std::string socket_;
  std::optional<double> watchdog_seconds_;
};

}  // namespace jarvis
