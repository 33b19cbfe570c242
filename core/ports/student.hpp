#pragma once

#include <functional>
#include <jarvis/sdk/payload/student.hpp>
#include <string>
#include <vector>

#include "core/model/result.hpp"
#include "core/model/task.hpp"
#include "core/ports/home_view.hpp"

namespace jarvis {

/** What is asked of the student. */
struct StudentQuestion {
  std::string query;
  std::string query_class;  ///< see classify
  std::string agent;        ///< empty: the home's default agent
  std::string model = {};   ///< empty: the one that the home's files choose
  /** The tools with side effects that may run; "*": all. A student that would need another one is
   * refused: what measures it must change nothing. */
  std::vector<std::string> allowed_tools = {};
  /** Told the answer's text as it comes; may be empty. */
  std::function<void(const std::string& text)> heard = {};
};

struct StudentAnswer {
  sdk::StudentResult result;
  double latency_seconds = 0;
};

/** The user's local agent, steered by the home it is pointed at. Safe to call from many threads. */
class Student {
 public:
  virtual ~Student() = default;
  virtual Result<StudentAnswer> answer(const HomeView& home, const StudentQuestion& question) = 0;
  /** Whether it can be reached, without asking it anything. Gives the models that it offers, or
   * nothing where it cannot say. */
  virtual Result<std::vector<std::string>> probe(const HomeView& home) = 0;
};

}  // namespace jarvis
