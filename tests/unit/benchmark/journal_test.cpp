#include "core/benchmark/journal.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <functional>

#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;

namespace {

std::unique_ptr<Journal> opened(const TemporaryDirectory& directory) {
  auto journal = Journal::open(directory.path() / "golds.jsonl");
  if (!journal) FAIL(journal.error().message);
  return *std::move(journal);
}

GoldBasis basis(const std::string& task_id, Stratum stratum = Stratum::repair) {
  return {task_id, "trace-of-" + task_id, "0.1", stratum, "", {"teacher", "judge", "prompt"}};
}

Gold sure(const std::string& answer) {
  Gold gold;
  gold.answer = answer;
  gold.source = "teacher";
  return gold;
}

}  // namespace

TEST_CASE("journal: one that is missing, empty or full of rubbish knows nothing") {
  TemporaryDirectory directory;
  CHECK(!opened(directory)->settled(basis("a")));
  for (const std::string& text :
       {std::string(), std::string("\n\n"), std::string("{"), std::string("[]\n{}\n"),
        std::string("\0\xff\n", 3), std::string("{\"event\":\"gold\"}\n"),
        std::string("{\"event\":\"gold\",\"basis\":7,\"answer\":\"x\"}\n"),
        std::string("{\"event\":\"unheard of\"}\n")}) {
    CAPTURE(text);
    directory.write("golds.jsonl", text);
    const auto journal = opened(directory);
    CHECK(!journal->settled(basis("a")));
    CHECK(journal->flagged().empty());
    CHECK(journal->spent_since_version_usd() == 0);
  }
}

TEST_CASE("journal: something else in its place is an error") {
  TemporaryDirectory directory;
  std::filesystem::create_directory(directory.path() / "golds.jsonl");
  CHECK(!Journal::open(directory.path() / "golds.jsonl"));
}

TEST_CASE("journal: a line that a crash cut off costs itself alone") {
  TemporaryDirectory directory;
  REQUIRE(opened(directory)->settle(basis("a"), sure("one"), 0));
  const std::string whole = directory.read("golds.jsonl");
  REQUIRE(opened(directory)->settle(basis("b"), sure("two"), 0));
  const std::string both = directory.read("golds.jsonl");
  for (std::size_t cut = whole.size() + 1; cut < both.size(); cut += 7) {
    directory.write("golds.jsonl", both.substr(0, cut));
    REQUIRE(opened(directory)->settle(basis("c"), sure("three"), 0));
    const auto journal = opened(directory);
    CHECK(journal->settled(basis("a")));
    CHECK(journal->settled(basis("c")));
  }
}

TEST_CASE("journal: is private, and what was added is there when it is opened again") {
  TemporaryDirectory directory;
  const auto file = directory.path() / "learning" / "benchmarks" / "golds.jsonl";
  {
    auto journal = Journal::open(file);
    REQUIRE(journal);
    REQUIRE((*journal)->settle(basis("a"), sure("one\n\"two\""), 0));
    REQUIRE((*journal)->flag({"trace \"7\"", "trace \"7\"", "8"}));
  }
  struct stat facts {};
  REQUIRE(::stat(file.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
  const auto journal = Journal::open(file);
  REQUIRE(journal);
  CHECK((*journal)->settled(basis("a"))->answer == "one\n\"two\"");
  CHECK((*journal)->settled(basis("a"))->source == "teacher");
  CHECK((*journal)->flagged() == std::set<std::string>{"trace \"7\"", "8"});
}

TEST_CASE(
    "journal: a sure answer holds for another trace and rating of the question, not for others") {
  TemporaryDirectory directory;
  REQUIRE(opened(directory)->settle(basis("a"), sure("one"), 0));
  const auto journal = opened(directory);
  GoldBasis other = basis("a");
  other.trace_id = "newer";
  other.rating = "0.2";
  CHECK(journal->settled(other));
  for (const auto& change : std::vector<std::function<void(GoldBasis&)>>{
           [](GoldBasis& changed) { changed.task_id = "b"; },
           [](GoldBasis& changed) { changed.stratum = Stratum::retain; },
           [](GoldBasis& changed) { changed.liked_sha256 = "another answer"; },
           [](GoldBasis& changed) { changed.makers.teacher_model = "newer"; },
           [](GoldBasis& changed) { changed.makers.judge_model = "newer"; },
           [](GoldBasis& changed) { changed.makers.prompt_sha256 = "newer"; }}) {
    GoldBasis changed = basis("a");
    change(changed);
    CHECK(!journal->settled(changed));
  }
}

TEST_CASE("journal: that a gold is unsure holds until rating, trace, model or prompt change") {
  TemporaryDirectory directory;
  Candidate candidate;
  candidate.task_id = "a";
  candidate.stratum = Stratum::repair;
  candidate.trace.id = "trace";
  candidate.trace.feedback = 0.1;
  const GoldMakers makers{"teacher", "judge", "prompt"};
  REQUIRE(opened(directory)->settle(basis_of(candidate, makers), unsure_gold(), 0));
  const auto journal = opened(directory);
  REQUIRE(journal->settled(basis_of(candidate, makers)));
  CHECK(journal->settled(basis_of(candidate, makers))->unsure);
  CHECK(journal->is_unsure("trace", 0.1, makers));
  CHECK(!journal->is_unsure("trace", 0.2, makers));
  CHECK(!journal->is_unsure("another", 0.1, makers));
  CHECK(!journal->is_unsure("trace", 0.1, {"teacher", "judge", "another prompt"}));
  candidate.trace.feedback = 0.2;
  CHECK(!journal->settled(basis_of(candidate, makers)));
  candidate.trace.feedback = 0.1;
  REQUIRE(journal->settle(basis_of(candidate, makers), sure("agreed"), 0));
  CHECK(!journal->is_unsure("trace", 0.1, makers));
}

TEST_CASE("journal: drafts last until something came of them") {
  TemporaryDirectory directory;
  REQUIRE(opened(directory)->add_draft(basis("a"), 0, "first", 0));
  const auto journal = opened(directory);
  CHECK(journal->draft(basis("a"), 0) == "first");
  CHECK(!journal->draft(basis("a"), 1));
  GoldBasis other = basis("a");
  other.rating = "0.3";
  CHECK(!journal->draft(other, 0));
  REQUIRE(journal->settle(basis("a"), unsure_gold(), 0));
  CHECK(!journal->draft(basis("a"), 0));
  CHECK(!opened(directory)->draft(basis("a"), 0));
}

TEST_CASE("journal: counts what refreshes have spent since the last version, killed ones too") {
  TemporaryDirectory directory;
  const auto journal = opened(directory);
  journal->begin("one");
  REQUIRE(journal->add_draft(basis("a"), 0, "x", 0.25));
  REQUIRE(journal->settle(basis("a"), sure("x"), 0.5));
  journal->begin("two");
  REQUIRE(journal->settle(basis("b"), sure("x"), 1.0));
  REQUIRE(journal->end({{"version", ""}, {"added", 0}}, 2.0));
  CHECK(journal->spent_since_version_usd() == 2.5);
  CHECK(opened(directory)->spent_since_version_usd() == 2.5);
  journal->begin("three");
  REQUIRE(journal->end({{"version", "personal_v1"}}, 0.5));
  CHECK(opened(directory)->spent_since_version_usd() == 0);
}
