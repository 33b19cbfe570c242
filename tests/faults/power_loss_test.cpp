// What a power cut leaves of files that were not synced yet: half of what was written beside, and
// lines that are torn.
#include <doctest/doctest.h>

#include <fstream>
#include <set>

#include "core/home/checkpoint/git_checkpoint.hpp"
#include "tests/faults/rehearsal_home.hpp"

using namespace jarvis;
using namespace jarvis::testing;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> files_ending_with(const fs::path& folder, const std::string& end) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().string().ends_with(end))
      found.push_back(entry.path());
  return found;
}

void append(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary | std::ios::app) << text;
}

void check_goes_on(const RehearsalHome& world) {
  for (const char* command : {"history", "status", "review"}) {
    CAPTURE(command);
    CHECK(world.run({"learning", command}).status == 0);
  }
  const auto next = world.session();
  CAPTURE(next.err);
  CAPTURE(next.out);
  CHECK(came_to_its_end(next));
  check_promises(world.home);
}

}  // namespace

TEST_CASE("fault: power loss with torn writes: the last line of each append-only file is cut") {
  const RehearsalHome world;
  REQUIRE(world.session().status == 0);
  const auto logs = files_ending_with(world.home / "learning", ".jsonl");
  REQUIRE(logs.size() >= 3);
  SUBCASE("its beginning is there") {
    for (const fs::path& log : logs) append(log, "{\"event\":\"set");
  }
  SUBCASE("its place is there, and holds zeros") {
    for (const fs::path& log : logs) append(log, std::string(300, '\0'));
  }
  SUBCASE("the last one that was there is cut, too") {
    for (const fs::path& log : logs)
      if (fs::file_size(log) > 10) fs::resize_file(log, fs::file_size(log) - 7);
  }
  check_goes_on(world);
}

TEST_CASE("fault: power loss with unsynced writes dropped: halves written beside are no files") {
  const RehearsalHome world;
  REQUIRE(world.session().status == 0);
  const std::string config = world.read("config.toml");
  std::set<fs::path> folders;
  for (const fs::path& file : files_ending_with(world.home / "learning", ".json")) {
    std::ifstream whole(file, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(whole), {});
    std::ofstream(file.string() + ".new-4711-1", std::ios::binary) << text.substr(text.size() / 2);
    std::ofstream(file.string() + ".new-4711-2", std::ios::binary);
    folders.insert(file.parent_path());
  }
  CHECK(folders.size() >= 2);
  std::ofstream(world.home / "config.toml.new-4711-3", std::ios::binary) << config.substr(9);
  const auto history = world.run({"learning", "history"}).json();
  CHECK(history.at("sessions").as_array().size() == 1);
  CHECK(history.at("unreadable").as_array().empty());
  check_goes_on(world);
  CHECK(world.run({"learning", "history"}).json().at("sessions").as_array().size() == 2);
}

TEST_CASE("fault: power loss between a commit and its files: what is put in place is no hand edit") {
  const RehearsalHome world;
  REQUIRE(world.run({"learning", "init"}).status == 0);
  const GitCheckpoint checkpoint(world.home);
  const std::string from = *checkpoint.head();
  const std::string config = world.read("config.toml");
  REQUIRE(world.session().status == 0);
  const std::string to = *checkpoint.head();
  const std::string edited = world.read("config.toml");
  REQUIRE(edited != config);
  world.write("config.toml", config);
  world.write(".git/transition.json",
              R"({"from":")" + from + R"(","to":")" + to + R"(","paths":["config.toml"]})");
  const auto next = world.session();
  CAPTURE(next.err);
  CAPTURE(next.out);
  CHECK(came_to_its_end(next));
  CHECK(*checkpoint.head() == to);
  CHECK(world.read("config.toml") == edited);
  check_promises(world.home);
}

TEST_CASE("fault: power loss with unsynced writes dropped: a database's newest pages are missing") {
  for (const char* database : {"learning/learning.db", "learning/evaluations.db", "traces.db"}) {
    CAPTURE(database);
    const RehearsalHome world;
    REQUIRE(world.session().status == 0);
    const std::string name = std::string(database) + "-wal";
    std::string file, wal;
    {
      // Held open, so that what is written stays in the WAL.
      Poco::Data::Session holder = sql_session(world.home / database);
      holder << "CREATE TABLE more (text TEXT)", Poco::Data::Keywords::now;
      run_sql(world.home / database, "INSERT INTO more VALUES (hex(randomblob(9000)))", true);
      file = world.read(database);
      wal = world.read(name);
    }
    REQUIRE(wal.size() > 8000);
    for (const std::size_t kept : {wal.size() - 100, wal.size() / 2, std::size_t{40}}) {
      CAPTURE(kept);
      world.write(database, file);
      world.write(name, wal.substr(0, kept));
      fs::remove(world.home / (std::string(database) + "-shm"));
      CHECK(world.run({"traces", "list"}).status == 0);
      check_goes_on(world);
    }
  }
}
