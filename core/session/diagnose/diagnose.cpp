#include "core/session/diagnose/diagnose.hpp"

#include <algorithm>

#include "core/base/json_text.hpp"
#include "core/session/diagnose/clusters.hpp"
#include "core/session/diagnose/conversation.hpp"
#include "core/session/diagnose/services.hpp"

namespace jarvis {

namespace {

/** The clusters that the teacher names, asked for once more when they are missing. */
Result<json::array> clusters_of(Conversation& conversation, const std::string& narrative,
                                const DiagnosePrompts& prompts) {
  if (narrative.find_first_not_of(" \t\r\n") == std::string::npos)
    return Error{ErrorKind::invalid, "the teacher gave an empty diagnosis",
                 "run it again, or try another teacher model"};
  auto clusters = last_fenced_array(narrative);
  if (clusters) return clusters;
  const auto again =
      conversation.ask(replaced(prompts.clusters_again, "{error}", clusters.error().message));
  if (!again) return again.error();
  clusters = last_fenced_array(*again);
  if (clusters) return clusters;
  return Error{ErrorKind::invalid, "the teacher gave no clusters: " + clusters.error().message,
               "run it again, or try another teacher model"};
}

std::string without_fence(const std::string& narrative) {
  const std::size_t fence = narrative.rfind("```json");
  std::string text = fence == std::string::npos ? narrative : narrative.substr(0, fence);
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text.empty() ? "# Diagnosis" : text;
}

void keep_known_traces(Cluster& cluster, const DiagnoseInputs& inputs,
                       const DiagnosisServices& services) {
  std::erase_if(cluster.sample_trace_ids, [&](const std::string& id) {
    const auto trace = inputs.traces.get(id);
    return !trace || !services.is_visible(*trace);
  });
}

}  // namespace

Result<Diagnosis> diagnose(const DiagnoseInputs& inputs, std::vector<Cluster>& dropped) {
  inputs.purse.allow(SpendingStep::diagnose);
  Evidence evidence;
  const DiagnosisServices services(inputs, evidence);
  Conversation conversation(inputs, [&](const std::string& service, const json::object& request) {
    return services.serve(service, request);
  });
  const auto narrative = conversation.run();
  if (!narrative) return narrative.error();
  const auto named = clusters_of(conversation, *narrative, inputs.prompts);
  if (!named) return named.error();

  Diagnosis diagnosis{without_fence(*narrative), read_clusters(*named)};
  for (Cluster& cluster : diagnosis.clusters) {
    verify(cluster, evidence, services);
    keep_known_traces(cluster, inputs, services);
  }
  if (auto written = inputs.files.write("diagnosis.md", diagnosis_document(diagnosis)); !written)
    return written.error();
  if (diagnosis.kept().empty()) {
    dropped = diagnosis.clusters;
    return Error{ErrorKind::refused, "All clusters dropped: insufficient evidence",
                 dropped.empty()
                     ? "the teacher named none: what it asked the student did not fail; "
                       "rate answers that are wrong, or leave things as they are"
                     : "check that the student really fails on the flagged tasks"};
  }
  return diagnosis;
}

}  // namespace jarvis
