#include "core/session/record/review_queue.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "core/model/edit_json.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/record/session_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;
namespace fs = std::filesystem;

namespace {

QueuedEdit queued_of(const std::string& session, const std::string& id) {
  return {session, outcome_of(id, EditStatus::pending_review).edit, "review: waits for approve",
          "a diff", "digest"};
}

}  // namespace

TEST_CASE("review queue: an empty home has an empty queue") {
  const TemporaryDirectory home;
  std::vector<std::string> broken;
  CHECK(ReviewQueue(home.path()).list(broken).empty());
  CHECK(broken.empty());
  CHECK(ReviewQueue(home.path()).find("edit").error().kind == ErrorKind::not_found);
}

TEST_CASE("review queue: a broken file is named and kept, the others are listed") {
  const TemporaryDirectory home;
  const ReviewQueue queue(home.path());
  REQUIRE(queue.add(queued_of("s1", "edit-1")));
  for (const auto& [name, text] : std::vector<std::pair<std::string, std::string>>{
           {"empty", ""},
           {"cut", "{\"session_id\": "},
           {"other", "[]"},
           {"no-edit", R"({"session_id": "s1"})"},
           {"tier",
            R"({"session_id": "s1", "edit": {"id": "e", "op": "o", "risk_tier": "free"}})"}})
    home.write("learning/pending_review/" + name + ".json", text);
  home.write("learning/pending_review/directory.json/inside", "x");
  std::vector<std::string> broken;
  CHECK(queue.list(broken).size() == 1);
  REQUIRE(broken.size() == 6);
  CHECK(broken[0].find("cut.json") != std::string::npos);
  CHECK(home.read("learning/pending_review/cut.json") == "{\"session_id\": ");
}

TEST_CASE("review queue: a beginning of an id must be unique") {
  const TemporaryDirectory home;
  const ReviewQueue queue(home.path());
  for (const char* id : {"edit-aa-1", "edit-ab-1", "edit-ab-10"})
    REQUIRE(queue.add(queued_of("s1", id)));
  CHECK(queue.find("edit-ab-1")->edit.id == "edit-ab-1");
  CHECK(queue.find("edit-aa")->edit.id == "edit-aa-1");
  CHECK(queue.find("edit-ab").error().message ==
        "edit 'edit-ab' is ambiguous: edit-ab-1, edit-ab-10");
  CHECK(queue.find("").error().kind == ErrorKind::not_found);
  REQUIRE(queue.remove(*queue.find("edit-ab-1")));
  CHECK(queue.find("edit-ab-1").error().kind == ErrorKind::not_found);
  CHECK(queue.find("edit-ab")->edit.id == "edit-ab-10");
  CHECK(queue.find("nothing").error().kind == ErrorKind::not_found);
}

TEST_CASE(
    "review queue: the file is named by session and edit, private, and OpenJarvis can read it") {
  const TemporaryDirectory home;
  const ReviewQueue queue(home.path());
  const QueuedEdit queued = queued_of("s1", "edit-1");
  REQUIRE(queue.add(queued));
  const fs::path file = home.path() / "learning/pending_review/s1__edit-1.json";
  struct stat facts {};
  REQUIRE(::stat(file.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 07777) == 0600);
  const json::object object =
      json::parse(home.read("learning/pending_review/s1__edit-1.json")).as_object();
  CHECK(object.begin()->key() == "session_id");
  const json::object& edit = object.at("edit").as_object();
  for (const char* key : {"id", "pillar", "op", "target", "payload", "rationale",
                          "expected_improvement", "risk_tier", "references"})
    CHECK(edit.contains(key));
  const auto read = queue.find("edit-1");
  REQUIRE(read);
  CHECK(to_json(read->edit) == to_json(queued.edit));
  CHECK(read->reason == queued.reason);
  CHECK(read->diff == queued.diff);
  CHECK(read->content_sha256 == "digest");
}

TEST_CASE("review queue: oldest session first, in the plan's order") {
  const TemporaryDirectory home;
  const ReviewQueue queue(home.path());
  for (const char* id : {"edit-b-1", "edit-b-10", "edit-b-2"})
    REQUIRE(queue.add(queued_of("session-2", id)));
  REQUIRE(queue.add(queued_of("session-1", "edit-z-3")));
  std::vector<std::string> broken;
  std::string order;
  for (const QueuedEdit& queued : queue.list(broken)) order += queued.edit.id + " ";
  CHECK(order == "edit-z-3 edit-b-1 edit-b-2 edit-b-10 ");
}

TEST_CASE("review queue: adding again replaces, removing again is no error") {
  const TemporaryDirectory home;
  const ReviewQueue queue(home.path());
  QueuedEdit queued = queued_of("s1", "edit-1");
  REQUIRE(queue.add(queued));
  queued.reason = "not gated: budget";
  REQUIRE(queue.add(queued));
  std::vector<std::string> broken;
  REQUIRE(queue.list(broken).size() == 1);
  CHECK(queue.list(broken)[0].reason == "not gated: budget");
  REQUIRE(queue.remove(queued));
  REQUIRE(queue.remove(queued));
  CHECK(queue.list(broken).empty());
}
