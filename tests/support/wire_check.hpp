#pragma once

#include <boost/json.hpp>
#include <string>

namespace jarvis::testing {

/** What a real endpoint of the protocol would complain of in the body of a request; empty when it
 * would take it. */
std::string anthropic_complaint(const boost::json::object& body);
std::string chat_complaint(const boost::json::object& body);

}  // namespace jarvis::testing
