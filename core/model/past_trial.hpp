#pragma once

#include <string>
#include <vector>

#include "core/model/session.hpp"

namespace jarvis {

/** An edit that an earlier session proposed, and what became of it. */
struct PastTrial {
  std::string session_id;
  std::string benchmark_version;
  EditOutcome outcome;
};

}  // namespace jarvis
