#pragma once

#include <functional>

namespace Poco::Data {
class Session;
}

namespace jarvis {

/** Makes `change` all or not at all, with the database held from the beginning: a transaction that
 * begins by reading cannot wait for another writer later. Throws Poco::Exception, and what `change`
 * throws. */
void in_transaction(Poco::Data::Session& session, const std::function<void()>& change);

}  // namespace jarvis
