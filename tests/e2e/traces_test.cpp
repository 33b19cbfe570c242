#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <random>
#include <set>
#include <thread>

#include "core/home/traces/trace_store.hpp"
#include "core/home/traces/trace_writer.hpp"
#include "tests/e2e/world.hpp"

using namespace jarvis;
using namespace jarvis::testing;
namespace fs = std::filesystem;

namespace {

/** A program that runs beside the test. */
class Beside {
 public:
  explicit Beside(std::vector<std::string> words) {
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    child_ = ::fork();
    if (child_ != 0) return;
    const int nowhere = ::open("/dev/null", O_RDWR);
    ::dup2(nowhere, STDOUT_FILENO);
    ::execvp(pointers[0], pointers.data());
    ::_exit(127);
  }
  ~Beside() {
    if (child_ > 0) kill_now();
  }
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;

  void kill_now() {
    ::kill(child_, SIGKILL);
    wait();
  }
  int wait() {
    int status = 0;
    while (::waitpid(child_, &status, 0) < 0 && errno == EINTR) {
    }
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t child_ = -1;
};

int number_in_environment(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  const int number = text ? std::atoi(text) : 0;
  return number > 0 ? number : otherwise;
}

std::string line_of(int i) {
  return json::serialize(json::object{{"query", "question " + std::to_string(i)},
                                      {"result", std::string(200, 'r')},
                                      {"steps", {{{"step_type", "respond"}}}}}) +
         "\n";
}

std::int64_t number_at(const json::object& document, const char* key) {
  return document.at(key).to_number<std::int64_t>();
}

/** Adds rows as OpenJarvis does, one commit each, until the time is over; says how many. */
constexpr const char* kPythonWriter = R"python(
import sqlite3, sys, time
path, seconds, report = sys.argv[1], float(sys.argv[2]), sys.argv[3]
database = sqlite3.connect(path)
database.execute("PRAGMA journal_mode=WAL")
end, count = time.time() + seconds, 0
while time.time() < end:
    trace = "python-%d" % count
    database.execute("INSERT INTO traces (trace_id, query, agent, result) VALUES (?,?,?,?)",
                     (trace, "asked by python", "simple", "answer"))
    database.execute("INSERT INTO trace_steps (trace_id, step_index, step_type) VALUES (?,0,'respond')",
                     (trace,))
    database.commit()
    count += 1
open(report, "w").write(str(count))
)python";

}  // namespace

TEST_CASE("traces import: a file killed in at random points and read again is there once") {
  const World world({}, 0);
  constexpr int kRecords = 20000;
  const fs::path file = world.directory.path() / "many.jsonl";
  {
    std::ofstream out(file);
    for (int i = 0; i < kRecords; ++i) out << line_of(i);
  }
  const fs::path store = world.home / "traces.db";
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(store.string() + suffix);
  std::mt19937 random(std::random_device{}());
  const int kills = number_in_environment("JARVIS_IMPORT_KILLS", 5);
  for (int i = 0; i < kills; ++i) {
    Beside import(
        {JARVIS_PROGRAM, "--home", world.home.string(), "traces", "import", file.string()});
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 400));
    import.kill_now();
  }
  const auto document = world.run({"traces", "import", file.string()}).json();
  CHECK(number_at(document, "imported") + number_at(document, "already_there") == kRecords);
  const auto traces = *TraceStore::open(store);
  CHECK(*traces->count() == kRecords);
  std::set<std::string> queries;
  REQUIRE(traces->scan({}, [&](const Trace& trace) { return queries.insert(trace.query).second; })
              .ok());
  CHECK(queries.size() == kRecords);
  CHECK(traces->search("19999", 5)->size() == 1);
}

TEST_CASE("traces.db: what this program and OpenJarvis write at the same time is all there") {
  const World world({}, 0);
  if (run_program({{"/usr/bin/env", "python3", "-c", "import sqlite3"},
                   {{"PATH", std::getenv("PATH")}},
                   world.directory.path()})
          .status != 0) {
    MESSAGE("skipped: there is no python3 with sqlite3");
    return;
  }
  const int seconds = number_in_environment("JARVIS_WRITERS_SECONDS", 3);
  const fs::path store = world.home / "traces.db", report = world.directory.path() / "report";
  const fs::path chats = world.directory.path() / "imported.jsonl";
  int imported = 0;
  {
    std::ofstream out(chats);
    for (; imported < 20000; ++imported) out << line_of(imported);
  }
  const std::int64_t before = *(*TraceStore::open(store))->count();
  Beside python(
      {"python3", "-c", kPythonWriter, store.string(), std::to_string(seconds), report.string()});
  Beside import(
      {JARVIS_PROGRAM, "--home", world.home.string(), "traces", "import", chats.string()});
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  int count = 0;
  for (; std::chrono::steady_clock::now() < end; ++count) {
    Trace trace;
    trace.id = "ours-" + std::to_string(count);
    trace.query = "asked by us";
    trace.steps = {{0, "respond", 1, 1, {}, {}, {}}};
    const auto added = insert_traces(store, {trace});
    if (!added) FAIL(added.error().message);
    const auto rated = set_feedback(store, trace.id, 1.0);
    if (!rated) FAIL(rated.error().message);
  }
  CHECK(import.wait() == 0);
  REQUIRE(python.wait() == 0);
  const int pythons = std::stoi(world.directory.read("report"));
  CHECK(count > 0);
  CHECK(pythons > 0);
  MESSAGE("rows: " << count << " of ours, " << pythons << " of Python, " << imported
                   << " imported");
  const auto traces = *TraceStore::open(store);
  CHECK(*traces->count() == before + count + pythons + imported);
  CHECK(traces->get("ours-" + std::to_string(count - 1))->feedback == 1.0);
  CHECK(traces->get("python-" + std::to_string(pythons - 1))->steps.size() == 1);
}

TEST_CASE("traces: search, import and export on the command line") {
  const World world({}, 30);
  const auto exported = world.say({"traces", "export"});
  CHECK(exported.status == 0);
  world.write("../from.jsonl", exported.out);
  const std::string file = (world.directory.path() / "from.jsonl").string();
  const auto again = world.run({"traces", "import", file}).json();
  CHECK(number_at(again, "imported") == 0);
  CHECK(number_at(again, "already_there") == 30);
  CHECK(number_at(again, "bad_count") == 0);

  world.write("../bad.jsonl", "{\"query\":\"zebra \\u001b[31m crossing\"}\n{\"query\":1}\n");
  const std::string bad = (world.directory.path() / "bad.jsonl").string();
  const auto some = world.say({"traces", "import", bad, "--agent", "mine"});
  CHECK(some.status == 0);
  CHECK(some.out.find("Imported 1 trace; 0 already there.") != std::string::npos);
  CHECK(some.out.find(":2: 'query' has a value of the wrong type") != std::string::npos);

  const auto found = world.run({"traces", "search", "ZEBRA", "crossing", "--limit", "3"}).json();
  REQUIRE(found.at("traces").as_array().size() == 1);
  CHECK(text_at(found, "/traces/0/agent") == "mine");
  const auto shown = world.say({"traces", "search", "zebra"});
  CHECK(shown.out.find('\x1b') == std::string::npos);
  CHECK(shown.out.find("\\x1b") != std::string::npos);

  world.write("../none.jsonl", "nothing at all\n");
  const auto none =
      world.run({"traces", "import", (world.directory.path() / "none.jsonl").string()});
  CHECK(none.status == 1);
  CHECK(number_at(none.json(), "bad_count") == 1);
  CHECK(world.say({"traces", "import", "/nowhere"}).status == 1);
  CHECK(world.say({"traces", "import"}).status == 2);
  CHECK(world.run({"traces", "export"}).status == 2);
  CHECK(world.say({"traces", "import", bad, "--format", "xml"}).status == 2);
  CHECK(world.say({"traces", "export", (world.home / "traces.db").string()}).status == 1);
  const auto whole = world.run({"traces", "export", (world.home / "all.jsonl").string()}).json();
  CHECK(number_at(whole, "exported") == 31);
}
