#pragma once

#include <jarvis/sdk/payload/judge.hpp>

namespace jarvis::rehearsal {

/** Compares what stands after "A:" in the last line of both texts, numbers by value; texts without
 * such a line as a whole. Case and white space do not count. */
sdk::JudgeResult compare(const sdk::JudgeRequest& request);

}  // namespace jarvis::rehearsal
