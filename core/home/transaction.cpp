#include "core/home/transaction.hpp"

#include <Poco/Data/Session.h>

namespace jarvis {

using namespace Poco::Data::Keywords;

void in_transaction(Poco::Data::Session& session, const std::function<void()>& change) {
  session << "BEGIN IMMEDIATE", now;
  try {
    change();
    session << "COMMIT", now;
  } catch (...) {
    try {
      session << "ROLLBACK", now;
    } catch (const Poco::Exception&) {
      // SQLite has ended the transaction by itself; the first exception says why.
    }
    throw;
  }
}

}  // namespace jarvis
