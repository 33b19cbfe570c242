#include "core/dashboard/html.hpp"

#include <doctest/doctest.h>

#include "core/dashboard/chart.hpp"
#include "core/dashboard/edit_view.hpp"

using namespace jarvis::dashboard;

TEST_CASE("html: text stays text, also in an attribute") {
  const Html made = element("p", {{"title", "\"><script>"}}, "<b>&'\"");
  CHECK(made.markup() == "<p title=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt;&amp;&#39;&quot;</p>");
}

TEST_CASE("html: what cannot be seen is made visible") {
  CHECK(Html("a\u202Eb\u200Bc\x1b[1m\xff").markup() == "a\\u{202e}b\\u{200b}c\\x1b[1m\\xff");
  CHECK(Html("two\nlines\tand a tab").markup() == "two\nlines\tand a tab");
}

TEST_CASE("html: no address of another server, and none that is code") {
  for (const char* address : {"javascript:alert(1)", "http://evil.example/", "//evil.example", "",
                              "/\\evil.example", "data:text/html,x", "sessions", " /x"}) {
    CAPTURE(address);
    CHECK(element("a", {{"href", address}}, "x").markup() == "<a>x</a>");
    CHECK(element("form", {{"action", address}}, "x").markup() == "<form>x</form>");
    CHECK(empty_element("img", {{"src", address}}).markup() == "<img>");
  }
  CHECK(element("a", {{"href", "/x?y=1&z"}}, "x").markup() == "<a href=\"/x?y=1&amp;z\">x</a>");
  CHECK(element("a", {{"href", "#x"}}, "x").markup() == "<a href=\"#x\">x</a>");
}

TEST_CASE("html: a diff's lines keep their kinds, whatever they hold") {
  const std::string markup =
      diff_view("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-<b>\n+<script>\n c\n").markup();
  CHECK(markup.find("<span class=\"row removed\">-&lt;b&gt;</span>") != std::string::npos);
  CHECK(markup.find("<span class=\"row added\">+&lt;script&gt;</span>") != std::string::npos);
  CHECK(markup.find("<span class=\"row\">--- a/x</span>") != std::string::npos);
  CHECK(markup.find("<span class=\"row place\">@@ -1 +1 @@</span>") != std::string::npos);
  CHECK(diff_view("").empty());
}

TEST_CASE("html: a drawing has a title, a description and a table") {
  CHECK(score_chart({}).empty());
  CHECK(money_chart({}).empty());
  CHECK(feedback_chart({}).empty());
  SessionLine old{"session-1",
                  "on_demand",
                  jarvis::SessionStatus::completed,
                  "2026-06-01T03:00:00Z",
                  0.5,
                  "",
                  "personal_v1",
                  0.4,
                  0.6,
                  {}};
  old.edits = {{"e1", "set_model_param", jarvis::EditStatus::applied, 0.2},
               {"e2", "set_agent_param", jarvis::EditStatus::rejected_by_gate, -0.1}};
  SessionLine newer = old;
  newer.id = "session-2";
  newer.benchmark_version = "personal_v2";
  newer.edits = {{"e3", "set_model_param", jarvis::EditStatus::rolled_back, 0.2}};
  SessionLine unmeasured = old;
  unmeasured.before = unmeasured.after = std::nullopt;
  const std::string markup = score_chart({unmeasured, newer, old}).markup();
  for (const char* part :
       {"<title id=\"score-title\">", "<desc id=\"score-text\">", "<table>",
        "aria-labelledby=\"score-title score-text\"", "class=\"accepted\"", "class=\"rejected\"",
        "class=\"back\"", "class=\"version\"", "href=\"/sessions/session-1\""}) {
    CAPTURE(part);
    CHECK(markup.find(part) != std::string::npos);
  }
  // What was taken back leaves the score that the session found.
  CHECK(markup.find("From 60 % to 40 % over 2 sessions") != std::string::npos);
  CHECK(money_chart({old}).markup().find("$0.50") != std::string::npos);
}

TEST_CASE("html: feedback is grouped by days, however far apart they are") {
  jarvis::Trace good, bad, unrated, never;
  good.feedback = 1.0;
  good.started_at = 86400 * 1000.0;
  bad.feedback = 0.0;
  bad.started_at = good.started_at + 60;
  unrated.started_at = good.started_at;
  never.feedback = 1.0;
  never.started_at = std::numeric_limits<double>::quiet_NaN();
  auto points = feedback_points({good, bad, unrated, never}, 40);
  REQUIRE(points.size() == 1);
  CHECK(points[0].mean == 0.5);
  CHECK(points[0].rated == 2);
  jarvis::Trace late = good;
  late.started_at += 86400 * 10000.0;
  points = feedback_points({late, good}, 40);
  CHECK(points.size() == 2);
  CHECK(points[0].label < points[1].label);
}
