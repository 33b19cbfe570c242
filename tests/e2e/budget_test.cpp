// Whole sessions with a teacher and a judge that bill random numbers of tokens and fail now and
// then, with random caps and concurrencies; some are killed. JARVIS_BUDGET_SESSIONS says how many
// sessions.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <set>
#include <sstream>

#include "core/budget/ledger.hpp"
#include "core/budget/prices.hpp"
#include "tests/e2e/world.hpp"
#include "tests/support/made_up_home.hpp"

using namespace jarvis::testing;
namespace json = boost::json;

namespace {

constexpr double kCent = 0.01;
constexpr double kJudgeInput = 2.0;
constexpr double kJudgeOutput = 8.0;

int session_count() {
  const char* wanted = std::getenv("JARVIS_BUDGET_SESSIONS");
  return wanted ? std::atoi(wanted) : 4;
}

/** JARVIS_BUDGET_SEED: where the dice begin, so that several processes may share the work. */
unsigned first_seed() {
  const char* wanted = std::getenv("JARVIS_BUDGET_SEED");
  return wanted ? static_cast<unsigned>(std::atoi(wanted)) : 4200;
}

struct Booked {
  double spent = 0;
  double unsettled = 0;
};

/** What the ledger says of each session in it, of refreshes too. */
std::map<std::string, Booked> booked_in(const World& world) {
  std::map<std::string, Booked> found;
  const auto ledger = jarvis::Ledger::open(world.home / "learning/ledger.jsonl");
  REQUIRE(ledger);
  std::set<std::string> names;
  std::istringstream lines(world.read("learning/ledger.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    boost::system::error_code error;
    const auto value = json::parse(line, error);
    if (!error) names.insert(std::string(value.as_object().at("session").as_string()));
  }
  for (const std::string& name : names) {
    const auto totals = ledger->totals(name);
    REQUIRE(totals);
    found[name] = {totals->spent_usd(), totals->unsettled_usd};
  }
  return found;
}

/** What the servers billed: in all, and in answers that reached the client whole. */
struct Billed {
  double all = 0;
  double whole = 0;
};

Billed billed_by(const FakeModels& models) {
  Billed billed;
  for (const FakeCall& call : models.calls()) {
    if (call.part == FakeCall::Part::student || call.part == FakeCall::Part::models ||
        call.output_tokens == 0)
      continue;
    const auto price =
        jarvis::price_of(call.model, call.model == "claude-opus-4-6"
                                         ? jarvis::PriceSettings{}
                                         : jarvis::PriceSettings{kJudgeInput, kJudgeOutput});
    REQUIRE(price);
    jarvis::sdk::Usage usage;
    usage.input_tokens = static_cast<std::int64_t>(call.input_tokens);
    usage.output_tokens = static_cast<std::int64_t>(call.output_tokens);
    billed.all += price->cost_usd(usage);
    if (!call.cut) billed.whole += price->cost_usd(usage);
  }
  return billed;
}

/** One world with its own dice. */
struct RandomSession {
  explicit RandomSession(unsigned seed)
      : random(seed), world(behaviour(seed)), cap(std::pow(10.0, real(-3.0, std::log10(5.0)))) {
    using jarvis::testing::set_config;
    const auto distillation = [&](std::vector<std::string> path, const json::value& value) {
      path.insert(path.begin(), {"learning", "distillation"});
      set_config(world.home, path, value);
    };
    distillation({"gate", "concurrency"}, std::uniform_int_distribution<int>(1, 32)(random));
    distillation({"judge", "input_price_per_mtok"}, kJudgeInput);
    distillation({"judge", "output_price_per_mtok"}, kJudgeOutput);
    distillation({"teacher", "max_retries"}, 1);
    distillation({"judge", "max_retries"}, 1);
    distillation({"benchmark", "max_synthesis_cost_usd_per_refresh"}, kRefreshCap);
  }

  static FakeBehaviour behaviour(unsigned seed) {
    FakeBehaviour behaviour;
    behaviour.edits = four_edits();
    behaviour.random_usage_seed = seed;
    return behaviour;
  }

  double real(double from, double to) {
    return std::uniform_real_distribution<double>(from, to)(random);
  }

  /** `--max-cost` in full digits. */
  std::string cap_text() const {
    std::ostringstream text;
    text.precision(12);
    text << std::fixed << cap;
    return text.str();
  }

  static constexpr double kRefreshCap = 1.5;
  std::mt19937 random;
  World world;
  double cap;
};

void check_caps(const RandomSession& session) {
  for (const auto& [name, booked] : booked_in(session.world)) {
    const bool refresh = name.rfind("benchmark-", 0) == 0;
    CAPTURE(name);
    CHECK(booked.spent + booked.unsettled <=
          (refresh ? RandomSession::kRefreshCap : session.cap) + 1e-6);
  }
}

}  // namespace

TEST_CASE("budget: random sessions never pass their cap, and every cent is known") {
  for (int i = 0; i < session_count(); ++i) {
    const unsigned seed = first_seed() + static_cast<unsigned>(i);
    CAPTURE(seed);
    RandomSession session(seed);
    const auto finished = session.world.run({"learning", "run", "--max-cost", session.cap_text()});
    CAPTURE(finished.err);
    CHECK((finished.status == 0 || finished.status == 1));
    check_caps(session);
    Booked all;
    for (const auto& [name, booked] : booked_in(session.world)) {
      all.spent += booked.spent;
      all.unsettled += booked.unsettled;
    }
    const Billed billed = billed_by(session.world.models);
    CHECK(std::abs(all.spent - billed.whole) < kCent);
    CHECK(all.spent + all.unsettled >= billed.all - kCent);
    CHECK(finished.out.find("\"internal\"") == std::string::npos);
  }
}

TEST_CASE(
    "budget: a session that is killed at any moment leaves its costs behind, within the cap") {
  for (int i = 0; i < std::max(1, session_count() / 10); ++i) {
    const unsigned seed = first_seed() + 1000000u + static_cast<unsigned>(i);
    CAPTURE(seed);
    RandomSession session(seed);
    const std::string seconds = std::to_string(session.real(0.02, 0.6));
    Launch launch{
        {"/usr/bin/timeout", "-s", "KILL", seconds, JARVIS_PROGRAM, "--home",
         session.world.home.string(), "learning", "run", "--max-cost", session.cap_text()},
        session.world.environment,
        session.world.directory.path()};
    run_program(launch);
    check_caps(session);
    Booked all;
    for (const auto& [name, booked] : booked_in(session.world)) {
      all.spent += booked.spent;
      all.unsettled += booked.unsettled;
    }
    CHECK(all.spent + all.unsettled >= billed_by(session.world.models).all - kCent);
  }
}
