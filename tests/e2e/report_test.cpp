// Reports of a session as a user asks for them.
#include <doctest/doctest.h>

#include <filesystem>

#include "tests/e2e/world.hpp"
#include "tests/support/made_up_home.hpp"

using namespace jarvis::testing;
namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

FakeBehaviour with_edits() {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  return behaviour;
}

/** A world with one session. */
struct ReportWorld : World {
  ReportWorld() : World(with_edits()) {
    const auto finished = run({"learning", "run"});
    REQUIRE_MESSAGE(finished.status == 0, finished.err);
    id = text_at(finished.json(), "/session/id");
  }
  Finished show(std::vector<std::string> words, bool as_json = false) const {
    words.insert(words.begin(), {"learning", "show", id});
    return as_json ? run(words) : say(words);
  }
  std::string file(const std::string& name) const { return (directory.path() / name).string(); }

  std::string id;
};

}  // namespace

TEST_CASE("report: what cannot be done is refused and leaves no file") {
  const ReportWorld world;
  CHECK(world.say({"learning", "show", "session-1", "--html", world.file("a")}).status == 1);
  CHECK(world.show({"--html", "-"}, true).status == 2);
  CHECK(world.show({"--html", "-", "--md", "-"}).status == 2);
  CHECK(world.show({"--md", world.directory.path().string()}).status == 1);
  fs::create_symlink(world.file("elsewhere"), world.file("link"));
  const auto linked = world.show({"--otlp", world.file("link")}, true);
  CHECK(linked.status == 1);
  CHECK(text_at(linked.json(), "/error/message").find("is a symbolic link") != std::string::npos);
  set_config(world.home, {"learning", "distillation", "privacy", "extra_patterns"},
             json::array{"("});
  for (const char* form : {"--html", "--md", "--otlp"})
    CHECK(world.show({form, world.file("unsafe")}).status == 1);
  for (const char* name : {"a", "elsewhere", "unsafe"}) CHECK(!fs::exists(world.file(name)));
}

TEST_CASE("report: all forms at once, each in its file") {
  const ReportWorld world;
  const auto finished = world.show(
      {"--html", world.file("r.html"), "--md", world.file("r.md"), "--otlp", world.file("r.json")},
      true);
  REQUIRE_MESSAGE(finished.status == 0, finished.out << finished.err);
  CHECK(text_at(finished.json(), "/session_id") == world.id);
  CHECK(text_at(finished.json(), "/html") == world.file("r.html"));
  for (const char* name : {"r.html", "r.md", "r.json"}) {
    CHECK((fs::status(world.file(name)).permissions() & fs::perms::mask) ==
          (fs::perms::owner_read | fs::perms::owner_write));
    const auto shown = world.show({name[2] == 'h'   ? "--html"
                                   : name[2] == 'm' ? "--md"
                                                    : "--otlp",
                                   "-"});
    CHECK(shown.status == 0);
    CHECK(shown.out.find("set_model_for_query_class") != std::string::npos);
  }
}

TEST_CASE("report: spans of a real session hold its paid calls and no conversation") {
  const ReportWorld world;
  const auto shown = world.show({"--otlp", "-"});
  REQUIRE(shown.status == 0);
  const json::value document = json::parse(shown.out);
  const auto& spans = document.at_pointer("/resourceSpans/0/scopeSpans/0/spans").as_array();
  int chats = 0, tools = 0, trials = 0;
  for (const json::value& span : spans) {
    const std::string name = text_at(span, "/name");
    chats += name.rfind("chat claude", 0) == 0 ? 1 : 0;
    tools += name.rfind("execute_tool ", 0) == 0 ? 1 : 0;
    trials += name == "trial" ? 1 : 0;
  }
  CHECK(chats > 2);
  CHECK(tools > 2);
  CHECK(trials > 0);
  CHECK(shown.out.find("\"anthropic\"") != std::string::npos);
  CHECK(shown.out.find("How many") == std::string::npos);
  CHECK(shown.out.find(question(1)) == std::string::npos);
}
