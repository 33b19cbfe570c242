// What the watch after an edit names: seeded Monte Carlo of edits whose feedback is looked at after
// each rating.
//
//   bench_watch [EDITS_PER_CELL]     2,000 when it is not given
//
// First edits without effect, over 2,000 ratings each: the share that is ever named is the rate of
// false alarms. Then edits that make feedback worse: how many of them are named, and after how many
// ratings. Ends with 1 when a rate of false alarms is above kFalseAlarm; with fewer than 1,000
// edits the bound is widened by three standard errors.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <vector>

#include "core/watch/feedback_comparison.hpp"

namespace {

using namespace jarvis;

using Random = std::mt19937_64;
using Ratings = std::vector<Rating>;

constexpr std::size_t kAfter = 2000;
constexpr int kDefaultEdits = 2000;
constexpr int kFullEdits = 1000;  ///< from here on the bound holds as it stands

double uniform(Random& random) {
  return std::uniform_real_distribution<>(0, 1)(random);
}

double thumb(Random& random, double liked) {
  return uniform(random) < liked ? 1 : 0;
}

/** With this mean; a and b of the beta distribution sum up to 4. */
double continuous(Random& random, double mean) {
  std::gamma_distribution<> liked(mean * 4, 1), disliked((1 - mean) * 4, 1);
  const double one = liked(random), other = disliked(random);
  return one / (one + other);
}

/** A thumb that one rater in five throws as a coin. */
double careless(Random& random, double liked) {
  return uniform(random) < 0.2 ? thumb(random, 0.5) : thumb(random, liked);
}

using Score = double (*)(Random&, double mean);

/** One rating after or before the edit. */
using Rate = std::function<Rating(Random&, bool is_after)>;

Rate same_kind(Score score, double before, double after) {
  return [=](Random& random, bool is_after) {
    return Rating{"simple", "general", score(random, is_after ? after : before)};
  };
}

/** Two agents and three classes of different means. After the edit the worse ones are asked three
 * times as often, and all fall by `drop`. */
Rate mixed(Score score, double drop) {
  return [=](Random& random, bool is_after) {
    const bool hard = uniform(random) < (is_after ? 0.6 : 0.2);
    const bool coder = uniform(random) < 0.5;
    const bool is_short = uniform(random) < 0.5;
    const double mean = hard ? 0.45 : is_short ? 0.9 : 0.8;
    return Rating{coder ? "coder" : "simple",
                  hard       ? "math"
                  : is_short ? "short"
                             : "general",
                  score(random, is_after ? mean - drop : mean)};
  };
}

/** After how many ratings each edit is named; kAfter + 1: never. Sorted. */
std::vector<std::size_t> named_after(int edits, std::size_t before, const Rate& rate) {
  std::vector<std::size_t> named;
  for (int edit = 0; edit < edits; ++edit) {
    Random random(static_cast<std::uint64_t>(edit) * 7919 + before);
    Ratings former;
    for (std::size_t i = 0; i < before; ++i) former.push_back(rate(random, false));
    RunningComparison comparison(former);
    std::size_t at = 0;
    bool is_named = false;
    while (!is_named && at++ < kAfter) {
      comparison.add(rate(random, true));
      is_named = comparison.so_far().is_credible;
    }
    named.push_back(is_named ? at : kAfter + 1);
  }
  std::sort(named.begin(), named.end());
  return named;
}

/** The same where each trace, from before the edit too, is rated up to 200 traces later, so that
 * ratings come in any order. Looked at after every tenth trace. How many are named. */
int named_when_rated_late(int edits, std::size_t before, const Rate& rate) {
  constexpr std::size_t kTraces = 600;
  int named = 0;
  for (int edit = 0; edit < edits; ++edit) {
    Random random(static_cast<std::uint64_t>(edit) * 104729 + before);
    struct Late {
      Rating rating;
      double rated_at;
    };
    std::vector<Late> traces;
    for (std::size_t i = 0; i < before + kTraces; ++i)
      traces.push_back({rate(random, i >= before), static_cast<double>(i) + 200 * uniform(random)});
    bool is_named = false;
    for (std::size_t now = before; now <= traces.size() && !is_named; now += 10) {
      Ratings former, since;
      for (std::size_t i = 0; i < now; ++i)
        if (traces[i].rated_at < static_cast<double>(now))
          (i < before ? former : since).push_back(traces[i].rating);
      std::reverse(former.begin(), former.end());
      is_named = compare_feedback(former, since).is_credible;
    }
    named += is_named;
  }
  return named;
}

double share(const std::vector<std::size_t>& named) {
  const auto never = std::lower_bound(named.begin(), named.end(), kAfter + 1);
  return static_cast<double>(never - named.begin()) / static_cast<double>(named.size());
}

/** "73", or "–" where fewer are ever named. */
std::string quantile(const std::vector<std::size_t>& named, double at) {
  const std::size_t value = named[static_cast<std::size_t>(at * static_cast<double>(named.size()))];
  return value > kAfter ? "-" : std::to_string(value);
}

class FalseAlarms {
 public:
  explicit FalseAlarms(int edits) : edits_(edits) {
    std::printf("edits without effect, named, %% (bound %.0f)\n  %-52s %8s %8s %8s\n",
                kFalseAlarm * 100, "ratings before", "100", "300", "1000");
  }

  void row(const char* what, const std::function<double(std::size_t before)>& rate) {
    std::printf("  %-52s", what);
    const double bound = kFalseAlarm + slack();
    for (const std::size_t before : {100, 300, 1000}) {
      const double alarms = rate(before);
      std::printf(" %7.2f%s", alarms * 100, alarms <= bound ? " " : "!");
      if (alarms > bound) ++failures_;
    }
    std::printf("\n");
    std::fflush(stdout);
  }

  int failures() const { return failures_; }

 private:
  double slack() const {
    return edits_ < kFullEdits ? 3 * std::sqrt(kFalseAlarm * (1 - kFalseAlarm) / edits_) : 0;
  }

  int edits_;
  int failures_ = 0;
};

void power_row(const char* what, int edits, double drop, const Rate& rate) {
  std::printf("  %-24s %5.1f", what, drop);
  for (const std::size_t before : {50, 100, 300, 1000}) {
    const auto named = named_after(edits, before, rate);
    std::printf("  %4.0f %% %4s %4s", share(named) * 100, quantile(named, 0.5).c_str(),
                quantile(named, 0.8).c_str());
  }
  std::printf("\n");
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** words) {
  const int edits = count > 1 ? std::max(std::atoi(words[1]), 1) : kDefaultEdits;
  FalseAlarms alarms(edits);
  const auto quiet = [&](const char* what, const Rate& rate) {
    alarms.row(what, [&](std::size_t before) { return share(named_after(edits, before, rate)); });
  };
  quiet("thumbs, 80 % up", same_kind(thumb, 0.8, 0.8));
  quiet("thumbs, 50 % up", same_kind(thumb, 0.5, 0.5));
  quiet("thumbs, 95 % up", same_kind(thumb, 0.95, 0.95));
  quiet("thumbs, 80 % up, every fifth a coin", same_kind(careless, 0.8, 0.8));
  quiet("any score, mean 0.7", same_kind(continuous, 0.7, 0.7));
  quiet("thumbs, 5 kinds of questions, more hard ones after", mixed(thumb, 0));
  quiet("any score, 5 kinds, more hard ones after", mixed(continuous, 0));
  alarms.row("thumbs, 80 % up, rated late and in any order", [&](std::size_t before) {
    return static_cast<double>(named_when_rated_late(edits, before, same_kind(thumb, 0.8, 0.8))) /
           edits;
  });

  std::printf(
      "\nedits that do harm: named within 2,000 ratings; ratings until half and 80 %% of them are\n"
      "  %-24s %5s  %-16s  %-16s  %-16s  %-16s\n",
      "ratings before", "drop", "50", "100", "300", "1000");
  for (const double drop : {0.1, 0.2, 0.3}) {
    power_row("thumbs, 80 % up", edits, drop, same_kind(thumb, 0.8, 0.8 - drop));
    power_row("every fifth a coin", edits, drop, same_kind(careless, 0.8, 0.8 - drop));
    power_row("any score, mean 0.7", edits, drop, same_kind(continuous, 0.7, 0.7 - drop));
    power_row("thumbs, 5 kinds", edits, drop, mixed(thumb, drop));
  }
  return alarms.failures() == 0 ? 0 : 1;
}
