// What every listing command makes of long ids, long questions and wide characters in a small
// window.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "core/app/cli/text_layout.hpp"
#include "core/session/record/recorder.hpp"
#include "tests/cases/demo_traces.hpp"
#include "tests/cases/window.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis::testing;
using jarvis::EditStatus;

namespace {

const std::string kLong(90, 'x');

jarvis::EditOutcome waiting_edit() {
  jarvis::EditOutcome outcome;
  outcome.edit.id = "edit-" + kLong + "-1";
  outcome.edit.op = "replace_system_prompt";
  outcome.edit.target = "agents." + kLong;
  outcome.edit.rationale =
      "because " + kLong + " and 日本語日本語日本語日本語日本語日本語 " + kLong;
  outcome.status = EditStatus::pending_review;
  outcome.error = "review: '" + kLong + "' changes what the agent is told";
  outcome.diff = "--- a/agents/" + kLong + "\n+++ b/agents/" + kLong + "\n@@ -1 +1 @@\n-one\t" +
                 kLong + "\n+日本語日本語日本語" + kLong + "\n";
  return outcome;
}

jarvis::Session long_session(const std::string& id) {
  jarvis::Session session;
  session.id = id;
  session.status = jarvis::SessionStatus::awaiting_review;
  session.started_at = "2026-06-01T03:00:00Z";
  session.ended_at = "2026-06-01T03:10:00Z";
  session.notices = {"a note of " + kLong};
  session.outcomes = {waiting_edit()};
  return session;
}

/** A home where all is long. */
class LongHome {
 public:
  LongHome() : home_(directory_.path() / "home") {
    auto traces = make_home_without_traces(home_);
    traces.resize(3);
    traces[0].id = "trace-" + kLong;
    traces[0].query = "What is " + kLong + "?";
    traces[1].query = "日本語日本語日本語日本語日本語日本語日本語日本語";
    traces[2].agent = "agent-" + kLong;
    store_traces(home_, traces);
    const jarvis::Recorder recorder(home_);
    for (const std::string& id :
         {std::string("session-20260601T030000_0a1b2c3d"), "session-" + kLong}) {
      jarvis::Session session = long_session(id);
      const auto recorded = recorder.record(session);
      REQUIRE_MESSAGE(recorded, recorded.error().message);
    }
  }

  std::string in_window(const std::vector<std::string>& words, int columns) const {
    Launch launch{{JARVIS_PROGRAM, "--home", home_.string()},
                  {{"HOME", directory_.path().string()}, {"TERM", "xterm-256color"}},
                  directory_.path()};
    launch.words.insert(launch.words.end(), words.begin(), words.end());
    return run_in_window(launch, columns);
  }

 private:
  TemporaryDirectory directory_;
  const std::filesystem::path home_;
};

/** The first line that is wider than the window. */
std::string too_wide(const std::string& text, int columns) {
  std::istringstream lines(without_colours(text));
  for (std::string line; std::getline(lines, line);)
    if (jarvis::columns_of(line) > static_cast<std::size_t>(columns)) return line;
  return {};
}

}  // namespace

TEST_CASE("listing: no line is wider than the window, however long what it lists") {
  const LongHome home;
  const std::vector<std::vector<std::string>> commands{{"learning", "history"},
                                                       {"learning", "status"},
                                                       {"learning", "review"},
                                                       {"learning", "show", "session-2026"},
                                                       {"learning", "daemon", "status"},
                                                       {"traces", "list"},
                                                       {"traces", "search", "What"},
                                                       {"feedback", "stats"},
                                                       {"plugins", "list"},
                                                       {"plugins", "ops"},
                                                       {"plugins", "show", "chat"},
                                                       {"doctor"}};
  for (const auto& command : commands)
    for (const int columns : {80, 60}) {
      CAPTURE(command.front() + " " + command.back());
      CAPTURE(columns);
      std::string text;
      try {
        text = home.in_window(command, columns);
      } catch (const std::runtime_error& failure) {
        FAIL(failure.what());
      }
      CHECK(text.size() > 100);
      CHECK(too_wide(text, columns) == "");
    }
}
