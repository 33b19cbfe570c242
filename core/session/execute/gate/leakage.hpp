#pragma once

#include <string>
#include <vector>

#include "core/model/task.hpp"
#include "core/ports/home_stage.hpp"

namespace jarvis {

/** The first changed file whose new text gives away the answer to one of the tasks; empty when none
 * does.
 *
 *  Given away means: a verbatim run of eight or more words of a gold answer, anywhere; or, in a
 * prompt or an exemplar, a short answer (a gold answer, or its last line, of under eight words) in
 * one paragraph or exemplar with four or more consecutive words of the task's question. Case and
 * punctuation do not count; what stood in the file before does not count either. */
std::string leaking_file(const std::vector<FileChange>& changes, const std::vector<Task>& tasks);

}  // namespace jarvis
