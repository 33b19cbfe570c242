#pragma once

#include <optional>
#include <string>

namespace jarvis {

/** "+3.2" for 0.032. */
std::string points(double delta);
/** "$0.0123". */
std::string dollars(double usd);
/** "73 %" for 0.73; "–" for nothing. */
std::string percent(std::optional<double> share);

}  // namespace jarvis
