#include <algorithm>

#include "core/host/check/behaviour_check.hpp"
#include "core/host/check/requests.hpp"

namespace jarvis {

namespace {

/** What became of all malformed requests to one thing that a plugin offers. */
struct Findings {
  std::string problem;
  std::string note;
};

/** Why an outcome does not decline what must be declined, or nothing. */
std::string problem_of_declining(const Subject& subject, const Outcome& outcome) {
  if (outcome) return "it was taken for a sound one";
  if (auto fault = subject.fault_in(outcome); !fault.empty()) return fault;
  const ErrorKind kind = outcome.error().kind;
  if (kind == ErrorKind::invalid || kind == ErrorKind::refused) return {};
  return "it ended as '" + std::string(to_string(kind)) + "', not as invalid or refused";
}

void try_function(Subject& subject, PluginFunction function, const Provided& provided,
                  const std::string& home, Findings& findings) {
  const std::string name = "'" + std::string(to_string(function)) + "'";
  const json::object sound = sound_request(function, provided, home);
  for (const MalformedRequest& request : malformed_requests(function, sound)) {
    const Outcome outcome = subject.call(function, request.text);
    if (!request.must_be_declined && subject.fault_in(outcome).empty()) {
      if (outcome && findings.note.empty())
        findings.note = "note: " + name + " takes " + request.what;
      continue;
    }
    findings.problem = problem_of_declining(subject, outcome);
    if (findings.problem.empty()) continue;
    findings.problem = name + " was given " + request.what + ": " + findings.problem;
    return;
  }
  findings.problem = subject.fault_in(subject.call(function, json::serialize(sound)));
  if (!findings.problem.empty())
    findings.problem =
        name + " was given a sound request after malformed ones: " + findings.problem;
}

}  // namespace

std::vector<PluginFunction> offered_functions(const Subject& subject,
                                              const std::string& interface) {
  std::vector<PluginFunction> functions;
  std::copy_if(std::begin(kPluginFunctions), std::end(kPluginFunctions),
               std::back_inserter(functions), [&](PluginFunction function) {
                 return interface_of(function) == interface && subject.offers(function);
               });
  return functions;
}

void check_malformed_requests(Subject& subject, const Provided& provided, const std::string& home,
                              CheckReport& report) {
  Findings findings;
  for (const PluginFunction function : offered_functions(subject, provided.interface))
    if (findings.problem.empty()) try_function(subject, function, provided, home, findings);
  const std::string name =
      label_of(provided.interface, provided.id) + ": declines malformed requests";
  if (findings.problem.empty())
    report.pass(name, findings.note);
  else
    report.fail(name, findings.problem,
                "give JARVIS_INVALID with a message, as the SDK's guard and its readers of "
                "requests do; let no exception out");
}

}  // namespace jarvis
