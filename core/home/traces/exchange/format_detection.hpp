#pragma once

#include <optional>

#include "core/home/traces/exchange/text_input.hpp"
#include "core/home/traces/exchange/trace_import.hpp"

namespace jarvis {

/** Tells the format by the beginning of the content, which stays to be read. */
std::optional<TraceFormat> detected_format(TextInput& input);

}  // namespace jarvis
