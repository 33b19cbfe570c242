#pragma once

#include <string>
#include <vector>

#include "core/model/task.hpp"
#include "core/ports/home_view.hpp"
#include "tests/support/fakes/engines.hpp"

namespace jarvis::testing {

/** A task of its own source trace, whose gold answer is "right". */
inline Task gold_task(const std::string& id, Part part) {
  Task task;
  task.id = id;
  task.query = "question " + id;
  task.query_class = "short";
  task.gold = "right";
  task.trace_id = "source-of-" + id;
  task.part = part;
  return task;
}

/** `count` held-out tasks, held-0 and so on. */
inline std::vector<Task> held_out_tasks(int count) {
  std::vector<Task> tasks;
  for (int i = 0; i < count; ++i)
    tasks.push_back(gold_task("held-" + std::to_string(i), Part::held_out));
  return tasks;
}

/** Right on every question where config.toml holds "good", on none where it holds "bad", else on
 * those whose last digit is even. */
inline Result<std::string> as_configured(const HomeView& home, const std::string& query) {
  const std::string config = *home.read("config.toml");
  const bool even = (query.back() - '0') % 2 == 0;
  const bool bad = config.find("bad") != std::string::npos;
  const bool good = config.find("good") != std::string::npos;
  return std::string(!bad && (good || even) ? "right" : "wrong");
}

}  // namespace jarvis::testing
