#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "core/session/execute/gate/sign_flip.hpp"

using namespace jarvis;

namespace {

std::vector<Difference> differences(const std::vector<double>& values, double weight = 1) {
  std::vector<Difference> all;
  for (const double value : values) all.push_back({value, weight});
  return all;
}

/** By going through every choice of signs. */
double counted_p(const std::vector<Difference>& all, double threshold) {
  double wanted = 0;
  for (const Difference& one : all) wanted += one.weight * (one.value - threshold);
  const unsigned choices = 1u << all.size();
  unsigned reached = 0;
  for (unsigned choice = 0; choice < choices; ++choice) {
    double sum = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const double size = std::abs(all[i].weight * (all[i].value - threshold));
      sum += (choice >> i & 1u) != 0 ? size : -size;
    }
    if (sum >= wanted - 1e-9) ++reached;
  }
  return static_cast<double>(reached) / choices;
}

}  // namespace

TEST_CASE("sign flips: nothing that differs is no evidence") {
  CHECK(sign_flip_p({}, 0) == 1);
  CHECK(sign_flip_p(differences({0, 0, 0}), 0) == 1);
  CHECK(sign_flip_p(differences({0.02, 0.02}), 0.02) == 1);
}

TEST_CASE("sign flips: five better, none worse; seven better, one worse") {
  CHECK(sign_flip_p(differences({1, 1, 1, 1, 1, 0, 0}), 0) == 0.03125);
  CHECK(sign_flip_p(differences({1, 1, 1, -1, 1, 1, 1, 1, 0}), 0) == 0.03515625);
  CHECK(sign_flip_p(differences({-1, -1, -1}), 0) == 1);
}

TEST_CASE("sign flips: means of several runs are exact, as counting every choice of signs says") {
  std::mt19937_64 random(3);
  for (int round = 0; round < 60; ++round) {
    std::vector<Difference> all;
    for (int i = 0; i < 12; ++i)
      all.push_back({static_cast<double>(random() % 17) / 8 - 1, round % 3 == 0 ? 1.25 : 1});
    // A run that is missing: sevenths among the eighths.
    if (round % 2 == 0) all[0].value = 3.0 / 7 - 1.0 / 8;
    const double threshold = round % 4 == 0 ? 0.02 : 0;
    CHECK(sign_flip_p(all, threshold) == doctest::Approx(counted_p(all, threshold)).epsilon(1e-9));
  }
}

TEST_CASE("sign flips: without a grid they are drawn, the same ones in every order") {
  std::mt19937_64 random(4);
  std::uniform_real_distribution<> value(-0.6, 1), weight(0.5, 1.5);
  std::vector<Difference> all;
  for (int i = 0; i < 14; ++i) all.push_back({value(random), weight(random)});
  const double p = sign_flip_p(all, 0);
  CHECK(p == doctest::Approx(counted_p(all, 0)).epsilon(0.15));
  CHECK(std::abs(p * 10000 - std::round(p * 10000)) < 1e-6);
  std::shuffle(all.begin(), all.end(), random);
  CHECK(sign_flip_p(all, 0) == p);
}

TEST_CASE("sign flips: what is far beyond chance keeps its small p") {
  CHECK(sign_flip_p(differences(std::vector<double>(200, 0.125)), 0) ==
        doctest::Approx(std::pow(0.5, 200)));
}
