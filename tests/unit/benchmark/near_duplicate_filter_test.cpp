#include "core/benchmark/near_duplicate_filter.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace jarvis;

namespace {

std::string words(int count, const std::string& prefix, int from = 0) {
  std::string text;
  for (int i = from; i < from + count; ++i) text += prefix + std::to_string(i) + " ";
  return text;
}

using Numbers = std::vector<std::size_t>;

struct Filtered {
  Numbers staying;
  int loads = 0;
};

Filtered filtered(const std::vector<std::string>& queries, std::size_t always = 0) {
  std::pmr::monotonic_buffer_resource memory;
  std::vector<Sketch> sketches;
  for (const std::string& query : queries) {
    sketches.push_back(sketch_of(print_of(query).shingles, memory));
    sketches.back().stays = sketches.size() <= always;
  }
  Filtered result;
  result.staying = without_near_duplicates(sketches, [&](std::size_t number) {
    ++result.loads;
    return print_of(queries[number]).shingles;
  });
  return result;
}

}  // namespace

TEST_CASE("filter: nothing and one question go through") {
  CHECK(filtered({}).staying.empty());
  CHECK(filtered({"why"}).staying == Numbers{0});
}

TEST_CASE("filter: of a chain of near duplicates every second stays") {
  // Each is near the one before it and the one after it, and no other.
  std::vector<std::string> chain;
  for (int i = 0; i < 9; ++i) chain.push_back(words(20, "w", 2 * i));
  REQUIRE(are_near_duplicates(print_of(chain[0]).shingles, print_of(chain[1]).shingles));
  REQUIRE(!are_near_duplicates(print_of(chain[0]).shingles, print_of(chain[2]).shingles));
  CHECK(filtered(chain).staying == Numbers{0, 2, 4, 6, 8});
}

TEST_CASE("filter: those that always stay are kept, and what is like them is not") {
  const std::string one = words(20, "w");
  CHECK(filtered({one, one, words(19, "w"), "other"}, 2).staying == Numbers{0, 1, 3});
}

TEST_CASE("filter: long questions are compared by what is loaded, exactly") {
  const std::string one = words(200, "w"), near = words(190, "w"), other = words(150, "w");
  const Filtered result = filtered({one, near, other});
  CHECK(result.staying == Numbers{0, 2});
  CHECK(result.loads > 0);
}

TEST_CASE("filter: long questions that cannot be loaded any more stay") {
  std::pmr::monotonic_buffer_resource memory;
  std::vector<Sketch> sketches;
  for (int i = 0; i < 2; ++i)
    sketches.push_back(sketch_of(print_of(words(200, "w")).shingles, memory));
  CHECK(without_near_duplicates(sketches, [](std::size_t) { return Shingles(); }).size() == 2);
}

TEST_CASE("filter: finds the copy among thousands of questions of one template") {
  // All share nearly half of their runs, so that most bands hold many of them.
  const std::string frame = words(12, "frame");
  std::vector<std::string> queries;
  for (int i = 0; i < 3000; ++i)
    queries.push_back(frame + words(14, "slot" + std::to_string(i) + "x"));
  for (int i = 0; i < 3000; i += 100)
    queries.push_back(queries[static_cast<std::size_t>(i)] + "more");
  CHECK(filtered(queries).staying.size() == 3000);
}

TEST_CASE("filter: finds all near duplicates among random questions") {
  std::vector<std::string> queries;
  std::uint64_t state = 1;
  for (int i = 0; i < 5000; ++i) {
    std::string query;
    for (int word = 0; word < 12; ++word) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      query += std::to_string(state >> 50) + " ";
    }
    queries.push_back(query);
  }
  for (int i = 0; i < 1000; ++i) queries.push_back(queries[static_cast<std::size_t>(i)] + "again");
  CHECK(filtered(queries).staying.size() <= 5001);
  CHECK(filtered(queries).staying.size() >= 5000);
  CHECK(filtered(queries).staying == filtered(queries).staying);
}
