#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <jarvis/sdk/payload/student_services.hpp>
#include <regex>

#include "plugins/students/chat/chat_fixture.hpp"

namespace fs = std::filesystem;
namespace sdk = jarvis::sdk;
using namespace jarvis::chat::testing;

namespace {

/** A student with all tools, whose model makes one call and then answers. */
struct Calling : Student {
  Calling()
      : Student(
            "[intelligence]\ndefault_model = \"m\"\n[agent]\nclass = \"orchestrator\"\n"
            "tools = [\"calculator\", \"datetime\", \"file_read\", \"memory_search\"]\n") {
    settings["read_root"] = (root.path() / "open").string();
    settings["live_home"] = home.path().string();
    root.write("open/note.txt", "inside");
    root.write("secret.txt", "outside");
  }

  /** What the model is told. */
  std::string told(const char* tool, json::object arguments) {
    sent.clear();
    answers = {calls_for(tool, std::move(arguments)), answer_with({{"content", "done"}})};
    sdk::StudentRequest request = question();
    request.settings = settings;
    const Answer answer = run(request);
    REQUIRE_MESSAGE(answer.ok(), answer.message);
    return std::string(body(1).at("messages").as_array().back().at("content").as_string());
  }
  std::string read(const std::string& path) { return told("file_read", {{"path", path}}); }
  std::string found(const std::string& query) { return told("memory_search", {{"query", query}}); }

  TemporaryDirectory root;
  json::object settings;
};

bool is_error(const std::string& text) {
  return text.rfind("error: ", 0) == 0;
}

}  // namespace

TEST_CASE("file_read: nothing is read where the user opened no folder") {
  Calling student;
  for (const char* root : {"", "relative/folder", "/nowhere/at/all"}) {
    student.settings["read_root"] = root;
    const std::string told = student.read("note.txt");
    CHECK(is_error(told));
    CHECK(told.find("read_root") != std::string::npos);
  }
}

TEST_CASE("file_read: nothing outside of the folder is read, by whatever path") {
  Calling student;
  const fs::path open = student.root.path() / "open";
  fs::create_symlink("../secret.txt", open / "link.txt");
  fs::create_symlink(student.root.path() / "secret.txt", open / "absolute-link.txt");
  fs::create_directory_symlink("..", open / "up");
  fs::create_symlink("loop", open / "loop");
  fs::create_directory_symlink("/proc", open / "proc");
  student.root.write("open-too/note.txt", "a neighbour with the same beginning");
  const std::string above = student.root.path().string();
  for (const std::string& path :
       {std::string("../secret.txt"), std::string("./../secret.txt"), std::string("link.txt"),
        std::string("absolute-link.txt"), std::string("up/secret.txt"), std::string("loop"),
        std::string("/etc/passwd"), above + "/secret.txt", above + "/open/../secret.txt",
        above + "/open-too/note.txt", std::string("/proc/self/environ"),
        std::string("proc/self/environ"), std::string("x/../../secret.txt"),
        std::string("note.txt\0.md", 12), std::string("~/.bashrc"), std::string("//etc/passwd"),
        std::string("nothing.txt"), std::string(10000, 'a'), std::string("")}) {
    CAPTURE(path);
    const std::string told = student.read(path);
    CHECK(is_error(told));
    CHECK(told.find("outside") == std::string::npos);
    CHECK(told.find("root:") == std::string::npos);
  }
  // What is there and what is not look alike from outside.
  CHECK(student.read("../secret.txt").find("there is no file") != std::string::npos);
  CHECK(student.read("../nothing.txt").find("there is no file") != std::string::npos);
}

TEST_CASE("file_read: what is no text file is refused, and nothing is waited for") {
  Calling student;
  const fs::path open = student.root.path() / "open";
  REQUIRE(::mkfifo((open / "pipe").c_str(), 0600) == 0);
  fs::create_directory(open / "folder");
  student.root.write("open/binary", std::string("a\0b", 3));
  student.root.write("open/latin1", "gr\xfc\xdf");
  student.root.write("open/huge", std::string(300 * 1024, 'x'));
  const std::pair<const char*, const char*> rows[] = {{"pipe", "is no file of a disk"},
                                                      {"folder", "is a folder"},
                                                      {".", "is a folder"},
                                                      {"binary", "is not UTF-8 text"},
                                                      {"latin1", "is not UTF-8 text"},
                                                      {"huge", "is larger than 262144 bytes"}};
  for (const auto& [path, why] : rows) {
    CAPTURE(path);
    CHECK(student.read(path).find(why) != std::string::npos);
  }
  student.settings["read_root"] = "/";
  for (const char* path : {"/proc/self/environ", "proc/version", "/sys/kernel/uevent_seqnum",
                           "/dev/zero", "/dev/null"}) {
    CAPTURE(path);
    CHECK(is_error(student.read(path)));
  }
}

TEST_CASE("file_read: the assistant's own home stays closed, also in a copy of it") {
  Calling student;
  student.home.write("learning/benchmarks/personal_v1.json", "the answers");
  student.home.write("learning/staging/one/config.toml", "copy");
  for (const std::string& root : {std::string("/"), student.home.path().string()}) {
    student.settings["read_root"] = root;
    for (const char* file : {"config.toml", "learning/benchmarks/personal_v1.json",
                             "learning/staging/one/config.toml"}) {
      const std::string told = student.read((student.home.path() / file).string());
      CHECK(told.find("belongs to the assistant's own home") != std::string::npos);
    }
  }
}

TEST_CASE("file_read: reads text below the folder, by its relative and its absolute path") {
  Calling student;
  student.root.write("open/deep/er/gr\u00fc\u00dfe.md", "Hallo, \u00dc\n");
  fs::create_symlink("deep/er/gr\u00fc\u00dfe.md", student.root.path() / "open/inside-link");
  student.root.write("open/empty", "");
  CHECK(student.read("note.txt") == "inside");
  CHECK(student.read("./deep/../note.txt") == "inside");
  CHECK(student.read((student.root.path() / "open/note.txt").string()) == "inside");
  CHECK(student.read("deep/er/gr\u00fc\u00dfe.md") == "Hallo, \u00dc\n");
  CHECK(student.read("inside-link") == "Hallo, \u00dc\n");
  CHECK(student.read("empty").empty());
}

TEST_CASE("memory_search: hostile notes are passed over, and nothing outside of the home is read") {
  Calling student;
  const fs::path home = student.home.path();
  student.home.write("MEMORY.md", "The zebra lives in the north.");
  student.home.write("memory/binary.md", std::string("zebra\0", 6));
  student.home.write("memory/latin1.md", "zebra \xff");
  student.home.write("memory/huge.md", "zebra " + std::string(2 * 1024 * 1024, 'x'));
  student.home.write("memory/repository/.git/config", "zebra");
  student.home.write("memory/repository/notes.md", "zebra of a repository");
  student.home.write("notes-elsewhere.md", "zebra elsewhere");
  student.home.write("learning/benchmarks/personal_v1.json", "zebra of the benchmark");
  REQUIRE(::mkfifo((home / "memory/pipe").c_str(), 0600) == 0);
  fs::create_symlink(student.root.path() / "secret.txt", home / "memory/link.md");
  fs::create_directory_symlink("..", home / "memory/up");
  fs::create_symlink("loop", home / "memory/loop");
  CHECK(student.found("zebra") == "MEMORY.md:1\nThe zebra lives in the north.");
  CHECK(student.found("outside") == "no note holds any of these words");
  CHECK(is_error(student.found("")));
  CHECK(is_error(student.found(std::string(5000, 'z'))));
}

TEST_CASE("memory_search: a home without notes, and a query without words, find nothing") {
  Calling student;
  CHECK(student.found("zebra") == "no note holds any of these words");
  student.home.write("MEMORY.md", "zebra\n");
  CHECK(student.found("?!") == "no note holds any of these words");
}

TEST_CASE("memory_search: gives the best passages first, few and short, with their places") {
  Calling student;
  std::string many;
  for (int i = 0; i < 50; ++i) many += "A tea note.\n\n";
  student.home.write("MEMORY.md", many + "Tea with MILK, no sugar.\nAt five.\r\n \t\nBread.\n");
  student.home.write("USER.md", "tea tea tea\n");
  student.home.write("memory/2024.md", "milk tea, more milk tea\n" + std::string(4000, 'y'));
  const std::string told = student.found("Milk, tea!");
  CHECK(told.rfind("memory/2024.md:1\nmilk tea, more milk tea", 0) == 0);
  CHECK(told.find("\n\nMEMORY.md:101\nTea with MILK, no sugar.\nAt five.") != std::string::npos);
  CHECK(told.find("\n\nUSER.md:1\ntea tea tea") != std::string::npos);
  CHECK(told.size() < 2500);
  CHECK(told.find("Bread") == std::string::npos);
}

TEST_CASE("memory_search: cuts long passages between characters") {
  Calling student;
  std::string text = "x";
  for (int i = 0; i < 3000; ++i) text += "\u00fc";
  student.home.write("SOUL.md", text + " zebra");
  CHECK(student.found("zebra").find("zebra") != std::string::npos);
}

TEST_CASE("datetime: tells the time at which the session began, else the present one") {
  Calling student;
  student.settings["began_at"] = 1'000'000'000;
  const std::string told = student.told("datetime", {});
  CHECK(std::regex_match(
      told, std::regex("(Saturday|Sunday), 2001-09-0[89] \\d\\d:\\d\\d:40 [+-]\\d{4}")));
  student.settings.erase("began_at");
  const std::string now = student.told("datetime", {{"unexpected", 1}});
  CHECK(std::regex_match(
      now, std::regex("[A-Z][a-z]+day, \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d [+-]\\d{4}")));
  student.settings["began_at"] = "soon";
  CHECK_FALSE(is_error(student.told("datetime", {})));
}

TEST_CASE("calculator: refuses what is too long to read") {
  Calling student;
  CHECK(student.told("calculator", {{"expression", "sqrt(16) % 3"}}) == "1");
  CHECK(is_error(student.told("calculator", {{"expression", std::string(20000, '1')}})));
  CHECK(is_error(student.told("calculator", {{"expression", 7}})));
}
