#pragma once

#include <string>

#include "core/model/session.hpp"

namespace jarvis {

/** "+17.0 points (90 %: +3.1 to +30.2); run again, the score moves by ±2.0". The verdict has a
 * delta.
 */
std::string delta_text(const Verdict& verdict);

/** "120 task runs looked at, 60 made now, 58 judged, $0.42". The outcome has a verdict. */
std::string effort_text(const EditOutcome& outcome);

}  // namespace jarvis
