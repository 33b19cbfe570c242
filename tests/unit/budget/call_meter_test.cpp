#include "core/budget/call_meter.hpp"

#include <doctest/doctest.h>

#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;

namespace {

struct Setting {
  explicit Setting(double cap = 10)
      : purse(*Ledger::open(directory.path() / "ledger.jsonl"), "s", cap) {
    purse.allow(SpendingStep::execute);
  }
  TemporaryDirectory directory;
  SessionPurse purse;
  Price price = *price_of("gpt-4o", {1.0, 10.0});
};

sdk::Usage tokens(std::int64_t input, std::int64_t output) {
  sdk::Usage usage;
  usage.input_tokens = input;
  usage.output_tokens = output;
  return usage;
}

}  // namespace

TEST_CASE("meter: a call that does not fit is a budget error") {
  Setting setting(0.001);
  CallMeter meter(&setting.purse, Purpose::gold, "m", setting.price);
  const auto begun = meter.begin_attempt(1000, 4096);
  REQUIRE_FALSE(begun.ok());
  CHECK(begun.error().kind == ErrorKind::budget);
}

TEST_CASE("meter: a lost attempt stays unsettled, the next one is settled") {
  Setting setting;
  CallMeter meter(&setting.purse, Purpose::gold, "m", setting.price);
  REQUIRE(meter.begin_attempt(100000, 10000).ok());
  CHECK(setting.purse.unsettled_usd() == doctest::Approx(0.2));
  meter.attempt_lost();
  REQUIRE(meter.begin_attempt(100000, 10000).ok());
  REQUIRE(meter.finish(tokens(20000, 1000)).ok());
  CHECK(setting.purse.spent_usd() == doctest::Approx(0.03));
  CHECK(setting.purse.unsettled_usd() == doctest::Approx(0.2));
}

TEST_CASE("meter: an unbilled attempt costs nothing") {
  Setting setting;
  CallMeter meter(&setting.purse, Purpose::gold, "m", setting.price);
  REQUIRE(meter.begin_attempt(1000, 1000).ok());
  REQUIRE(meter.attempt_failed_unbilled().ok());
  CHECK(setting.purse.unsettled_usd() == 0);
  CHECK(setting.purse.spent_usd() == 0);
}

TEST_CASE("meter: a call that never finishes leaves its money unsettled") {
  Setting setting;
  {
    CallMeter meter(&setting.purse, Purpose::gold, "m", setting.price);
    REQUIRE(meter.begin_attempt(100000, 0).ok());
  }
  CHECK(setting.purse.unsettled_usd() == doctest::Approx(0.1));
}

TEST_CASE("meter: several requests of one call are settled together") {
  Setting setting;
  CallMeter meter(&setting.purse, Purpose::student, "m", setting.price);
  REQUIRE(meter.begin_attempt(1000, 100).ok());
  REQUIRE(meter.begin_attempt(2000, 100).ok());
  REQUIRE(meter.finish(tokens(3000, 200)).ok());
  CHECK(setting.purse.spent_usd() == doctest::Approx(0.005));
  CHECK(setting.purse.unsettled_usd() == 0);
}

TEST_CASE("meter: a cost without a request is booked") {
  Setting setting;
  CallMeter meter(&setting.purse, Purpose::gold, "m", setting.price);
  REQUIRE(meter.finish(tokens(1000, 0)).ok());
  CHECK(setting.purse.spent_by_purpose().at("gold") == doctest::Approx(0.001));
}

TEST_CASE("meter: free calls write no line and need no purse") {
  Setting setting;
  CallMeter meter(nullptr, Purpose::student, "m", Price::nothing());
  REQUIRE(meter.begin_attempt(1000, 1000).ok());
  meter.attempt_lost();
  REQUIRE(meter.finish(tokens(1000, 1000)).ok());
  CHECK(*meter.affordable_output_tokens(1000, 4096) == 4096);
  CHECK(setting.directory.read("ledger.jsonl").empty());
}

TEST_CASE("meter: output is shortened to what the money allows, down to 256 tokens") {
  const auto affordable = [](double cap, std::int64_t wanted) {
    Setting setting(cap);
    return CallMeter(&setting.purse, Purpose::planning, "m", setting.price)
        .affordable_output_tokens(1000, wanted);
  };
  CHECK(*affordable(1.0, 4096) == 4096);
  CHECK(std::abs(*affordable(0.011, 4096) - 1000) <= 1);
  REQUIRE_FALSE(affordable(0.003, 4096).ok());
  CHECK(affordable(0.003, 4096).error().kind == ErrorKind::budget);
  CHECK(*affordable(0.003, 100) == 100);
}
