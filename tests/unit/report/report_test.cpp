#include <doctest/doctest.h>

#include "core/dashboard/html.hpp"
#include "core/report/html_report.hpp"
#include "core/report/markdown_report.hpp"
#include "tests/unit/record/session_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

const std::string kHostile =
    "\"><script>alert(1)</script><img src=x onerror=alert(1)>\n</style></details>\n# heading\n"
    "[x](javascript:y) ``` | https://evil.example @octocat";

/** A report in which every text from elsewhere is `text`. */
ReportMaterial material_with(const std::string& text) {
  ReportMaterial material;
  Session& session = material.session;
  session = full_session();
  session.trigger.kind = session.error = session.error_hint = text;
  session.notices = {text};
  for (Cluster& cluster : session.clusters)
    cluster = {text, text, text, text, {text}, {text}, 0.5, 0.5, {}, true, text};
  for (EditOutcome& outcome : session.outcomes) {
    outcome.edit.op = outcome.edit.target = outcome.edit.rationale = text;
    outcome.error = outcome.reject_reason = outcome.harm = text;
    outcome.diff = "@@ -1 +1 @@\n-" + text + "\n+" + text + "\n";
    outcome.verdict = Verdict{Decision::accept, text, 0.25, {{0.1, 0.4}}, {{text, 0.25}}, 0.97};
    outcome.verdict->cluster_deltas["other"] = 0.1;
    outcome.verdict->tasks = {{"t1", text, 0.0, 1.0, 1, 1}, {"t2", text, 1.0, 0.0, 1, 1}};
    material.tasks.add(outcome.edit.id, {{outcome.verdict->tasks[0], text, text, text},
                                         {outcome.verdict->tasks[1], text, text, text}});
  }
  material.diagnosis = text;
  material.spending = {{text, text, 3, 1000, 50, 0.25}};
  material.steps.lines = {{{"at", "2026-06-01T03:00:00Z"},
                           {"step", text},
                           {"state", "begin"},
                           {"op", text},
                           {"error", text}}};
  material.found = {{"email", 2}};
  material.written_at = "2026-06-01T04:00:00Z";
  material.version = "1.2.3";
  return material;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

std::size_t tags(const std::string& page) {
  return count(page, "<");
}

/** Without what stands between fences. */
std::string outside_fences(const std::string& markdown) {
  std::string out, fence;
  std::size_t begin = 0;
  for (std::size_t end; begin < markdown.size(); begin = end + 1) {
    end = std::min(markdown.find('\n', begin), markdown.size());
    const std::string line = markdown.substr(begin, end - begin);
    const std::size_t ticks = std::min(line.find_first_not_of('`'), line.size());
    if (fence.empty() && ticks >= 3)
      fence = line.substr(0, ticks);
    else if (!fence.empty() && line == fence)
      fence.clear();
    else if (fence.empty())
      out += line + "\n";
  }
  CHECK(fence.empty());
  return out;
}

}  // namespace

TEST_CASE("report: hostile text in every place of the page stays text") {
  const std::string page = html_report(material_with(kHostile));
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("<img") == std::string::npos);
  CHECK(page.find("href=\"http") == std::string::npos);
  CHECK(count(page, "</style>") == 1);
  CHECK(count(page, "</html>") == 1);
  CHECK(page.find("&lt;script&gt;alert(1)") != std::string::npos);
  // Each line of a diff is an element of its own; so the other one has as many.
  std::string harmless(kHostile.size(), 'x');
  for (std::size_t i = 0; i < kHostile.size(); ++i)
    if (kHostile[i] == '\n') harmless[i] = '\n';
  CHECK(tags(page) == tags(html_report(material_with(harmless))));
}

TEST_CASE("report: the page stands alone and may run and load nothing") {
  const std::string page = html_report(material_with("text"));
  CHECK(page.find("default-src &#39;none&#39;") != std::string::npos);
  CHECK(page.find("<style>:root") != std::string::npos);
  for (const char* outside : {" src=", "@import", "url(", "<link", "<base", "<form", "href=\"/"})
    CHECK_MESSAGE(page.find(outside) == std::string::npos, outside);
}

TEST_CASE("report: a style sheet cannot end itself") {
  CHECK(dashboard::Html::style_sheet("a { color: red; }").markup() ==
        "<style>a { color: red; }</style>");
  CHECK(dashboard::Html::style_sheet("</style><script>").empty());
}

TEST_CASE("report: page and Markdown say what was done, measured and paid") {
  ReportMaterial material = material_with("some text");
  material.session.trigger.kind = "cluster";
  for (const std::string& text : {html_report(material), markdown_report(material)}) {
    CAPTURE(text);
    for (const char* said : {"session-20260601T030000_0a1b2c3d", "2 email", "+25.0 points",
                             "+10.0 to +40.0", "0 % → 100 %", "100 % → 0 %", "c0ffee", "1.2.3",
                             "cluster", "personal_v1", "75 %", "1000", "0.25"})
      CHECK_MESSAGE(text.find(said) != std::string::npos, said);
  }
}

TEST_CASE("report: where redaction is off it says so") {
  ReportMaterial material = material_with("text");
  material.is_redacted = false;
  CHECK(html_report(material).find("Nothing is redacted") != std::string::npos);
  CHECK(markdown_report(material).find("Nothing is redacted") != std::string::npos);
}

TEST_CASE("report: hostile text in every place of the Markdown stays text") {
  const std::string text = outside_fences(markdown_report(material_with(kHostile)));
  CHECK(count(text, "<script") == count(text, "\\<script"));
  CHECK(count(text, "<img") == count(text, "\\<img"));
  CHECK(text.find("](javascript") == std::string::npos);
  CHECK(text.find("https://evil") == std::string::npos);
  CHECK(text.find("@octocat") == std::string::npos);
  CHECK(text.find("\n# heading") == std::string::npos);
  CHECK(count(text, "<details>") == count(text, "</details>"));
  CHECK(count(text, "\n# ") == 0);
  CHECK(text.rfind("# Learning session", 0) == 0);
}

TEST_CASE("report: a session of which nothing is known but its name makes a report") {
  ReportMaterial material;
  material.session.id = "session-1";
  material.session.started_at = "2026-06-01T03:00:00Z";
  CHECK(html_report(material).find("session-1") != std::string::npos);
  CHECK(markdown_report(material).find("session-1") != std::string::npos);
}
