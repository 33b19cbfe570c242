#include "core/benchmark/shares.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "core/base/digest.hpp"

namespace jarvis {

namespace {

using Group = std::pair<Stratum, std::string>;  // stratum and query class

/** A former task or a new candidate, by its place in its vector. */
struct Item {
  bool is_new;
  std::uint64_t order;
  std::size_t index;
  bool operator<(const Item& other) const {
    return std::tie(is_new, order, index) < std::tie(other.is_new, other.order, other.index);
  }
};

using Groups = std::map<Group, std::vector<Item>>;

std::uint64_t order_of(const std::string& task_id) {
  return stable_hash("order\n" + task_id);
}

Groups group(const std::vector<Task>& former, const std::vector<Candidate>& candidates) {
  Groups groups;
  std::set<std::string> known;
  for (std::size_t i = 0; i < former.size(); ++i) {
    known.insert(former[i].id);
    groups[{former[i].stratum, former[i].query_class}].push_back(
        {false, order_of(former[i].id), i});
  }
  for (std::size_t i = 0; i < candidates.size(); ++i)
    if (known.count(candidates[i].task_id) == 0)
      groups[{candidates[i].stratum, candidates[i].query_class}].push_back(
          {true, order_of(candidates[i].task_id), i});
  for (auto& [name, items] : groups) std::sort(items.begin(), items.end());
  return groups;
}

/** How many each group gives: the whole parts of its share first, the rest by largest remainder. */
std::map<Group, std::size_t> quotas(const Groups& groups, std::size_t max_tasks) {
  std::size_t total = 0;
  for (const auto& [name, items] : groups) total += items.size();
  std::map<Group, std::size_t> quota;
  if (total <= max_tasks) {
    for (const auto& [name, items] : groups) quota[name] = items.size();
    return quota;
  }
  std::vector<std::pair<std::size_t, Group>> remainders;
  std::size_t given = 0;
  for (const auto& [name, items] : groups) {
    quota[name] = items.size() * max_tasks / total;
    given += quota[name];
    remainders.emplace_back(items.size() * max_tasks % total, name);
  }
  std::stable_sort(remainders.begin(), remainders.end(),
                   [](const auto& one, const auto& other) { return one.first > other.first; });
  for (std::size_t i = 0; given < max_tasks; ++i, ++given) ++quota[remainders[i].second];
  return quota;
}

/** Gives a class without any task one place, taken from the group that has most. */
void give_each_class_one(const Groups& groups, std::map<Group, std::size_t>& quota) {
  std::map<std::string, std::size_t> by_class;
  for (const auto& [name, count] : quota) by_class[name.second] += count;
  for (const auto& [query_class, count] : by_class) {
    if (count > 0) continue;
    const auto most = std::max_element(
        quota.begin(), quota.end(),
        [](const auto& one, const auto& other) { return one.second < other.second; });
    if (most->second < 2) return;
    const auto largest =
        std::max_element(groups.begin(), groups.end(),
                         [&, wanted = query_class](const auto& one, const auto& other) {
                           const auto size = [&](const auto& entry) {
                             return entry.first.second == wanted ? entry.second.size() : 0;
                           };
                           return size(one) < size(other);
                         });
    --most->second;
    ++quota[largest->first];
  }
}

}  // namespace

Selection choose(const std::vector<Task>& former, const std::vector<Candidate>& candidates,
                 std::size_t max_tasks) {
  const Groups groups = group(former, candidates);
  auto quota = quotas(groups, max_tasks);
  give_each_class_one(groups, quota);
  Selection selection;
  std::vector<Item> wanted;
  for (const auto& [name, items] : groups) {
    for (std::size_t i = 0; i < quota[name]; ++i) {
      if (items[i].is_new)
        wanted.push_back(items[i]);
      else
        selection.kept.push_back(former[items[i].index]);
    }
  }
  // A refresh that runs out of money part of the way has then paid for a fair mixture.
  std::sort(wanted.begin(), wanted.end());
  for (const Item& item : wanted) selection.wanted.push_back(candidates[item.index]);
  return selection;
}

void balance_weights(std::vector<Task>& tasks, const std::vector<Task>& former,
                     const std::vector<Candidate>& candidates) {
  std::map<Group, double> asked, present;
  for (const auto& [name, items] : group(former, candidates))
    asked[name] = static_cast<double>(items.size());
  for (const Task& task : tasks) present[{task.stratum, task.query_class}] += 1;

  std::map<Stratum, double> asked_of_stratum, represented;
  for (const auto& [name, count] : asked) {
    asked_of_stratum[name.first] += count;
    if (present.count(name) != 0) represented[name.first] += count;
  }
  double sum = 0;
  for (Task& task : tasks) {
    const Group name{task.stratum, task.query_class};
    task.weight =
        asked[name] / present[name] * (asked_of_stratum[name.first] / represented[name.first]);
    sum += task.weight;
  }
  for (Task& task : tasks) task.weight *= static_cast<double>(tasks.size()) / sum;
}

}  // namespace jarvis
