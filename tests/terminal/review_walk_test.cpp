// 'learning review' as a person has it.
#include <doctest/doctest.h>

#include "tests/e2e/world.hpp"
#include "tests/terminal/terminal_window.hpp"

using namespace jarvis::testing;
namespace json = boost::json;

namespace {

FakeBehaviour planned() {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  return behaviour;
}

/** A world with three edits that wait: one that makes things worse, one that makes them better, and
 * one of the prompt. */
class ReviewWorld : public World {
 public:
  ReviewWorld() : World(planned()) {
    environment["EDITOR"] = "cp -t " + directory.path().string();
    REQUIRE(run({"learning", "run", "--autonomy", "manual"}).status == 0);
    REQUIRE(waiting().size() == 3);
  }

  std::vector<std::string> program(std::vector<std::string> more = {}) const {
    std::vector<std::string> words{JARVIS_PROGRAM, "--home", home.string(), "learning", "review"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  /** The ids of the edits in the queue. */
  std::vector<std::string> waiting() const {
    std::vector<std::string> ids;
    const json::object queue = run({"learning", "review"}).json();
    for (const json::value& row : queue.at("pending").as_array())
      ids.push_back(text_at(row, "/edit_id"));
    return ids;
  }

  /** What became of the session's edits, in plan order. */
  json::object session() const {
    const auto history = run({"learning", "history"}).json();
    return run({"learning", "show", text_at(history, "/sessions/0/id")}).json();
  }
};

constexpr char kFirst[] = "[1/3] [a]pprove, [r]eject, [s]kip, [o]pen, [q]uit, [?]:";
constexpr char kSecond[] = "[2/3] [a]pprove, [r]eject, [s]kip, [o]pen, [q]uit, [?]:";
constexpr char kThird[] = "[3/3] [a]pprove, [r]eject, [s]kip, [o]pen, [q]uit, [?]:";

}  // namespace

TEST_CASE("review: rejects with a reason, approves, and skips, each as its command does") {
  if (!can_open_windows()) return;
  const ReviewWorld world;
  const TerminalWindow window(world.program(), world.environment);
  REQUIRE(window.comes(kFirst));
  CHECK(window.coloured().find("\x1b[32m") != std::string::npos);
  CHECK(window.all().find("why: because of worse") != std::string::npos);
  window.type("nonsense");
  REQUIRE(window.comes("'nonsense' is none of these."));
  REQUIRE(window.comes("leave it in the queue, and go on to the next one"));
  window.type("r");
  REQUIRE(window.comes("why (Enter for no reason"));
  window.type("too small a model");
  REQUIRE(window.comes("Rejected edit-"));
  REQUIRE(window.comes(kSecond));
  window.type("approve");
  REQUIRE(window.comes("applied ("));
  REQUIRE(window.comes(kThird));
  window.type("s");
  REQUIRE(window.comes("1 tried, 1 of them applied, 1 rejected, 1 left in the queue."));
  CHECK(window.ends() == 0);

  const json::object session = world.session();
  CHECK(statuses(session) ==
        std::vector<std::string>{"rejected_by_user", "applied", "pending_review", "skipped"});
  CHECK(text_at(session, "/edits/0/reject_reason") == "too small a model");
  CHECK(world.waiting().size() == 1);
}

TEST_CASE("review: quits, with Ctrl-D and Ctrl-C too, and changes nothing then") {
  if (!can_open_windows()) return;
  const ReviewWorld world;
  for (const auto& [key, status] :
       std::vector<std::pair<std::string, int>>{{"q", 0}, {"C-d", 0}, {"C-c", 130}}) {
    CAPTURE(key);
    const TerminalWindow window(world.program(), world.environment);
    REQUIRE(window.comes(kFirst));
    window.press(key);
    if (key == "q") window.press("Enter");
    CHECK(window.comes("0 tried, 0 of them applied, 0 rejected, 3 left in the queue."));
    CHECK(window.ends() == status);
  }
  // In the middle of a rejection too.
  const TerminalWindow window(world.program(), world.environment);
  REQUIRE(window.comes(kFirst));
  window.type("reject");
  REQUIRE(window.comes("why (Enter for no reason"));
  window.press("C-d");
  window.type("quit");
  CHECK(window.ends() == 0);
  CHECK(world.waiting().size() == 3);
}

TEST_CASE("review: opens an edit in the user's editor, as a file of its own") {
  if (!can_open_windows()) return;
  const ReviewWorld world;
  const std::string edit = world.waiting().front();
  const TerminalWindow window(world.program(), world.environment);
  REQUIRE(window.comes(kFirst));
  window.type("o");
  window.type("q");
  CHECK(window.ends() == 0);
  const std::string file = world.directory.read(edit + ".diff");
  CHECK(file.find("because of worse") != std::string::npos);
  CHECK(file.find("+") != std::string::npos);
  CHECK(file.find('\x1b') == std::string::npos);
}

TEST_CASE("review: tells what keeps an edit from being tried, and asks again") {
  if (!can_open_windows()) return;
  const ReviewWorld world;
  world.write("config.toml", world.config() + "\n[learning.distillation]\nenabled = false\n");
  const TerminalWindow window(world.program(), world.environment);
  REQUIRE(window.comes(kFirst));
  window.type("a");
  REQUIRE(window.comes("jarvis: "));
  window.type("q");
  CHECK(window.comes("3 left in the queue."));
  CHECK(window.ends() == 0);
}

TEST_CASE("review: is a list with --list, on a dumb terminal, and where nobody can answer") {
  if (!can_open_windows()) return;
  const ReviewWorld world;
  const auto is_list = [&](const TerminalWindow& window) {
    CHECK(window.comes("Try one with 'jarvis learning approve EDIT'"));
    CHECK(window.ends() == 0);
    CHECK(window.all().find("[a]pprove") == std::string::npos);
  };
  is_list(TerminalWindow(world.program({"--list"}), world.environment));
  std::vector<std::string> dumb{"/usr/bin/env", "TERM=dumb"};
  for (const std::string& word : world.program()) dumb.push_back(word);
  is_list(TerminalWindow(dumb, world.environment));
  std::vector<std::string> deaf{"/bin/sh", "-c", "\"$@\" < /dev/null", "sh"};
  for (const std::string& word : world.program()) deaf.push_back(word);
  is_list(TerminalWindow(deaf, world.environment));
}

TEST_CASE("review: the window may become smaller between two edits") {
  if (!can_open_windows()) return;
  const ReviewWorld world;
  const TerminalWindow window(world.program(), world.environment);
  REQUIRE(window.comes(kFirst));
  window.resize(60, 20);
  window.type("s");
  REQUIRE(window.comes(kSecond));
  window.type("s");
  REQUIRE(window.comes(kThird));
  window.type("s");
  CHECK(window.comes("0 tried, 0 of them applied, 0 rejected, 3 left in the"));
  CHECK(window.ends() == 0);
}
