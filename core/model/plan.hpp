#pragma once

#include <string>
#include <vector>

#include "core/model/cluster.hpp"
#include "core/model/edit.hpp"

namespace jarvis {

/** What plan hands to execute: a plain value, frozen in plan.json. */
struct Plan {
  std::string session_id;
  std::string diagnosis_summary;
  std::vector<Cluster> clusters;
  std::vector<Edit> edits;
  std::string teacher_model;
  std::string created_at;
};

}  // namespace jarvis
