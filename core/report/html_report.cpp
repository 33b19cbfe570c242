#include "core/report/html_report.hpp"

#include "core/base/figures.hpp"
#include "core/dashboard/assets.hpp"
#include "core/dashboard/edit_view.hpp"
#include "core/dashboard/html.hpp"
#include "core/dashboard/session_view.hpp"
#include "core/dashboard/wording.hpp"

namespace jarvis {

using namespace dashboard;

namespace {

/** A browser keeps to it: the file can load nothing and run nothing. */
constexpr const char* kPolicy = "default-src 'none'; style-src 'unsafe-inline'";

Html head(const Session& session) {
  return element(
      "head",
      {empty_element("meta", {{"charset", "utf-8"}}),
       empty_element("meta",
                     {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}),
       empty_element("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", kPolicy}}),
       empty_element("meta", {{"name", "referrer"}, {"content", "no-referrer"}}),
       element("title", "Session " + session.id + " · jarvis"),
       Html::style_sheet(asset("style.css"))});
}

Html heading(const ReportMaterial& material) {
  const Session& session = material.session;
  Html content{element("div", {{"class", "edit-head"}},
                       {element("h1", "Learning session"), badge(session.status, false)}),
               element("p", {{"class", "lead"}}, element("code", session.id)),
               note(material.is_redacted ? "" : "warn", element("p", redaction_text(material)))};
  if (!session.error.empty()) content += error_note(session.error, session.error_hint);
  for (const std::string& text : session.notices) content += note("", text);
  return content;
}

Html happened(const ReportMaterial& material) {
  return {
      element("h2", "What happened"),
      element("section", {{"class", "card"}}, timeline(material.steps, material.session, false))};
}

Html diagnosis(const ReportMaterial& material) {
  if (material.diagnosis.empty()) return {};
  return {element("h2", "The teacher's diagnosis"),
          element("section", {{"class", "card"}}, text_box(material.diagnosis))};
}

Html spending(const ReportMaterial& material) {
  if (material.spending.empty()) return {};
  Html rows;
  for (const SpendingLine& line : material.spending)
    rows += element(
        "tr", {row_head(line.purpose), cell(line.model), cell(std::to_string(line.calls), "num"),
               cell(std::to_string(line.input_tokens), "num"),
               cell(std::to_string(line.output_tokens), "num"), cell(dollars(line.usd), "num")});
  return {element("h2", "Money"),
          element("section", {{"class", "card"}},
                  table("Paid calls by purpose and model",
                        {column("Purpose"), column("Model"), column("Calls", "num"),
                         column("Tokens in", "num"), column("Tokens out", "num"),
                         column("Cost", "num")},
                        rows))};
}

Html edits(const ReportMaterial& material) {
  const auto& outcomes = material.session.outcomes;
  if (outcomes.empty()) return {};
  Html cards = element("h2", counted(outcomes.size(), "edit", "edits"));
  for (const EditOutcome& outcome : outcomes) cards += edit_card(outcome, material.tasks);
  return cards;
}

}  // namespace

std::string html_report(const ReportMaterial& material) {
  const Html content{heading(material),
                     element("section", {{"class", "card"}}, session_summary(material.session)),
                     edits(material),
                     cluster_section(material.session, false),
                     diagnosis(material),
                     happened(material),
                     spending(material)};
  const Html foot = element("footer", {{"class", "foot"}},
                            {element("span", {"Written ", moment(material.written_at)}),
                             element("span", "jarvis " + material.version)});
  return Html::document(
      element("html", {{"lang", "en"}},
              {head(material.session),
               element("body", {element("main", {{"id", "content"}}, content), foot})}));
}

}  // namespace jarvis
