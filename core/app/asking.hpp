#pragma once

#include <functional>
#include <string>

#include "core/app/application.hpp"
#include "core/model/trace.hpp"

namespace jarvis {

/** A question of the user's own. */
struct Asking {
  std::string query;
  std::string agent;  ///< empty: the home's default agent
  std::string model;  ///< empty: the one that the home's files choose
  /** Told the answer's text as it comes; may be empty. */
  std::function<void(const std::string& text)> heard;
};

/** What came of it. The trace is in the store. */
struct Asked {
  Trace trace;
  std::int64_t turns = 0;
  double cost_usd = 0;
};

/** Asks the student as the live home steers it, with every tool that the user has set up, and
 * records the trace. Needs neither the home's lock nor a repository: a session that runs meanwhile
 * is not disturbed. What a paid student costs is counted under the trace's id and capped as a
 * session's. A question that fails leaves no trace. */
Result<Asked> ask_student(Application& application, const Asking& asking);

}  // namespace jarvis
