#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plugins/students/chat/student_home.hpp"

namespace jarvis::chat {

/** How one query is put to the student's model. */
struct StudentSettings {
  std::string model;
  std::string system_prompt;
  std::vector<Exemplar> exemplars;
  double temperature = 0.7;
  std::optional<double> top_p;
  std::int64_t max_tokens = 1024;
  std::int64_t max_turns = 10;
  std::vector<std::string> tools;  ///< by the home's wish; the runner may not know some
};

/** Parameters come from [agent.<agent>], else [models."<model>"], else [agent], else
 * [intelligence]. An agent that is no valid name or has no section takes the defaults. Throws
 * JARVIS_INVALID that names the key for a value of a wrong type, and when no model is set. */
StudentSettings settings_for(const StudentHome& home, const std::string& query_class,
                             const std::string& agent);

/** Where the home's own engine listens: engine.<name>.host, else the engine's usual address. Throws
 *  JARVIS_UNAVAILABLE when that is not known. */
std::string engine_url(const StudentHome& home);

}  // namespace jarvis::chat
