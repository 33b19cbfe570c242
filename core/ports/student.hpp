#pragma once

#include <jarvis/sdk/payload/student.hpp>
#include <string>
#include <vector>

#include "core/model/result.hpp"
#include "core/model/task.hpp"
#include "core/ports/home_view.hpp"

namespace jarvis {

struct StudentAnswer {
  sdk::StudentResult result;
  double latency_seconds = 0;
};

/** The user's local agent, steered by the home it is pointed at. Safe to call from many threads. */
class Student {
 public:
  virtual ~Student() = default;
  virtual Result<StudentAnswer> answer(const HomeView& home, const std::string& query,
                                       const std::string& query_class,
                                       const std::string& agent) = 0;
  /** Whether it can be reached, without asking it anything. Gives the models that it offers, or
   * nothing where it cannot say. */
  virtual Result<std::vector<std::string>> probe(const HomeView& home) = 0;
};

}  // namespace jarvis
