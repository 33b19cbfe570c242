#include <doctest/doctest.h>

#include <cmath>

#include "core/session/execute/gate/error_share.hpp"
#include "core/session/execute/gate/spending.hpp"

using namespace jarvis;

namespace {

void check_levels(double alpha, const std::array<double, kLookCount>& expected) {
  const auto levels = look_levels(alpha);
  double sum = 0;
  for (std::size_t look = 0; look < kLookCount; ++look) {
    CHECK(std::abs(levels[look] - expected[look]) <= 0.000005);
    sum += levels[look];
  }
  CHECK(sum == doctest::Approx(alpha));
}

}  // namespace

TEST_CASE("levels: a tenth and a twentieth are spent as the golden values say") {
  check_levels(0.10, {0.00048, 0.00882, 0.03465, 0.05605});
  check_levels(0.05, {0.00003, 0.00191, 0.01443, 0.03363});
}

TEST_CASE("levels: nothing to spend gives nothing, everything is spent at once") {
  for (const double level : look_levels(0)) CHECK(level == 0);
  for (const double level : look_levels(-1)) CHECK(level == 0);
  CHECK(look_levels(1)[0] == 1);
  CHECK(look_levels(1)[3] == 0);
  CHECK(spent_error(0.1, 0) == 0);
  CHECK(spent_error(0.1, 1) == doctest::Approx(0.1));
}

TEST_CASE("information: more runs of one arm alone soon bring little") {
  CHECK(information({0, 8}) == 0);
  CHECK(information({1, 1}) == doctest::Approx(0.5));
  CHECK(information({8, 1}) == doctest::Approx(8.0 / 9));
  CHECK(information({8, 8}) == doctest::Approx(4));
}

TEST_CASE("error share: split evenly over the edits that will be tried") {
  CHECK(error_share(0.1, {}, "a", 1) == doctest::Approx(0.1));
  CHECK(error_share(0.1, {}, "a", 5) == doctest::Approx(0.02));
  CHECK(error_share(0.1, {{"a", 0.02, false}}, "b", 4) == doctest::Approx(0.02));
  CHECK(error_share(0.1, {{"a", 0.02, false}, {"b", 0.02, false}}, "c", 3) ==
        doctest::Approx(0.02));
}

TEST_CASE("error share: an accepted edit's share returns to the rest") {
  CHECK(error_share(0.1, {{"a", 0.02, true}}, "b", 4) == doctest::Approx(0.025));
  CHECK(error_share(0.1, {{"a", 0.02, false}, {"b", 0.02, true}}, "c", 3) ==
        doctest::Approx(0.08 / 3));
}

TEST_CASE(
    "error share: the same edit tried again draws from its own share, which is counted once") {
  const std::vector<TriedEdit> tried{{"a", 0.02, false}, {"b", 0.02, false}, {"a", 0.02, false}};
  CHECK(error_share(0.1, tried, "a", 3) == 0.02);
  CHECK(error_share(0.1, tried, "c", 3) == doctest::Approx(0.02));
}

TEST_CASE("error share: more edits than were foreseen get nothing, and odd numbers do no harm") {
  CHECK(error_share(0.1, {{"a", 0.1, false}}, "b", 1) == 0);
  CHECK(error_share(0.1, {{"a", 0.3, false}}, "b", 1) == 0);
  CHECK(error_share(0.1, {}, "a", 0) == doctest::Approx(0.1));
  CHECK(error_share(-0.1, {}, "a", 2) == 0);
}

TEST_CASE("error share: whatever is accepted, the shares of the others add up to alpha at most") {
  for (unsigned accepted = 0; accepted < 32; ++accepted) {
    std::vector<TriedEdit> tried;
    double lost = 0;
    for (int i = 0; i < 5; ++i) {
      const std::string edit = std::to_string(i);
      const bool won = (accepted >> i & 1u) != 0;
      const double share = error_share(0.1, tried, edit, 5 - i);
      tried.push_back({edit, share, won});
      if (!won) lost += share;
    }
    CHECK(lost <= 0.1 + 1e-12);
  }
}
