// Homes in unusual places, and homes that cannot be written to.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "tests/faults/rehearsal_home.hpp"

using namespace jarvis::testing;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

using Words = std::vector<std::string>;

/** Makes a folder and all in it read-only, as long as the object lives. */
class ReadOnly {
 public:
  explicit ReadOnly(fs::path folder) : folder_(std::move(folder)) {
    change(fs::perm_options::remove);
  }
  ~ReadOnly() { change(fs::perm_options::add); }
  ReadOnly(const ReadOnly&) = delete;
  ReadOnly& operator=(const ReadOnly&) = delete;

 private:
  void change(fs::perm_options how) const {
    const auto write = fs::perms::owner_write;
    fs::permissions(folder_, write, how);
    for (const auto& entry : fs::recursive_directory_iterator(folder_))
      if (!entry.is_symlink()) fs::permissions(entry.path(), write, how);
  }

  fs::path folder_;
};

const std::map<std::string, std::string> kNoRights{{"LD_PRELOAD", HARDSHIP},
                                                   {"JARVIS_HARDSHIP", "rights"}};

std::map<std::string, std::string> bytes_of(const fs::path& folder) {
  std::map<std::string, std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    found[entry.path().string()] = {std::istreambuf_iterator<char>(file), {}};
  }
  return found;
}

std::size_t applied(const Finished& finished) {
  const auto document = finished.json();
  std::size_t count = 0;
  for (const json::value& edit : document.at("edits").as_array())
    count += edit.at("status") == "applied" ? 1 : 0;
  return count;
}

bool says(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("fault: a read-only home: all that reads works, all that writes says why it cannot") {
  const RehearsalHome world;
  REQUIRE(world.session().status == 0);
  const auto before = bytes_of(world.home);
  {
    const ReadOnly home(world.home);
    for (const Words& words : std::vector<Words>{{"traces", "list"},
                                                 {"traces", "search", "shop"},
                                                 {"traces", "export"},
                                                 {"learning", "status"},
                                                 {"learning", "history"},
                                                 {"learning", "review"},
                                                 {"learning", "benchmark", "show"}}) {
      const auto finished = world.say(words, kNoRights);
      CAPTURE(words.back());
      CAPTURE(finished.err);
      CHECK(finished.status == 0);
    }
    for (const Words& words : std::vector<Words>{{"learning", "run"},
                                                 {"learning", "rollback", "--last"},
                                                 {"learning", "benchmark", "refresh"},
                                                 {"ask", "What is 7 plus 5?"},
                                                 {"feedback", "thumbs", "--last", "--up"}}) {
      const auto finished = world.say(words, kNoRights);
      CAPTURE(words.front() + " " + words.back());
      CAPTURE(finished.out + finished.err);
      CHECK(finished.status > 0);
      CHECK(finished.status < 128);
      CHECK(says(finished.err, world.home.string()));
    }
    const auto doctor = world.say({"doctor"}, kNoRights);
    CHECK(doctor.status == 1);
    CHECK(says(doctor.out, "cannot be written to"));
  }
  CHECK(bytes_of(world.home) == before);
  CHECK(came_to_its_end(world.session()));
  check_promises(world.home);
}

TEST_CASE("fault: a read-only home with a broken store: what is wrong is said, nothing is moved") {
  const RehearsalHome world;
  REQUIRE(world.session().status == 0);
  world.write("learning/learning.db", "rubbish");
  world.write("learning/evaluations.db", std::string(10000, 'x'));
  world.write("learning/pending_review/a__b.json", "{");
  const ReadOnly home(world.home);
  for (const Words& words : std::vector<Words>{
           {"learning", "status"}, {"learning", "history"}, {"learning", "review"}}) {
    CAPTURE(words.back());
    CHECK(world.say(words, kNoRights).status == 0);
  }
  CHECK(says(world.say({"learning", "review"}, kNoRights).out, "a__b.json"));
  const auto doctor = world.say({"doctor"}, kNoRights);
  for (const char* store : {"learning.db", "evaluations.db", "a__b.json"})
    CHECK(says(doctor.out, store));
  CHECK(world.names("learning", ".broken-").empty());
}

TEST_CASE("fault: a home through a symlink: a session works on what it points to") {
  const RehearsalHome world;
  const fs::path link = world.directory.path() / "link";
  fs::create_directory_symlink(world.home, link);
  Launch launch{
      {JARVIS_PROGRAM, "--home", link.string(), "--json", "learning", "run", "--autonomy", "auto"},
      {{"HOME", world.directory.path().string()}},
      world.directory.path()};
  const auto finished = run_program(launch);
  CHECK(finished.status == 0);
  CHECK(applied(finished) > 0);
  CHECK(fs::is_symlink(link));
  check_promises(world.home);
}

TEST_CASE("fault: config.toml a symlink into a dotfiles folder: it stays one, and says where to") {
  const RehearsalHome world;
  const fs::path dotfiles = world.directory.path() / "dotfiles";
  fs::create_directory(dotfiles);
  fs::rename(world.home / "config.toml", dotfiles / "config.toml");
  fs::create_symlink(dotfiles / "config.toml", world.home / "config.toml");
  const auto before = bytes_of(dotfiles);
  const auto finished = world.session();
  CAPTURE(finished.out);
  CHECK(finished.status == 0);
  CHECK(says(finished.out, (dotfiles / "config.toml").string()));
  CHECK(fs::is_symlink(world.home / "config.toml"));
  CHECK(bytes_of(dotfiles) == before);
  CHECK(world.run({"learning", "history"}).status == 0);
}

TEST_CASE("fault: config.toml a hard link: the home's is edited, the other name keeps its bytes") {
  const RehearsalHome world;
  const fs::path other = world.directory.path() / "other.toml";
  fs::create_hard_link(world.home / "config.toml", other);
  const auto before = world.read("config.toml");
  const auto finished = world.session();
  CHECK(finished.status == 0);
  CHECK(applied(finished) > 0);
  std::ifstream file(other, std::ios::binary);
  CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == before);
  check_promises(world.home);
}

TEST_CASE("fault: a home on another file system than that for temporary files") {
  const fs::path memory = "/dev/shm";
  struct stat there {
  }, here{};
  if (::stat(memory.c_str(), &there) != 0 || ::access(memory.c_str(), W_OK) != 0 ||
      (::stat(fs::temp_directory_path().c_str(), &here) == 0 && here.st_dev == there.st_dev)) {
    MESSAGE("there is no other file system here");
    return;
  }
  std::string name = (memory / "jarvis-home-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  const fs::path home = name;
  {
    const RehearsalHome world(home);
    const auto finished = world.session();
    CHECK(finished.status == 0);
    CHECK(applied(finished) > 0);
    check_promises(home);
    CHECK(world.run({"learning", "rollback", "--last"}).status == 0);
  }
  fs::remove_all(home);
}

TEST_CASE("fault: time zone change: what a session recorded in one is found in another") {
  const RehearsalHome world;
  CHECK(world.session({{"TZ", "Pacific/Kiritimati"}}).status == 0);
  CHECK(came_to_its_end(world.session({{"TZ", "Pacific/Pago_Pago"}})));
  const auto history = world.run({"learning", "history"}, {{"TZ", "Asia/Kathmandu"}}).json();
  const auto& sessions = history.at("sessions").as_array();
  REQUIRE(sessions.size() == 2);
  CHECK(sessions.at(0).at("started_at").as_string() >= sessions.at(1).at("started_at").as_string());
  CHECK(world.run({"learning", "daemon", "status"}, {{"TZ", "Nowhere/Unknown"}}).status == 0);
  check_promises(world.home);
}
