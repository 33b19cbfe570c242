#include "core/watch/feedback_comparison.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <random>

#include "core/watch/drop_evidence.hpp"

using namespace jarvis;

namespace {

using Ratings = std::vector<Rating>;

Ratings same(std::size_t count, double score, const std::string& agent = "simple",
             const std::string& query_class = "math") {
  return Ratings(count, Rating{agent, query_class, score});
}

Ratings joined(Ratings one, const Ratings& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

/** In how many of `edits` a fall is named, when one looks after each rating. */
int alarms(int edits, std::size_t before, std::size_t after,
           const std::function<double(std::mt19937_64&, bool is_after)>& score) {
  int count = 0;
  for (int edit = 0; edit < edits; ++edit) {
    std::mt19937_64 random(static_cast<std::uint64_t>(edit) + 1);
    Ratings former;
    for (std::size_t i = 0; i < before; ++i)
      former.push_back({"simple", "math", score(random, false)});
    RunningComparison comparison(former);
    bool named = false;
    for (std::size_t i = 0; i < after && !named; ++i) {
      comparison.add({"simple", "math", score(random, true)});
      named = comparison.so_far().is_credible;
    }
    count += named;
  }
  return count;
}

double thumb(std::mt19937_64& random, double liked) {
  return std::uniform_real_distribution<>(0, 1)(random) < liked ? 1 : 0;
}

}  // namespace

TEST_CASE("watch: without ratings from before, or since, nothing is said") {
  for (const auto& comparison : {compare_feedback({}, {}), compare_feedback({}, same(500, 0)),
                                 compare_feedback(same(500, 1), {})}) {
    CHECK(!comparison.is_credible);
    CHECK(comparison.traces == 0);
    CHECK(comparison.log_evidence == 0);
  }
}

TEST_CASE("watch: under twenty ratings nothing is said, however bad they are") {
  CHECK(!compare_feedback(same(100, 1), same(kLeastRatings - 1, 0)).is_credible);
  CHECK(compare_feedback(same(100, 1), same(kLeastRatings, 0)).is_credible);
}

TEST_CASE("watch: another agent or another kind of question is no worse feedback") {
  CHECK(!compare_feedback(same(100, 1, "simple"), same(100, 0, "coder")).is_credible);
  CHECK(!compare_feedback(same(100, 1, "simple", "math"), same(100, 0, "simple", "code"))
             .is_credible);
  const Ratings before = joined(same(90, 1, "simple", "short"), same(60, 0, "simple", "code"));
  const Ratings after = joined(same(5, 1, "simple", "short"), same(60, 0, "simple", "code"));
  const auto comparison = compare_feedback(before, after);
  CHECK(!comparison.is_credible);
  CHECK(comparison.traces == 65);
  CHECK(comparison.before == doctest::Approx(comparison.after));
}

TEST_CASE("watch: a rating from before is compared with once") {
  const auto comparison = compare_feedback(same(30, 1), same(1000, 0));
  CHECK(comparison.traces == 30);
  CHECK(comparison.rated_before == 30);
  CHECK(comparison.rated_after == 1000);
}

TEST_CASE("watch: a fall is said with both means and the number of traces") {
  const auto comparison = compare_feedback(same(400, 0.75), joined(same(25, 0.25), same(25, 0)));
  CHECK(comparison.is_credible);
  CHECK(fall_text(comparison) == "feedback fell from 0.75 to 0.12 on 50 traces");
  CHECK(!compare_feedback(same(400, 0.25), same(400, 0.75)).is_credible);
}

TEST_CASE("watch: the evidence is the mean of bets with 1 + stake · (before − after)") {
  DropEvidence evidence;
  CHECK(evidence.log_value() == 0);
  evidence.add(1, 0);
  const double mean_stake = (0.08 + 0.16 + 0.3 + 0.5 + 0.75 + 0.95) / 6;
  CHECK(std::exp(evidence.log_value()) == doctest::Approx(1 + mean_stake));
  DropEvidence one, other;
  one.add(1, 0), one.add(0.5, 1), one.add(0, 0);
  other.add(0, 0), other.add(0.5, 1), other.add(1, 0);
  CHECK(one.log_value() == doctest::Approx(other.log_value()));
  for (int i = 0; i < 100000; ++i) one.add(0, 1), other.add(1, 0);
  CHECK(std::isfinite(one.log_value()));
  CHECK(std::isfinite(other.log_value()));
}

TEST_CASE("watch: looked at after each rating, edits without effect are hardly ever named") {
  const auto thumbs = [](std::mt19937_64& random, bool) { return thumb(random, 0.8); };
  CHECK(alarms(200, 300, 300, thumbs) <= 10);
  const auto stars = [](std::mt19937_64& random, bool) {
    return std::uniform_int_distribution<>(4, 10)(random) / 10.0;
  };
  CHECK(alarms(200, 300, 300, stars) <= 10);
  const auto better = [](std::mt19937_64& random, bool is_after) {
    return thumb(random, is_after ? 0.85 : 0.7);
  };
  CHECK(alarms(200, 300, 300, better) == 0);
}

TEST_CASE("watch: a fall of 0.3 is nearly always named within 60 ratings, one of 0.2 within 150") {
  const auto by_0_3 = [](std::mt19937_64& random, bool is_after) {
    return thumb(random, is_after ? 0.5 : 0.8);
  };
  CHECK(alarms(100, 300, 60, by_0_3) >= 90);
  const auto by_0_2 = [](std::mt19937_64& random, bool is_after) {
    return thumb(random, is_after ? 0.6 : 0.8);
  };
  CHECK(alarms(100, 300, 150, by_0_2) >= 85);
}
