#pragma once

#include <jarvis/sdk/host.hpp>
#include <jarvis/sdk/payload/student.hpp>
#include <jarvis/text/student_home.hpp>
#include <string>

#include "plugins/shared/provider.hpp"

namespace jarvis::chat {

namespace json = boost::json;

/** How one query is put to the student's model. */
struct Question {
  std::string query;
  text::StudentSettings settings;
  json::object sampling;  ///< fields of the request's body beside the conversation
  std::int64_t max_turns = 10;
};

/** Reads what the home says about a query. Throws as text::student_settings does, and
 * JARVIS_INVALID when the home names no model. */
Question question_for(const text::StudentHome& home, const sdk::StudentRequest& request);

/** Asks the model at `provider` until it answers, running the tools that it calls. */
sdk::StudentResult converse(const shared::Provider& provider, const Question& question,
                            const sdk::Host& host);

}  // namespace jarvis::chat
