#include "core/benchmark/shares.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "core/benchmark/split.hpp"

using namespace jarvis;

namespace {

std::vector<Prospect> prospects_of(int count, Stratum stratum, std::string_view query_class) {
  std::vector<Prospect> prospects;
  for (int i = 0; i < count; ++i) {
    Prospect prospect;
    prospect.trace_id = std::string(query_class) + std::to_string(static_cast<int>(stratum)) + "/" +
                        std::to_string(i);
    prospect.question = print_of(prospect.trace_id).question;
    prospect.query_class = query_class;
    prospect.stratum = stratum;
    prospects.push_back(prospect);
  }
  return prospects;
}

void append(std::vector<Prospect>& all, const std::vector<Prospect>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

std::vector<Prospect> from(const std::vector<Prospect>& prospects, std::ptrdiff_t first) {
  return {prospects.begin() + first, prospects.end()};
}

std::vector<Task> tasks_of(const std::vector<Prospect>& prospects) {
  std::vector<Task> tasks;
  for (const Prospect& prospect : prospects) {
    Task task;
    task.id = "task-" + prospect.trace_id;
    task.query_class = prospect.query_class;
    task.stratum = prospect.stratum;
    tasks.push_back(task);
  }
  return tasks;
}

using Counts = std::map<std::pair<Stratum, std::string>, int>;

Counts counts_of(const std::vector<Task>& tasks) {
  Counts counts;
  for (const Task& task : tasks) ++counts[{task.stratum, task.query_class}];
  return counts;
}

std::vector<Task> numbered(int count) {
  return tasks_of(prospects_of(count, Stratum::retain, "math"));
}

long practice_of(const std::vector<Task>& tasks) {
  long count = 0;
  for (const Task& task : tasks) count += task.part == Part::practice ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("shares: nothing gives nothing") {
  const Selection selection = choose({}, {}, 200);
  CHECK(selection.kept.empty());
  CHECK(selection.wanted.empty());
}

TEST_CASE("shares: the cap keeps the shares of strata and classes") {
  std::vector<Prospect> all = prospects_of(60, Stratum::retain, "math");
  append(all, prospects_of(30, Stratum::repair, "math"));
  append(all, prospects_of(10, Stratum::retain, "code"));
  const Selection selection = choose({}, all, 50);
  const Counts counts = counts_of(tasks_of(selection.wanted));
  CHECK(counts == Counts{{{Stratum::retain, "math"}, 30},
                         {{Stratum::repair, "math"}, 15},
                         {{Stratum::retain, "code"}, 5}});
}

TEST_CASE("shares: a rare class gets one place, and the cap holds") {
  std::vector<Prospect> all = prospects_of(200, Stratum::retain, "math");
  append(all, prospects_of(1, Stratum::repair, "code"));
  const Selection selection = choose({}, all, 10);
  CHECK(selection.wanted.size() == 10);
  CHECK(counts_of(tasks_of(selection.wanted))[{Stratum::repair, "code"}] == 1);
}

TEST_CASE("shares: more classes than places gives no more than the cap") {
  std::vector<Prospect> all;
  for (const char* query_class : {"math", "code", "short", "long", "general"})
    append(all, prospects_of(1, Stratum::retain, query_class));
  CHECK(choose({}, all, 3).wanted.size() == 3);
}

TEST_CASE("shares: former tasks are kept before new ones are taken") {
  const auto old = prospects_of(20, Stratum::retain, "math");
  const auto fresh = from(prospects_of(40, Stratum::retain, "math"), 20);
  const Selection selection = choose(tasks_of(old), fresh, 30);
  CHECK(selection.kept.size() == 20);
  CHECK(selection.wanted.size() == 10);
  CHECK(selection.replaced.empty());
}

TEST_CASE("shares: at the cap a former task makes place for a class that has none") {
  const auto former = tasks_of(prospects_of(20, Stratum::retain, "math"));
  const Selection selection = choose(former, prospects_of(5, Stratum::repair, "code"), 20);
  CHECK(selection.kept.size() == 16);
  CHECK(selection.wanted.size() == 4);
  CHECK(selection.replaced.size() == 4);
}

TEST_CASE("shares: what rounding gave to a group is not taken away by the next rounding") {
  auto all = prospects_of(10, Stratum::retain, "math");
  append(all, prospects_of(10, Stratum::repair, "math"));
  append(all, prospects_of(4, Stratum::retain, "code"));
  const auto former = tasks_of(choose({}, all, 11).wanted);
  std::vector<Prospect> rest;
  for (const Prospect& prospect : all)
    if (std::none_of(former.begin(), former.end(),
                     [&](const Task& task) { return task.id == "task-" + prospect.trace_id; }))
      rest.push_back(prospect);
  // One group grew a little: the remainders have another order.
  Prospect more = rest.front();
  more.question = 1;
  rest.push_back(more);
  const Selection selection = choose(former, rest, 11);
  CHECK(selection.replaced.empty());
  CHECK(selection.wanted.empty());
}

TEST_CASE("shares: what waits for a sure gold answer is chosen last") {
  auto all = prospects_of(10, Stratum::repair, "math");
  for (std::size_t i = 0; i < 5; ++i) all[i].waits = true;
  for (const Prospect& prospect : choose({}, all, 5).wanted) CHECK(!prospect.waits);
  CHECK(choose({}, all, 8).wanted.size() == 8);
}

TEST_CASE("weights: are one where nothing bent the shares") {
  auto all = prospects_of(7, Stratum::retain, "math");
  append(all, prospects_of(3, Stratum::repair, "code"));
  auto tasks = tasks_of(all);
  balance_weights(tasks, {}, all);
  for (const Task& task : tasks) CHECK(task.weight == 1.0);
}

TEST_CASE("weights: missing gold answers are made up for by the rest of their group") {
  auto all = prospects_of(30, Stratum::retain, "math");
  append(all, prospects_of(10, Stratum::repair, "math"));
  auto tasks = tasks_of(prospects_of(30, Stratum::retain, "math"));
  for (const Task& task : tasks_of(prospects_of(2, Stratum::repair, "math"))) tasks.push_back(task);
  balance_weights(tasks, {}, all);
  double retain = 0, repair = 0;
  for (const Task& task : tasks) (task.stratum == Stratum::retain ? retain : repair) += task.weight;
  CHECK(retain + repair == doctest::Approx(32));
  CHECK(retain / repair == doctest::Approx(3));
}

TEST_CASE("weights: a class without any task is stood for by its stratum") {
  auto all = prospects_of(10, Stratum::retain, "math");
  append(all, prospects_of(5, Stratum::repair, "math"));
  append(all, prospects_of(5, Stratum::repair, "code"));
  auto tasks = tasks_of(prospects_of(10, Stratum::retain, "math"));
  for (const Task& task : tasks_of(prospects_of(5, Stratum::repair, "math"))) tasks.push_back(task);
  balance_weights(tasks, {}, all);
  double repair = 0, sum = 0;
  for (const Task& task : tasks) {
    sum += task.weight;
    if (task.stratum == Stratum::repair) repair += task.weight;
  }
  CHECK(repair / sum == doctest::Approx(0.5));
}

TEST_CASE("split: a few tasks still leave held-out ones") {
  for (const int count : {0, 1, 2, 3, 4, 5}) {
    auto tasks = numbered(count);
    split(tasks, {}, {}, 0.7);
    CHECK(practice_of(tasks) == count / 2);
  }
}

TEST_CASE("split: at least three and at most thirty practice tasks") {
  auto few = numbered(20), many = numbered(100);
  split(few, {}, {}, 1);
  split(many, {}, {}, 0);
  CHECK(practice_of(few) == 3);
  CHECK(practice_of(many) == 30);
}

TEST_CASE("split: near the wanted share, and the same every time") {
  auto tasks = numbered(60);
  split(tasks, {}, {}, 0.7);
  CHECK(practice_of(tasks) >= 10);
  CHECK(practice_of(tasks) <= 26);
  auto again = numbered(60);
  split(again, {}, {}, 0.7);
  for (std::size_t i = 0; i < tasks.size(); ++i) CHECK(tasks[i].part == again[i].part);
}

TEST_CASE("split: settled tasks keep their part, only a flagged one becomes practice") {
  auto tasks = numbered(60);
  std::set<std::string> settled;
  for (std::size_t i = 0; i < 20; ++i) {
    tasks[i].part = Part::held_out;
    settled.insert(tasks[i].id);
  }
  split(tasks, settled, {tasks[4].id}, 0);
  for (std::size_t i = 0; i < 20; ++i)
    CHECK(tasks[i].part == (i == 4 ? Part::practice : Part::held_out));
  CHECK(practice_of(tasks) == 30);
}
