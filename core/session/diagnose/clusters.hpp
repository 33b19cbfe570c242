#pragma once

#include <string>
#include <vector>

#include "core/model/cluster.hpp"
#include "core/model/json.hpp"
#include "core/session/diagnose/evidence.hpp"
#include "core/session/diagnose/services.hpp"

namespace jarvis {

/** Reads the teacher's clusters. Entries that are no objects are passed over; ids are made unique.
 */
std::vector<Cluster> read_clusters(const json::array& array);

/** Puts the host's own rates into a cluster, or drops it with the reason. */
void verify(Cluster& cluster, const Evidence& evidence, const DiagnosisServices& services);

/** diagnosis.md: the narrative, then every cluster with measured and claimed rates. */
std::string diagnosis_document(const Diagnosis& diagnosis);

}  // namespace jarvis
