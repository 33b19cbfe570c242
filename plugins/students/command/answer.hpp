#pragma once

#include <jarvis/sdk/payload/student.hpp>
#include <jarvis/sdk/payload/student_services.hpp>

namespace jarvis::command {

/** The answer that a program gave: what it printed, without the blank end, or, where that is one
 * JSON object with a text `content`, that text with what stands beside it. Throws Failure, with the
 * cause, for a run that gave none: ended by a deadline, a signal or with a status other than 0,
 * nothing printed, or more than an answer may have. */
sdk::StudentResult answer_of(const sdk::ProcessResult& run, std::int64_t timeout_seconds);

}  // namespace jarvis::command
