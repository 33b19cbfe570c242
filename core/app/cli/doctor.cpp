#include "core/app/doctor.hpp"

#include "core/app/cli/commands.hpp"
#include "core/app/cli/output.hpp"

namespace jarvis {

namespace {

std::string word_for(Checkup::State state) {
  switch (state) {
    case Checkup::State::good:
      return "ok";
    case Checkup::State::warning:
      return "warning";
    case Checkup::State::bad:
      return "bad";
  }
  return "";
}

}  // namespace

Result<int> doctor(Application& application, const Arguments&, Output& output) {
  json::array documents;
  std::vector<std::vector<std::string>> rows;
  int problems = 0;
  for (const Checkup& finding : examine(application)) {
    documents.push_back(json::object{{"subject", finding.subject},
                                     {"state", word_for(finding.state)},
                                     {"message", finding.message},
                                     {"hint", text_or_null(finding.hint)}});
    rows.push_back({word_for(finding.state), finding.subject,
                    finding.message + (finding.hint.empty() ? "" : " (" + finding.hint + ")")});
    problems += finding.state == Checkup::State::bad ? 1 : 0;
  }
  output.document({{"healthy", problems == 0}, {"checks", std::move(documents)}});
  output.table({"", "WHAT", "FOUND"}, rows);
  output.line();
  output.line(problems == 0 ? "Nothing stands in the way of a session."
                            : std::to_string(problems) + " to mend before a session can run.");
  return problems == 0 ? 0 : 1;
}

}  // namespace jarvis
