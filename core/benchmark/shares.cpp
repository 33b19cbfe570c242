#include "core/benchmark/shares.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "core/base/digest.hpp"

namespace jarvis {

namespace {

using Group = std::pair<Stratum, std::string_view>;  // stratum and query class

/** A former task or a new prospect, by its place in its vector. */
struct Item {
  enum class Kind { former, fresh, waiting };
  Kind kind;
  std::uint64_t order;
  std::size_t index;
  bool operator<(const Item& other) const {
    return std::tie(kind, order, index) < std::tie(other.kind, other.order, other.index);
  }
};

using Groups = std::map<Group, std::vector<Item>>;

Groups group(const std::vector<Task>& former, const std::vector<Prospect>& prospects) {
  Groups groups;
  for (std::size_t i = 0; i < former.size(); ++i)
    groups[{former[i].stratum, former[i].query_class}].push_back(
        {Item::Kind::former, stable_hash("order\n" + former[i].id), i});
  for (std::size_t i = 0; i < prospects.size(); ++i)
    groups[{prospects[i].stratum, prospects[i].query_class}].push_back(
        {prospects[i].waits ? Item::Kind::waiting : Item::Kind::fresh, prospects[i].question, i});
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
  // First those that have the former tasks for it: else one would be replaced at each rounding.
  std::vector<std::tuple<bool, std::size_t, Group>> remainders;
  std::size_t given = 0;
  for (const auto& [name, items] : groups) {
    quota[name] = items.size() * max_tasks / total;
    given += quota[name];
    const auto former = std::count_if(items.begin(), items.end(), [](const Item& item) {
      return item.kind == Item::Kind::former;
    });
    const std::size_t remainder = items.size() * max_tasks % total;
    const bool is_full = static_cast<std::size_t>(former) > quota[name] && remainder > 0;
    remainders.emplace_back(is_full, remainder, name);
  }
  std::stable_sort(remainders.begin(), remainders.end(), [](const auto& one, const auto& other) {
    return std::tie(std::get<0>(one), std::get<1>(one)) >
           std::tie(std::get<0>(other), std::get<1>(other));
  });
  for (std::size_t i = 0; given < max_tasks; ++i, ++given) ++quota[std::get<2>(remainders[i])];
  return quota;
}

/** Gives a class without any task one place, taken from the group that has most. */
void give_each_class_one(const Groups& groups, std::map<Group, std::size_t>& quota) {
  std::map<std::string_view, std::size_t> by_class;
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

Selection choose(const std::vector<Task>& former, const std::vector<Prospect>& prospects,
                 std::size_t max_tasks) {
  const Groups groups = group(former, prospects);
  auto quota = quotas(groups, max_tasks);
  give_each_class_one(groups, quota);
  Selection selection;
  std::vector<Item> wanted;
  for (const auto& [name, items] : groups) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      const bool is_chosen = i < quota[name];
      if (items[i].kind == Item::Kind::former)
        (is_chosen ? selection.kept : selection.replaced).push_back(former[items[i].index]);
      else if (is_chosen)
        wanted.push_back(items[i]);
    }
  }
  // A refresh that runs out of money part of the way has then paid for a fair mixture.
  std::sort(wanted.begin(), wanted.end());
  for (const Item& item : wanted) selection.wanted.push_back(prospects[item.index]);
  return selection;
}

void balance_weights(std::vector<Task>& tasks, const std::vector<Task>& former,
                     const std::vector<Prospect>& prospects) {
  std::map<Group, double> asked, present;
  for (const Task& task : former) asked[{task.stratum, task.query_class}] += 1;
  for (const Prospect& prospect : prospects) asked[{prospect.stratum, prospect.query_class}] += 1;
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
