#pragma once

#include <vector>

#include "core/app/application.hpp"
#include "core/app/cli/output.hpp"
#include "core/session/record/review_queue.hpp"

namespace jarvis {

/** Prints a queued edit: what it is, why it waits, what was measured of it, and its diff. */
void print_queued(const Application& application, const QueuedEdit& queued, const Output& output);

/** Shows one edit after the other and asks for each what is to become of it; standard input and
 * output are a terminal. Ends with the last one, when the user wants no more, and at the end of the
 * input. What goes wrong with an edit is told, and it is asked for again. */
void walk_through(Application& application, const std::vector<QueuedEdit>& queue,
                  const std::vector<std::string>& allowed_tools, const Output& output);

}  // namespace jarvis
