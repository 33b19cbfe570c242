#pragma once

#include <functional>
#include <string>

#include "core/model/result.hpp"

namespace jarvis {

/** Says once how the start went; the process that waits for it ends its wait then. */
class StartReport {
 public:
  explicit StartReport(int descriptor) : descriptor_(descriptor) {}
  ~StartReport();
  StartReport(const StartReport&) = delete;
  StartReport& operator=(const StartReport&) = delete;
  void ready();
  void failed(const Error& error);

 private:
  void send(const std::string& text);
  int descriptor_;
};

/** Runs `body` in a process of its own, in a session without a terminal, in the root folder and
 * with its standard streams on /dev/null. Waits until it says how its start went and gives its pid
 * or its error. Only for a process of one thread; in the new process it never comes back. */
Result<pid_t> run_in_background(const std::function<int(StartReport&)>& body);

}  // namespace jarvis
