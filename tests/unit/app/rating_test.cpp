#include "core/app/rating.hpp"

#include <doctest/doctest.h>

#include <map>
#include <mutex>

#include "tests/support/fakes/engines.hpp"
#include "tests/support/fakes/traces.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

struct Desk {
  FakeTraces traces;
  FakeJudge judge;
  std::mutex mutex;
  std::map<std::string, double> kept;
  Result<bool> keeping = true;

  Desk() {
    judge.reply = [](const std::string&, const std::string& gold,
                     const std::string& answer) -> Result<Judgement> {
      CHECK(gold.empty());
      return Judgement{answer == "right" ? 1.0 : 0.0, ""};
    };
  }

  Result<Evaluated> rate(const Evaluating& wanted = {}, std::function<bool()> cancelled = {}) {
    return rate_unrated({traces, judge,
                         [this](const std::string& id, double score) {
                           const std::lock_guard lock(mutex);
                           kept[id] = score;
                           return keeping;
                         },
                         4, std::move(cancelled)},
                        wanted);
  }
  void unrated(const std::string& query, const std::string& result) {
    traces.add(query, 0, result).feedback.reset();
  }
};

}  // namespace

TEST_CASE("rating: a store that cannot be written ends it with that error") {
  Desk desk;
  desk.unrated("q", "right");
  desk.keeping = Error{ErrorKind::io, "disk full", ""};
  CHECK(desk.rate().error().message == "disk full");
}

TEST_CASE("rating: a judge that cannot be asked ends it, and says how many are left") {
  Desk desk;
  for (int i = 0; i < 10; ++i) desk.unrated("q" + std::to_string(i), "right");
  desk.judge.reply = [](const std::string&, const std::string&,
                        const std::string&) -> Result<Judgement> {
    return Error{ErrorKind::budget, "does not fit", ""};
  };
  const auto evaluated = desk.rate();
  REQUIRE(evaluated);
  CHECK(evaluated->rated == 0);
  CHECK(evaluated->left == 10);
  CHECK(evaluated->stopped_by == "does not fit");
  CHECK(desk.kept.empty());
}

TEST_CASE("rating: what the judge says without a score stays unrated") {
  Desk desk;
  desk.unrated("q", "right");
  desk.judge.reply = [](const std::string&, const std::string&,
                        const std::string&) -> Result<Judgement> {
    return Judgement{std::nullopt, "nonsense"};
  };
  const auto evaluated = desk.rate();
  CHECK(evaluated->unreadable == 1);
  CHECK(evaluated->rated == 0);
  CHECK(desk.kept.empty());
}

TEST_CASE("rating: traces with a rating, without an answer or before the time are left alone") {
  Desk desk;
  desk.traces.add("rated", 0.5, "right");
  desk.unrated("", "right");
  desk.unrated("no answer", "");
  desk.unrated("old", "right");
  desk.unrated("new", "wrong");
  Evaluating wanted;
  wanted.since = 4;
  const auto evaluated = desk.rate(wanted);
  CHECK(evaluated->rated == 1);
  CHECK(desk.kept == std::map<std::string, double>{{"trace-4", 0.0}});
}

TEST_CASE("rating: no more than wanted, the newest first") {
  Desk desk;
  for (int i = 0; i < 20; ++i) desk.unrated("q" + std::to_string(i), "right");
  Evaluating wanted;
  wanted.most = 3;
  CHECK(desk.rate(wanted)->rated == 3);
  CHECK(desk.kept.size() == 3);
  CHECK(desk.kept.count("trace-19") == 1);
}

TEST_CASE("rating: one that a person rated meanwhile does not count") {
  Desk desk;
  desk.unrated("q", "right");
  desk.keeping = false;
  CHECK(desk.rate()->rated == 0);
}
