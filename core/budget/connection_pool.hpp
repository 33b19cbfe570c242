#pragma once

#include <Poco/Net/HTTPClientSession.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/budget/endpoint.hpp"

namespace jarvis {

/** Kept connections, by scheme, host and port. Safe to use from many threads; a connection belongs
 * to one thread between `take` and `give_back`. Throws what Poco throws. */
class ConnectionPool {
 public:
  using Connection = std::unique_ptr<Poco::Net::HTTPClientSession>;

  /** A kept connection that the server has not closed, else a new one (which connects at the first
   *  request). */
  Connection take(const Address& address);
  /** Only for a connection whose last answer was read to its end. */
  void give_back(const Address& address, Connection connection);

 private:
  std::mutex mutex_;
  std::map<std::string, std::vector<Connection>> idle_;
};

}  // namespace jarvis
