#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "core/host/process/order.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** A program that runs, in a process group of its own, and this end of its pipes; -1: none. It is
 * ended with the process that started it. */
struct StartedProgram {
  pid_t process = -1;
  int input = -1;
  int output = -1;
  int errors = -1;
  std::vector<std::string> not_granted;

  StartedProgram() = default;
  StartedProgram(StartedProgram&& other) noexcept;
  StartedProgram& operator=(StartedProgram&&) = delete;
  /** Closes the pipes; the program is left alone. */
  ~StartedProgram();

  /** Closes one of the pipes. */
  static void close(int& pipe);
};

/** Starts a program; `writable` is where it may write beside its directory, when it is confined.
 * The pipes do not block. Called with one thread running. */
Result<StartedProgram> start_program(const ProcessOrder& order, const std::string& writable);

}  // namespace jarvis
