#pragma once

#include <jarvis/sdk/json.hpp>

namespace jarvis {

/** Payloads, settings and documents are JSON; the whole program uses one value type for them. */
namespace json = boost::json;

}  // namespace jarvis
