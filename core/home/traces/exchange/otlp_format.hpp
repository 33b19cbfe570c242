#pragma once

#include <string>

#include "core/home/traces/exchange/row_sink.hpp"
#include "core/home/traces/exchange/text_input.hpp"

namespace jarvis {

/** Reads spans of OpenTelemetry in the JSON form of OTLP, span by span: one document over many
 * lines as well as one document a line. After a fault it goes on with the next line that begins a
 * document. */
void read_otlp(TextInput& input, const std::string& agent_if_absent, RowSink& sink);

}  // namespace jarvis
