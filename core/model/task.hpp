#pragma once

#include <string>
#include <vector>

namespace jarvis {

/** Where a task comes from: an answer that the user liked, or one that failed. */
enum class Stratum { retain, repair };

/** Practice tasks are shown to the teacher; held-out ones decide in the gate and are never shown.
 */
enum class Part { practice, held_out };

/** One benchmark question with its gold answer. */
struct Task {
  std::string id;
  std::string query;
  std::string query_class;
  std::string agent;
  std::string gold;
  std::string gold_source;  ///< "teacher" or "user"
  std::string trace_id;
  Stratum stratum = Stratum::retain;
  Part part = Part::held_out;
  double weight = 1.0;  ///< how many rated questions of the user this task stands for, relative
};

/** One immutable version of the personal benchmark (`learning/benchmarks/personal_vN.json`). */
struct Benchmark {
  int number = 0;
  std::string version;  ///< "personal_v<number>"
  std::string created_at;
  double cost_usd = 0;
  std::string teacher_model;
  std::string judge_model;
  std::vector<Task> tasks;

  std::vector<Task> part(Part wanted) const;
};

}  // namespace jarvis
