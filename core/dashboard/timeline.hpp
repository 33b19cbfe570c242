#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/dashboard/html.hpp"
#include "core/dashboard/page.hpp"
#include "core/model/json.hpp"
#include "core/model/session.hpp"

namespace jarvis::dashboard {

/** What happened in a session, step by step, and how far it is. Of a session whose steps were not
 * written down: what its record tells. */
Html timeline(const Visit& visit, const Session& session, bool at_work);

/** The lines of a session's steps.jsonl; of a long one the newest. */
struct SessionSteps {
  std::vector<json::object> lines;
  bool cut = false;
};
SessionSteps steps_of(const std::filesystem::path& home, const std::string& session_id);

/** The same of steps that were read before. */
Html timeline(SessionSteps steps, const Session& session, bool at_work);

}  // namespace jarvis::dashboard
