#include "core/session/record/session_store.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/base/digest.hpp"
#include "core/base/parallel.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/record/session_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;
namespace fs = std::filesystem;

namespace {

Session session_at(const std::string& id, const std::string& started_at) {
  Session session;
  session.id = id;
  session.started_at = started_at;
  return session;
}

unsigned mode_of(const fs::path& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 ? facts.st_mode & 07777 : 0;
}

}  // namespace

TEST_CASE("session store: a home without sessions has an empty history") {
  const TemporaryDirectory home;
  std::vector<BrokenSession> broken;
  CHECK(SessionStore(home.path()).list(broken).empty());
  CHECK(broken.empty());
  CHECK(SessionStore(home.path()).find("session-1").error().kind == ErrorKind::not_found);
}

TEST_CASE("fault: session.json that cannot be read is passed over and named") {
  const TemporaryDirectory home;
  const SessionStore store(home.path());
  REQUIRE(store.save(session_at("good", "2026-06-01T03:00:00Z")));
  home.write("learning/sessions/empty/session.json", "");
  home.write("learning/sessions/broken/session.json", "{\"id\": \"broken\", ");
  home.write("learning/sessions/binary/session.json", std::string("\0\xff\xfe", 3));
  home.write("learning/sessions/directory/session.json/inside", "x");
  home.write("learning/sessions/huge/session.json", "");
  fs::resize_file(home.path() / "learning/sessions/huge/session.json", std::uintmax_t{100} << 20);
  home.write("learning/sessions/other/session.json",
             R"({"id": "../../escape", "status": "completed"})");
  home.write("learning/sessions/lost/diagnosis.md", "its session.json is gone");
  // What a sudden end leaves before a session is recorded for the first time is none.
  fs::create_directories(home.path() / "learning/sessions/nothing/teacher_traces");
  home.write("learning/sessions/unborn/session.json.new-4711-3", "{\"id\"");
  home.write("learning/sessions/notes.txt", "not a session");

  std::vector<BrokenSession> broken;
  const auto sessions = store.list(broken);
  REQUIRE(sessions.size() == 1);
  CHECK(sessions[0].id == "good");
  std::set<std::string> named;
  for (const BrokenSession& one : broken) {
    named.insert(one.file.parent_path().filename());
    CHECK_FALSE(one.reason.empty());
  }
  CHECK(named ==
        std::set<std::string>{"binary", "broken", "directory", "empty", "huge", "lost", "other"});
  CHECK(store.find("broken").error().message.find("broken/session.json") != std::string::npos);
  CHECK(store.find("other").error().message.find("../../escape") != std::string::npos);
  CHECK(home.read("learning/sessions/broken/session.json") == "{\"id\": \"broken\", ");
}

TEST_CASE("session store: a beginning of an id must be unique, and an empty one is none") {
  const TemporaryDirectory home;
  const SessionStore store(home.path());
  for (const char* id : {"session-1", "session-12", "session-23", "session-24", "session-25"})
    REQUIRE(store.save(session_at(id, "")));
  CHECK(store.find("session-12")->id == "session-12");
  CHECK(store.find("session-1")->id == "session-1");
  CHECK(store.find("session-23")->id == "session-23");
  for (const char* id : {"", "other", "../sessions/session-1", "session-1/"}) {
    CAPTURE(id);
    CHECK(store.find(id).error().kind == ErrorKind::not_found);
  }
  const auto ambiguous = store.find("session-2");
  REQUIRE_FALSE(ambiguous);
  CHECK(ambiguous.error().message == "session 'session-2' is ambiguous: session-23, session-24, …");
}

TEST_CASE("session store: lists the newest first") {
  const TemporaryDirectory home;
  const SessionStore store(home.path());
  REQUIRE(store.save(session_at("b", "2026-06-01T03:00:00Z")));
  REQUIRE(store.save(session_at("a", "2026-06-03T03:00:00Z")));
  REQUIRE(store.save(session_at("c", "2026-06-01T03:00:00Z")));
  std::vector<BrokenSession> broken;
  std::string order;
  for (const Session& session : store.list(broken)) order += session.id;
  CHECK(order == "acb");
}

TEST_CASE("session store: what is saved replaces what was there, privately") {
  const TemporaryDirectory home;
  const SessionStore store(home.path());
  Session session = full_session();
  REQUIRE(store.save(session));
  session.status = SessionStatus::failed;
  REQUIRE(store.save(session));
  CHECK(store.find(session.id)->status == SessionStatus::failed);
  const fs::path directory = home.path() / "learning/sessions" / session.id;
  CHECK(mode_of(directory) == 0700);
  CHECK(mode_of(home.path() / "learning") == 0700);
  CHECK(mode_of(directory / "session.json") == 0600);
}

TEST_CASE("session files: a frozen file is read-only and gives its digest") {
  const TemporaryDirectory home;
  const auto files = SessionStore(home.path()).files("s");
  REQUIRE(files);
  const auto digest = (*files)->freeze("plan.json", "{}\n");
  REQUIRE(digest);
  CHECK(*digest == sha256("{}\n"));
  CHECK(mode_of(home.path() / "learning/sessions/s/plan.json") == 0400);
  CHECK((*files)->path_of("plan.json") == "learning/sessions/s/plan.json");
}

TEST_CASE("session files: lines of many threads stay whole") {
  const TemporaryDirectory home;
  const auto files = SessionStore(home.path()).files("s");
  REQUIRE(files);
  parallel_for(60, 6, [&](std::size_t i) {
    CHECK((*files)->append("teacher_traces/diagnose.jsonl", {{"line", i}, {"text", "a\nb"}}));
  });
  const std::string text = home.read("learning/sessions/s/teacher_traces/diagnose.jsonl");
  CHECK(std::count(text.begin(), text.end(), '\n') == 60);
}

TEST_CASE("session files: a name that is taken by a directory is an error") {
  const TemporaryDirectory home;
  home.write("learning/sessions/s/diagnosis.md/inside", "x");
  const auto files = SessionStore(home.path()).files("s");
  REQUIRE(files);
  CHECK_FALSE((*files)->write("diagnosis.md", "text"));
  home.write("learning/sessions/t", "a file");
  CHECK_FALSE(SessionStore(home.path()).files("t"));
}

TEST_CASE("session id: the time in UTC and eight digits that differ") {
  const std::string id = new_session_id(1780282800.9);
  CHECK(id.substr(0, 24) == "session-20260601T030000_");
  CHECK(id.size() == 32);
  CHECK(id != new_session_id(1780282800.9));
}
