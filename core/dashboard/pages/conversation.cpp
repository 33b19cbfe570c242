#include "core/base/json_text.hpp"
#include "core/dashboard/json_lines.hpp"
#include "core/dashboard/pages.hpp"
#include "core/dashboard/wording.hpp"
#include "core/home/paths.hpp"

namespace jarvis::dashboard {

namespace {

constexpr std::size_t kMostBytes = std::size_t{4} << 20;
constexpr std::size_t kMostShown = 20000;

Html tool_call(const json::object& line, std::size_t number) {
  const std::string name = sdk::optional_string(line, "tool");
  Html content = element("summary", {"Tool ", element("code", name)});
  content += element("h3", "Asked");
  content += text_box(pretty(line.contains("args") ? line.at("args") : json::value()));
  content += element("h3", "Answer");
  content += text_box(shortened(sdk::optional_string(line, "result"), kMostShown));
  if (const auto latency = sdk::optional_number(line, "latency_ms"))
    content += element("p", {{"class", "soft small"}}, "Took " + duration(*latency / 1000));
  return element("details", {{"id", "call-" + std::to_string(number)}}, content);
}

Html said(const json::object& line) {
  const std::string model = sdk::optional_string(line, "model");
  const std::string text = sdk::optional_string(line, "text");
  Html content = element("h3", model.empty() ? "Teacher" : "Teacher, " + model);
  content += text.empty() ? element("p", {{"class", "soft"}}, "(asks for tools)")
                          : text_box(shortened(text, kMostShown));
  return content;
}

Html part(const Visit& visit, const std::string& id, const char* file, const char* title,
          std::size_t& number) {
  bool cut = false;
  const auto lines = read_json_lines(
      visit.desk.parts.home / kSessionsFolder / id / "teacher_traces" / file, kMostBytes, cut);
  if (lines.empty()) return {};
  Html content = element("h2", title);
  if (cut) content += element("p", {{"class", "soft"}}, "The newest part is shown.");
  for (const json::object& line : lines)
    content += line.contains("tool") ? tool_call(line, ++number) : said(line);
  return element("section", {{"class", "card"}}, content);
}

}  // namespace

Page conversation_page(const Visit& visit, const std::string& id) {
  const auto session = visit.desk.recorder.sessions().find(id);
  if (!session) return error_page(session.error());
  if (session->id != id) return not_found_page("There is no session '" + id + "'.");
  std::size_t number = 0;
  Html parts{part(visit, id, "diagnose.jsonl", "Diagnosis", number),
             part(visit, id, "plan.jsonl", "Plan", number)};
  if (parts.empty())
    parts = element("p", {{"class", "empty"}}, "Nothing was said yet, or it was not kept.");
  return {"Conversation of " + id, "/sessions",
          Html{element("h1", "Conversation with the teacher"),
               element("p", {{"class", "lead"}},
                       {"Session ", link("/sessions/" + id, element("code", id)),
                        ". What the teacher saw was redacted before it left this machine."}),
               element("div", {{"data-live", "conversation"}}, parts)}};
}

}  // namespace jarvis::dashboard
