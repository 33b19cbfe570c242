// Whatever a trace holds is shown as text: the page has the same elements as that of a harmless
// one.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "core/session/record/session_store.hpp"
#include "tests/dashboard/served.hpp"
#include "tests/support/made_up_home.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/record/session_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

const std::vector<std::string> kHandlers{"onload",   "onerror",        "onclick",  "onmouseover",
                                         "onfocus",  "onanimationend", "ontoggle", "onpointerenter",
                                         "onsubmit", "onbegin"};
const std::vector<std::string> kTags{
    "script", "img",   "svg",     "iframe",        "object",   "embed",    "base",     "form",
    "input",  "style", "link",    "meta",          "video",    "audio",    "math",     "details",
    "body",   "html",  "head",    "title",         "textarea", "noscript", "template", "button",
    "select", "table", "marquee", "foreignObject", "animate",  "a"};

std::vector<std::string> hostile_texts() {
  std::vector<std::string> texts{"<script>alert(1)</script>",
                                 "<ScRiPt src=//evil.example/x.js></ScRiPt>",
                                 "</main></body></html><script>alert(1)</script>",
                                 "<!--",
                                 "-->",
                                 "<![CDATA[",
                                 "]]>",
                                 "<?xml?>",
                                 "<!doctype html>",
                                 "<",
                                 ">",
                                 "&",
                                 "\"",
                                 "'",
                                 "`",
                                 "\\",
                                 "&lt;script&gt;",
                                 "&#60;script&#62;",
                                 "&amp;lt;",
                                 "&#x3c;b&#x3e;",
                                 "&",
                                 "&;",
                                 "\" onmouseover=\"alert(1)",
                                 "' onfocus='alert(1)' autofocus='",
                                 "\"><svg onload=alert(1)>",
                                 "'><img src=x onerror=alert(1)>",
                                 "javascript:alert(1)",
                                 "data:text/html,<script>1</script>",
                                 "vbscript:x",
                                 "//evil.example",
                                 "http://evil.example/\"><b>",
                                 "{{constructor}}",
                                 "${7*7}",
                                 "<%= 7*7 %>",
                                 "{% raw %}",
                                 "[[x]]",
                                 "=cmd|'/c calc'!A1",
                                 "\r\nSet-Cookie: a=b\r\n\r\n<b>",
                                 "\nevent: change\ndata: x\n\n",
                                 std::string("nul\0<b>", 7),
                                 "\x1b[2J\x1b]0;t\x07",
                                 "\u202Egnp.exe",
                                 "\u2066\u2067x\u2069",
                                 "\u200B\u200C\u200D\uFEFF",
                                 "\u2028\u2029",
                                 "\U000E0041\U000E0042",
                                 "\xff\xfe<b>",
                                 "\xc0\xbc"
                                 "script\xc0\xbe",
                                 "\xe0\x80\xbc",
                                 "\xed\xa0\x80",
                                 "\xf4\x90\x80\x80",
                                 "\xc2\x9b"
                                 "31m",
                                 "\u00AD\u034F",
                                 "<b\u0000>",
                                 "\t\v\f",
                                 "<scr\u200Bipt>",
                                 "＜script＞",
                                 std::string(20000, '<'),
                                 std::string(5000, '"'),
                                 "</textarea><script>",
                                 "</title><script>",
                                 "</style><script>",
                                 "</script><script>",
                                 "<a href=\"javascript:alert(1)\">x</a>",
                                 "<form action=/run method=post><button>",
                                 "<input name=csrf value=x>",
                                 "<meta http-equiv=refresh content=0;url=//evil.example>",
                                 "<base href=//evil.example/>",
                                 "<link rel=stylesheet href=//evil.example/x.css>",
                                 "<svg><script>alert&#40;1)</script></svg>",
                                 "<math><mi//xlink:href=\"data:x,<script>\">",
                                 "@@ -1 +1 @@\n+<b>",
                                 "+<script>",
                                 "-<img src=x onerror=y>",
                                 "```html\n<b>\n```"};
  for (const std::string& tag : kTags) {
    texts.push_back("<" + tag + ">");
    texts.push_back("</" + tag + "><" + tag + " x=y/>");
    texts.push_back("\"><" + tag + " " + kHandlers[texts.size() % kHandlers.size()] + "=alert(1)>");
  }
  for (const std::string& handler : kHandlers) {
    texts.push_back("<img src=x " + handler + "=alert(1)>");
    texts.push_back("\" " + handler + "=\"alert(1)");
    texts.push_back("' " + handler + "='alert(1)");
    texts.push_back("` " + handler + "=`alert(1)");
  }
  return texts;
}

Trace trace_with(const std::string& text, std::size_t index) {
  Trace trace = made_up_trace(index, 50);
  trace.query = text;
  trace.result = text;
  trace.agent = text;
  trace.model = text;
  trace.outcome = text;
  trace.steps[0].type = text;
  trace.steps[0].input = json::object{{text, text}};
  trace.steps[0].output = json::array{text};
  return trace;
}

/** The tags of a page with the names of their attributes, without what stands between and in them.
 */
std::string skeleton(const std::string& page) {
  std::string out;
  bool inside = false, quoted = false;
  for (const char c : page) {
    if (!inside) {
      if (c == '<') {
        inside = true;
        out += c;
      }
      continue;
    }
    if (c == '"') {
      quoted = !quoted;
      out += quoted ? "\"" : "";
    } else if (!quoted) {
      out += c;
      inside = c != '>';
    }
  }
  return out;
}

/** Bytes that steer a terminal or a browser and stand for nothing to see. */
bool has_hidden_bytes(const std::string& text) {
  return std::any_of(
             text.begin(), text.end(),
             [](unsigned char c) { return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f; }) ||
         text.find("\u202E") != std::string::npos || text.find("\u200B") != std::string::npos;
}

}  // namespace

TEST_CASE("dashboard: a trace that holds markup renders as text") {
  const std::vector<std::string> texts = hostile_texts();
  REQUIRE(texts.size() >= 200);
  const TemporaryDirectory directory;
  const auto home = directory.path() / "home";
  std::vector<Trace> traces{trace_with("harmless", 0)};
  for (const std::string& text : texts) traces.push_back(trace_with(text, traces.size()));
  for (Trace& trace : traces) trace.feedback = 1.0;
  make_home(home, config_for_models("http://127.0.0.1:9"), traces);
  const Served served(home);
  const std::string harmless = skeleton(served.get("/traces/" + traces[0].id).body);
  REQUIRE(harmless.find("<form") != std::string::npos);
  for (std::size_t i = 1; i < traces.size(); ++i) {
    CAPTURE(texts[i - 1].substr(0, 80));
    const Answer answer = served.get("/traces/" + traces[i].id);
    CHECK(answer.status == 200);
    CHECK(skeleton(answer.body) == harmless);
    CHECK_FALSE(has_hidden_bytes(answer.body));
  }
  const Answer list = served.get("/traces?show=500");
  CHECK(list.status == 200);
  CHECK_FALSE(has_hidden_bytes(list.body));
  std::set<std::string> rows;
  const std::string start = "<tr><th scope";
  for (std::size_t at = list.body.find(start, list.body.find("<tbody>"));
       at != std::string::npos;) {
    const std::size_t next = list.body.find(start, at + 1);
    rows.insert(skeleton(list.body.substr(at, list.body.find("</tr>", at) - at)));
    at = next;
  }
  CHECK(rows.size() == 1);
}

TEST_CASE("dashboard: what the teacher said and planned renders as text") {
  const TemporaryDirectory directory;
  const auto home = directory.path() / "home";
  make_home(home, config_for_models("http://127.0.0.1:9"), {});
  const SessionStore store(home);
  const auto pages_with = [&](const std::string& text) {
    Session session = full_session();
    session.error = session.error_hint = session.trigger.kind = text;
    session.notices = {text};
    session.redactions = {{text, 1}};
    session.cost_by_purpose = {{text, 0.1}};
    session.benchmark_version = text;
    for (Cluster& cluster : session.clusters) {
      cluster.description = cluster.skill_gap = cluster.drop_reason = cluster.id = text;
      cluster.sample_trace_ids = {"t1"};
    }
    for (EditOutcome& outcome : session.outcomes) {
      outcome.edit.op = outcome.edit.target = outcome.edit.rationale = text;
      outcome.error = outcome.reject_reason = text;
      outcome.diff = "--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y";
      if (outcome.verdict) {
        outcome.verdict->reason = text;
        outcome.verdict->cluster_deltas = {{text, 0.1}, {"other", 0.2}};
      }
    }
    REQUIRE(store.save(session));
    json::object line{{"tool", text}, {"args", {{text, text}}}, {"result", text}};
    json::object said{{"call", "teacher"}, {"model", text}, {"text", "x" + text}};
    json::object step{
        {"at", text}, {"step", text}, {"state", "end"}, {"status", "x" + text}, {"edit_id", "e"}};
    directory.write("home/learning/sessions/" + session.id + "/diagnosis.md", "x" + text);
    directory.write("home/learning/sessions/" + session.id + "/teacher_traces/diagnose.jsonl",
                    json::serialize(line) + "\n" + json::serialize(said) + "\n");
    directory.write("home/learning/sessions/" + session.id + "/steps.jsonl",
                    json::serialize(step) + "\n");
    const Served served(home);
    std::string pages;
    for (const std::string& target :
         {std::string("/"), std::string("/sessions"), "/sessions/" + session.id,
          "/sessions/" + session.id + "/conversation"}) {
      const Answer answer = served.get(target);
      CHECK(answer.status == 200);
      CHECK_FALSE(has_hidden_bytes(answer.body));
      pages += skeleton(answer.body);
    }
    return pages;
  };
  const std::string harmless = pages_with("harmless");
  for (const std::string text :
       {"<script>alert(1)</script>", "\"><svg onload=alert(1)>", "' onfocus='x", "&lt;b&gt;",
        "\u202E\u200B\x1b[2J", "</main><form action=/run>", "javascript:alert(1)"}) {
    CAPTURE(text);
    CHECK(pages_with(text) == harmless);
  }
}
