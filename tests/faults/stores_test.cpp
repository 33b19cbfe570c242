// The stores of a home, each broken in every way, and the whole program on it.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/faults/damage.hpp"
#include "tests/faults/rehearsal_home.hpp"

using namespace jarvis::testing;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

using Words = std::vector<std::string>;

std::string error_of(const Finished& finished, const char* field) {
  const auto document = finished.json();
  const json::value* error = document.if_contains("error");
  REQUIRE_MESSAGE((error && error->is_object()), finished.out);
  return std::string(error->at(field).as_string());
}

bool says(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

std::string first_trace(const RehearsalHome& world) {
  const auto document = world.run({"traces", "list", "--limit", "1"}).json();
  return std::string(document.at("traces").at(0).at("trace_id").as_string());
}

/** A home with one whole session. */
struct LearnedHome : RehearsalHome {
  LearnedHome() {
    const auto finished = session();
    REQUIRE_MESSAGE(finished.status == 0, finished.err);
    session_id = std::string(finished.json().at("session").at("id").as_string());
  }
  fs::path session_file() const { return home / "learning/sessions" / session_id / "session.json"; }

  std::string session_id;
};

/** One way in which a file is broken: any of session.json, plan.json and the queue's. */
struct BrokenFile {
  const char* name;
  void (*made)(const fs::path& file);
};

void put(const fs::path& file, const std::string& text) {
  fs::permissions(file, fs::perms::owner_write, fs::perm_options::add);
  std::ofstream(file, std::ios::binary) << text;
}

std::vector<BrokenFile> broken_files() {
  return {{"corrupted", [](const fs::path& file) { put(file, "{\"id\": \"\xff\xfe"); }},
          {"empty", [](const fs::path& file) { put(file, ""); }},
          {"a directory",
           [](const fs::path& file) {
             fs::remove(file);
             fs::create_directory(file);
           }},
          {"100 MB",
           [](const fs::path& file) {
             put(file, "");
             fs::resize_file(file, std::uintmax_t{100} << 20);
           }},
          {"a symlink",
           [](const fs::path& file) {
             fs::rename(file, file.string() + ".elsewhere");
             fs::create_symlink(file.string() + ".elsewhere", file);
           }},
          {"a fifo", [](const fs::path& file) {
             fs::remove(file);
             REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
           }}};
}

}  // namespace

TEST_CASE("fault: traces.db corrupted: an error with path, cause and rescue, and never a write") {
  for (const Damage& damage : damages()) {
    CAPTURE(std::string(damage.name));
    const RehearsalHome world;
    REQUIRE(world.run({"learning", "init"}).status == 0);
    const std::string trace = first_trace(world);
    run_sql(world.home / "traces.db", "PRAGMA wal_checkpoint(TRUNCATE)");
    const std::string broken = damage.done(world.read("traces.db"));
    world.write("traces.db", broken);
    const fs::path more = world.directory.write("more.jsonl", R"({"query":"q","result":"r"})"
                                                              "\n");
    for (const Words& words : std::vector<Words>{{"traces", "import", more.string()},
                                                 {"feedback", "score", trace, "--score", "1"},
                                                 {"ask", "What is 7 plus 5?"},
                                                 {"traces", "list"},
                                                 {"traces", "show", trace},
                                                 {"traces", "search", "shop"},
                                                 {"learning", "status"},
                                                 {"learning", "run"},
                                                 {"learning", "benchmark", "refresh"}}) {
      CAPTURE(words.front() + " " + words.back());
      const auto finished = world.run(words);
      CAPTURE(finished.out.substr(0, 2000));
      CHECK(finished.status < 128);
      if (finished.status == 0 && words.front() != "traces") FAIL_CHECK("it went on");
      if (finished.status != 0) {
        CHECK(says(error_of(finished, "message"), "traces.db' is damaged or not a database: "));
        CHECK(says(error_of(finished, "hint"), ".recover | sqlite3 new.db"));
      }
      CHECK(world.read("traces.db") == broken);
    }
    CHECK(world.run({"learning", "history"}).status == 0);
    const auto doctor = world.run({"doctor"});
    CHECK(doctor.status == 1);
    CHECK(says(doctor.out, "is damaged or not a database"));
    CHECK(world.read("traces.db") == broken);
  }
}

TEST_CASE("fault: traces.db with a missing WAL, or one that is none: what is left is read") {
  const RehearsalHome world;
  const fs::path wal = world.home / "traces.db-wal";
  SUBCASE("missing WAL") {
    fs::remove(wal);
  }
  SUBCASE("a WAL of junk") {
    world.write("traces.db-wal", std::string(50000, 'w'));
  }
  SUBCASE("a WAL of nothing but zeros") {
    world.write("traces.db-wal", std::string(50000, '\0'));
  }
  const auto listed = world.run({"traces", "list"});
  CHECK(listed.status == 0);
  CHECK(listed.json().at("traces").as_array().size() > 0);
  CHECK(world.session().status == 0);
}

TEST_CASE("fault: traces.db is a directory: an error that names it") {
  const RehearsalHome world;
  fs::remove(world.home / "traces.db");
  fs::create_directory(world.home / "traces.db");
  for (const Words& words : std::vector<Words>{{"traces", "list"}, {"learning", "run"}})
    CHECK(says(error_of(world.run(words), "message"), "traces.db' is not a file"));
}

TEST_CASE("fault: evaluations.db corrupted: it is set aside, said once, and a new one is begun") {
  for (const Damage& damage : damages()) {
    CAPTURE(std::string(damage.name));
    const LearnedHome world;
    run_sql(world.home / "learning/evaluations.db", "PRAGMA wal_checkpoint(TRUNCATE)");
    const std::string broken = damage.done(world.read("learning/evaluations.db"));
    world.write("learning/evaluations.db", broken);
    CHECK(world.run({"learning", "review"}).status == 0);
    CHECK(world.run({"learning", "show", world.session_id}).status == 0);
    CHECK(world.read("learning/evaluations.db") == broken);
    CHECK(says(world.run({"doctor"}).out, "evaluations.db' is damaged"));
    const auto finished = world.say({"learning", "run"});
    CAPTURE(finished.out + finished.err);
    CHECK(came_to_its_end(finished));
    CHECK(says(finished.err, "evaluations.db' was damaged ("));
    const Words aside = world.names("learning", "evaluations.db.broken-");
    REQUIRE(!aside.empty());
    CHECK(world.read("learning/" + aside.front()) == broken);
    CHECK_FALSE(says(world.say({"learning", "run"}).err, "was damaged"));
    check_promises(world.home);
  }
}

TEST_CASE("fault: evaluations.db with a missing WAL: the calls that it held are made again") {
  const LearnedHome world;
  fs::remove(world.home / "learning/evaluations.db-wal");
  world.write("learning/evaluations.db-wal", std::string(9000, 'w'));
  CHECK(came_to_its_end(world.session()));
  check_promises(world.home);
}

TEST_CASE("fault: learning.db corrupted: the next session rebuilds it and says so") {
  for (const Damage& damage : damages()) {
    CAPTURE(std::string(damage.name));
    const LearnedHome world;
    run_sql(world.home / "learning/learning.db", "PRAGMA wal_checkpoint(TRUNCATE)");
    world.write("learning/learning.db", damage.done(world.read("learning/learning.db")));
    CHECK(world.run({"learning", "history"}).status == 0);
    CHECK(says(world.run({"doctor"}).out, "learning.db' is damaged"));
    const auto finished = world.say({"learning", "run"});
    CAPTURE(finished.out + finished.err);
    CHECK(came_to_its_end(finished));
    CHECK(says(finished.err, "learning.db could not be used ("));
    CHECK_FALSE(says(world.say({"learning", "run"}).err, "could not be used"));
    CHECK(world.names("learning", "learning.db.broken-").size() >= 1);
    check_promises(world.home);
  }
}

TEST_CASE("fault: session.json corrupted, empty, a directory, 100 MB, a symlink or a fifo") {
  for (const BrokenFile& broken : broken_files()) {
    CAPTURE(std::string(broken.name));
    const LearnedHome world;
    broken.made(world.session_file());
    const auto history = world.run({"learning", "history"}).json();
    CHECK(history.at("sessions").as_array().empty());
    REQUIRE(history.at("unreadable").as_array().size() == 1);
    CHECK(history.at("unreadable").at(0).at("file").as_string() == world.session_file().string());
    const auto status = world.run({"learning", "status"});
    CHECK(status.status == 0);
    CHECK(says(std::string(status.json().at("problems").at(0).as_string()), "session.json"));
    CHECK(world.run({"learning", "review"}).status == 0);
    const auto shown = world.run({"learning", "show", world.session_id});
    CHECK(shown.status != 0);
    CHECK(says(error_of(shown, "message"), "session.json"));
    CHECK(says(world.run({"doctor"}).out, "session.json"));
    const auto next = world.session();
    CAPTURE(next.err);
    CHECK(came_to_its_end(next));
    CHECK(world.run({"learning", "history"}).json().at("sessions").as_array().size() == 1);
  }
}

TEST_CASE("fault: plan.json corrupted, empty, a directory, 100 MB, a symlink or a fifo") {
  for (const BrokenFile& broken : broken_files()) {
    CAPTURE(std::string(broken.name));
    const LearnedHome world;
    const fs::path plan = world.session_file().parent_path() / "plan.json";
    REQUIRE(fs::exists(plan));
    // As a sudden end in its last phase leaves it.
    std::string session = world.read("learning/sessions/" + world.session_id + "/session.json");
    const std::size_t at = session.find("\"status\": \"");
    session.replace(at, session.find(',', at) - at, "\"status\": \"executing\"");
    put(world.session_file(), session);
    broken.made(plan);
    const auto resumed = world.run({"learning", "resume"});
    CAPTURE(resumed.out);
    CHECK(resumed.status < 128);
    if (std::string(broken.name) != "a symlink") {
      CHECK(resumed.status != 0);
      CHECK(says(resumed.out, "plan.json"));
    }
    CHECK(world.run({"learning", "history"}).status == 0);
    CHECK(came_to_its_end(world.session()));
  }
}

TEST_CASE("fault: a queue file corrupted, empty, a directory, 100 MB, a symlink or a fifo") {
  for (const BrokenFile& broken : broken_files()) {
    CAPTURE(std::string(broken.name));
    const RehearsalHome world;
    REQUIRE(world.run({"learning", "run", "--autonomy", "manual"}).status == 0);
    const Words files = world.names("learning/pending_review", ".json");
    REQUIRE(files.size() >= 2);
    broken.made(world.home / "learning/pending_review" / files.front());
    const auto review = world.run({"learning", "review"});
    CHECK(review.status == 0);
    const auto document = review.json();
    CHECK(document.at("unreadable").as_array().size() == 1);
    const auto& pending = document.at("pending").as_array();
    REQUIRE(pending.size() == files.size() - 1);
    const std::string other(pending.at(0).at("edit_id").as_string());
    const auto rejected = world.say({"learning", "reject", other});
    CAPTURE(rejected.out + rejected.err);
    CHECK(rejected.status == 0);
    CHECK(says(rejected.err, "it is kept as '" + files.front() + ".broken-"));
    // Its session still knows the edit: it waits again, once.
    CHECK(world.run({"learning", "review"}).json().at("pending").as_array().size() ==
          files.size() - 1);
    CHECK(world.run({"learning", "review"}).json().at("unreadable").as_array().empty());
  }
}

TEST_CASE("fault: personal_vN.json broken: it is named, and the version before is never taken") {
  const LearnedHome world;
  const std::string sound = world.read("learning/benchmarks/personal_v1.json");
  REQUIRE(!sound.empty());
  world.write("learning/benchmarks/personal_v2.json", sound.substr(0, sound.size() / 2));
  const auto run = world.session();
  CHECK(run.status != 0);
  CHECK(says(error_of(run, "message"), "personal_v2.json' is broken: "));
  CHECK(says(error_of(run, "hint"), "move it away to go back"));
  const auto status = world.run({"learning", "status"});
  CHECK(status.status == 0);
  CHECK(status.json().at("benchmark").is_null());
  CHECK(says(std::string(status.json().at("problems").at(0).as_string()), "personal_v2.json"));
  CHECK(says(world.run({"doctor"}).out, "personal_v2.json"));
  fs::remove(world.home / "learning/benchmarks/personal_v2.json");
  CHECK(came_to_its_end(world.session()));
}

TEST_CASE("fault: ledger.jsonl corrupted: no session spends while what was spent is not known") {
  const LearnedHome world;
  world.write("learning/ledger.jsonl", "rubbish\n" + world.read("learning/ledger.jsonl"));
  std::string session = world.read("learning/sessions/" + world.session_id + "/session.json");
  const std::size_t at = session.find("\"status\": \"");
  session.replace(at, session.find(',', at) - at, "\"status\": \"executing\"");
  put(world.session_file(), session);
  const auto resumed = world.run({"learning", "resume"});
  CHECK(resumed.status != 0);
  CHECK(says(error_of(resumed, "message"), "ledger.jsonl' line 1 is no line of a ledger"));
  CHECK(says(world.run({"doctor"}).out, "ledger.jsonl' line 1"));
  CHECK(world.run({"learning", "history"}).status == 0);
}
