#pragma once

#include <jarvis/sdk/host.hpp>
#include <jarvis/sdk/payload/student.hpp>
#include <jarvis/text/student_home.hpp>

#include "plugins/students/chat/engine.hpp"
#include "plugins/students/chat/student_tools.hpp"

namespace jarvis::chat {

/** How one query is put to the student's model. */
struct Question {
  text::StudentSettings settings;
  double temperature = 0.7;
  std::int64_t max_tokens = 1024;
  json::object sampling;        ///< see ModelRequest
  std::int64_t max_turns = 10;  ///< one for an agent without tools
  Served served = Served::named;
  bool continues = false;  ///< an answer that is cut off for its length is asked to go on
};

/** Reads what the home says about a query. Throws as text::student_settings does, and
 * JARVIS_INVALID when neither the home nor the request names a model. */
Question question_for(const text::StudentHome& home, const sdk::StudentRequest& request);

/** Asks the model until it answers, running the tools that it calls. */
sdk::StudentResult converse(Engine& engine, const Question& question,
                            const sdk::StudentRequest& request, const sdk::Host& host);

}  // namespace jarvis::chat
