#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace Poco::Data {
class Session;
}

namespace jarvis {

/** The ids of the newest `limit` matches; nothing when they cannot be told quickly. The index gives
 * at once what was written last, however much matches; to sort all of a common word takes a second.
 * What was written last also began last, but for a few and for imports: a look at the start times
 * tells whether an earlier row may belong among them. Throws
 * Poco::Exception. */
std::optional<std::string> newest_matches(Poco::Data::Session& session,
                                          const std::string& expression, std::int64_t limit);

}  // namespace jarvis
