#pragma once

#include "core/ports/teacher.hpp"

namespace jarvis {

/** One answer of the teacher. Text that was cut off for its length is continued once, and comes
 * back in one piece with the usage of both calls. */
Result<sdk::GenerateResult> whole_answer(Teacher& teacher, Purpose purpose,
                                         const sdk::GenerateRequest& request);

}  // namespace jarvis
