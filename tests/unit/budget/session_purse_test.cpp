#include "core/budget/session_purse.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "core/base/parallel.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;

namespace {

Ledger ledger_in(const TemporaryDirectory& directory) {
  return *Ledger::open(directory.path() / "ledger.jsonl");
}

LedgerTotals totals_in(const TemporaryDirectory& directory, const std::string& session = "s") {
  return *ledger_in(directory).totals(session);
}

}  // namespace

TEST_CASE("purse: denies what can never fit, and writes nothing of it") {
  const TemporaryDirectory directory;
  SessionPurse purse(ledger_in(directory), "s", 1.0);
  const auto denied = purse.reserve(Purpose::diagnosis, "m", 0.36);
  REQUIRE_FALSE(denied.ok());
  CHECK(denied.error().kind == ErrorKind::budget);
  CHECK(directory.read("ledger.jsonl").empty());
  CHECK(purse.unsettled_usd() == 0);
}

TEST_CASE("purse: each step raises the ceiling to its share of the cap") {
  const TemporaryDirectory directory;
  SessionPurse purse(ledger_in(directory), "s", 1.0);
  const std::pair<SpendingStep, double> steps[] = {{SpendingStep::diagnose, 0.35},
                                                   {SpendingStep::conclude, 0.42},
                                                   {SpendingStep::plan, 0.5},
                                                   {SpendingStep::execute, 1.0}};
  for (const auto& [step, share] : steps) {
    purse.allow(step);
    CHECK_FALSE(purse.reserve(Purpose::diagnosis, "m", share + 0.001).ok());
    const auto id = purse.reserve(Purpose::diagnosis, "m", share);
    REQUIRE(id.ok());
    CHECK(purse.release(*id).ok());
  }
}

TEST_CASE("purse: an unsettled reservation counts, and is reported apart") {
  const TemporaryDirectory directory;
  SessionPurse purse(ledger_in(directory), "s", 1.0);
  purse.allow(SpendingStep::execute);
  const auto id = purse.reserve(Purpose::judge, "m", 0.7);
  purse.abandon(*id);
  CHECK(purse.spent_usd() == 0);
  CHECK(purse.unsettled_usd() == doctest::Approx(0.7));
  CHECK_FALSE(purse.reserve(Purpose::judge, "m", 0.4).ok());
  CHECK(totals_in(directory).unsettled_usd == doctest::Approx(0.7));
}

TEST_CASE("purse: a settled call costs what it cost, by its purpose") {
  const TemporaryDirectory directory;
  SessionPurse purse(ledger_in(directory), "s", 1.0);
  const auto id = purse.reserve(Purpose::diagnosis, "m", 0.3);
  sdk::Usage usage;
  usage.input_tokens = 12;
  CHECK(purse.settle(*id, 0.1, usage).ok());
  CHECK_FALSE(purse.settle(*id, 0.1, usage).ok());
  CHECK(purse.spent_usd() == doctest::Approx(0.1));
  CHECK(purse.unsettled_usd() == 0);
  CHECK(purse.spent_by_purpose().at("diagnosis") == doctest::Approx(0.1));
  CHECK(directory.read("ledger.jsonl").find("\"input\":12") != std::string::npos);
}

TEST_CASE("purse: a resumed session goes on from its ledger") {
  const TemporaryDirectory directory;
  {
    SessionPurse purse(ledger_in(directory), "s", 1.0);
    REQUIRE(purse.settle(*purse.reserve(Purpose::diagnosis, "m", 0.2), 0.15, {}).ok());
    REQUIRE(purse.reserve(Purpose::diagnosis, "m", 0.1).ok());
    SessionPurse other(ledger_in(directory), "other", 1.0);
    REQUIRE(other.reserve(Purpose::diagnosis, "m", 0.1).ok());
  }
  const LedgerTotals totals = totals_in(directory);
  CHECK(totals.spent_usd() == doctest::Approx(0.15));
  CHECK(totals.unsettled_usd == doctest::Approx(0.1));
  SessionPurse purse(ledger_in(directory), "s", 1.0, totals);
  CHECK_FALSE(purse.reserve(Purpose::diagnosis, "m", 0.11).ok());
  REQUIRE(purse.reserve(Purpose::diagnosis, "m", 0.09).ok());
  CHECK(totals_in(directory).unsettled_usd == doctest::Approx(0.19));
}

TEST_CASE("purse: many threads together never pass the cap") {
  const TemporaryDirectory directory;
  SessionPurse purse(ledger_in(directory), "s", 1.0);
  purse.allow(SpendingStep::execute);
  std::atomic<int> granted{0};
  parallel_for(40, 8, [&](std::size_t) {
    const auto id = purse.reserve(Purpose::judge, "m", 0.1);
    if (!id) return;
    CHECK(purse.spent_usd() + purse.unsettled_usd() <= 1.0 + 1e-6);
    CHECK(purse.settle(*id, 0.1, {}).ok());
    ++granted;
  });
  CHECK(granted == 10);
  CHECK(purse.spent_usd() == doctest::Approx(1.0));
  CHECK(totals_in(directory).spent_usd() == doctest::Approx(1.0));
}

TEST_CASE("purse: what does not fit only because of a call under way waits for its end") {
  const TemporaryDirectory directory;
  SessionPurse purse(ledger_in(directory), "s", 1.0);
  purse.allow(SpendingStep::execute);
  const auto first = purse.reserve(Purpose::judge, "m", 0.9);
  CHECK_FALSE(purse.reserve(Purpose::judge, "m", 0.9, {*first}).ok());
  bool granted = false;
  std::thread waiting([&] { granted = purse.reserve(Purpose::judge, "m", 0.9).ok(); });
  CHECK(purse.settle(*first, 0.05, {}).ok());
  waiting.join();
  CHECK(granted);
}

TEST_CASE("purse: who waits is denied once a call under way is lost") {
  const TemporaryDirectory directory;
  SessionPurse purse(ledger_in(directory), "s", 1.0);
  purse.allow(SpendingStep::execute);
  const auto first = purse.reserve(Purpose::judge, "m", 0.9);
  bool granted = true;
  std::thread waiting([&] { granted = purse.reserve(Purpose::judge, "m", 0.9).ok(); });
  purse.abandon(*first);
  waiting.join();
  CHECK_FALSE(granted);
}

TEST_CASE("purse: a ledger that cannot be written denies the call") {
  const TemporaryDirectory directory;
  SessionPurse purse(*Ledger::open(directory.path() / "missing" / "ledger.jsonl"), "s", 1.0);
  CHECK_FALSE(purse.reserve(Purpose::diagnosis, "m", 0.1).ok());
  CHECK(purse.unsettled_usd() == 0);
}

TEST_CASE("fault: ledger.jsonl torn by a power loss: the cut line spoils no other") {
  const TemporaryDirectory directory;
  {
    SessionPurse purse(ledger_in(directory), "s", 1.0);
    REQUIRE(purse.reserve(Purpose::diagnosis, "m", 0.1).ok());
  }
  const std::string whole = directory.read("ledger.jsonl");
  for (std::size_t cut = 1; cut < whole.size(); ++cut)
    for (const std::string& zeros : {std::string(), std::string(64, '\0'), std::string("\n")}) {
      CAPTURE(cut);
      directory.write("ledger.jsonl", whole + whole.substr(0, cut) + zeros);
      // Twice: also the mark of a torn line may be torn.
      { const Ledger ledger = ledger_in(directory); }
      directory.write("ledger.jsonl", directory.read("ledger.jsonl") + "{\"event\":\"to");
      SessionPurse purse(ledger_in(directory), "s", 1.0, totals_in(directory));
      REQUIRE(purse.reserve(Purpose::diagnosis, "m", 0.1).ok());
      const LedgerTotals totals = totals_in(directory);
      CHECK(totals.unsettled_usd == doctest::Approx(0.2));
    }
}

TEST_CASE("fault: ledger.jsonl corrupted in the middle: the line is named, no money is forgotten") {
  const TemporaryDirectory directory;
  {
    SessionPurse purse(ledger_in(directory), "s", 1.0);
    for (int i = 0; i < 3; ++i) REQUIRE(purse.reserve(Purpose::diagnosis, "m", 0.1).ok());
  }
  const std::string sound = directory.read("ledger.jsonl");
  const std::size_t second = sound.find('\n') + 1;
  const std::size_t end = sound.find('\n', second);
  for (std::size_t at = second; at < end; ++at)
    for (const int bit : {0, 3, 6}) {
      std::string text = sound;
      text[at] = static_cast<char>(text[at] ^ (1 << bit));
      directory.write("ledger.jsonl", text);
      const auto totals = ledger_in(directory).totals("s");
      CAPTURE(text);
      if (totals)
        CHECK(totals->unsettled_usd >= doctest::Approx(0.2));
      else
        CHECK(totals.error().message.find("ledger.jsonl' line 2 is no line of a ledger") !=
              std::string::npos);
    }
  for (const std::string& junk : {std::string("rubbish"), std::string(100, '\0'), std::string("[]"),
                                  std::string("{\"event\":\"res")}) {
    directory.write("ledger.jsonl", sound.substr(0, second) + junk + "\n" + sound.substr(second));
    const auto totals = ledger_in(directory).totals("s");
    REQUIRE_FALSE(totals.ok());
    CHECK(totals.error().message.find("line 2") != std::string::npos);
    CHECK(totals.error().hint.find("restore it") != std::string::npos);
  }
}

TEST_CASE("fault: ledger.jsonl is a directory: an error that names it") {
  const TemporaryDirectory directory;
  directory.write("ledger.jsonl/file", "");
  CHECK_FALSE(Ledger::open(directory.path() / "ledger.jsonl").ok());
}

TEST_CASE("purse: a call that holds money already waits for others, too") {
  const TemporaryDirectory directory;
  SessionPurse purse(ledger_in(directory), "s", 1.0);
  purse.allow(SpendingStep::execute);
  const auto mine = purse.reserve(Purpose::student, "m", 0.4);
  const auto others = purse.reserve(Purpose::student, "m", 0.5);
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    CHECK(purse.settle(*others, 0.1, {}).ok());
  });
  CHECK(purse.reserve(Purpose::student, "m", 0.4, {*mine}).ok());
  other.join();
}

TEST_CASE("purse: calls that all hold money and wait for more do not wait for ever") {
  const TemporaryDirectory directory;
  SessionPurse purse(ledger_in(directory), "s", 1.0);
  purse.allow(SpendingStep::execute);
  std::atomic<int> denied = 0;
  std::atomic<int> done = 0;
  parallel_for(8, 8, [&](std::size_t) {
    const auto first = purse.reserve(Purpose::student, "m", 0.12);
    if (!first) return;
    const auto second = purse.reserve(Purpose::student, "m", 0.12, {*first});
    second ? ++done : ++denied;
    if (second) CHECK(purse.settle(*second, 0.01, {}).ok());
    CHECK(purse.release(*first).ok());
  });
  CHECK(done > 0);
  CHECK(done + denied == 8);
  CHECK(purse.unsettled_usd() == doctest::Approx(0));
}
