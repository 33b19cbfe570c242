#include "core/budget/connection_pool.hpp"

#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/Net/NetSSL.h>

#include "core/budget/proxy.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kMostIdle = 64;
constexpr int kIdleSeconds = 60;

Poco::Net::Context::Ptr verifying_context() {
  static const Poco::Net::Context::Ptr context = [] {
    using Poco::Net::Context;
    Poco::Net::initializeSSL();
    // Strict, so that the name is compared for localhost too.
    Context::Ptr made =
        new Context(Context::TLS_CLIENT_USE, "", "", "", Context::VERIFY_STRICT, 9, true);
    made->requireMinimumProtocol(Context::PROTO_TLSV1_2);
    return made;
  }();
  return context;
}

ConnectionPool::Connection open(const Address& address) {
  ConnectionPool::Connection connection;
  if (address.scheme == "https")
    connection = std::make_unique<Poco::Net::HTTPSClientSession>(address.host, address.port,
                                                                 verifying_context());
  else
    connection = std::make_unique<Poco::Net::HTTPClientSession>(address.host, address.port);
  if (const auto proxy = proxy_for(address)) connection->setProxy(proxy->host, proxy->port);
  connection->setKeepAlive(true);
  connection->setKeepAliveTimeout(Poco::Timespan(kIdleSeconds, 0));
  return connection;
}

/** An idle connection has nothing to read; one that has was closed or is out of step. */
bool is_usable(Poco::Net::HTTPClientSession& connection) {
  return connection.connected() &&
         !connection.socket().poll(
             Poco::Timespan(0), Poco::Net::Socket::SELECT_READ | Poco::Net::Socket::SELECT_ERROR);
}

}  // namespace

ConnectionPool::Connection ConnectionPool::take(const Address& address) {
  while (true) {
    Connection connection;
    {
      const std::lock_guard lock(mutex_);
      auto& idle = idle_[address.origin()];
      if (idle.empty()) break;
      connection = std::move(idle.back());
      idle.pop_back();
    }
    if (is_usable(*connection)) return connection;
  }
  return open(address);
}

void ConnectionPool::give_back(const Address& address, Connection connection) {
  if (!connection->connected()) return;
  const std::lock_guard lock(mutex_);
  auto& idle = idle_[address.origin()];
  if (idle.size() < kMostIdle) idle.push_back(std::move(connection));
}

}  // namespace jarvis
