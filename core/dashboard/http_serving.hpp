#pragma once

#include <functional>
#include <memory>

#include "core/dashboard/request.hpp"

namespace Poco {
class ThreadPool;
namespace Net {
class HTTPServer;
class HTTPServerRequest;
class HTTPServerResponse;
class ServerSocket;
}  // namespace Net
}  // namespace Poco

namespace jarvis::dashboard {

/** How many connections are served at a time, and how many more may wait. */
inline constexpr int kMostConnections = 24;
inline constexpr int kMostWaiting = 64;

/** Reads what was sent. False where it is more than any browser sends to this program: the
 * connection cannot go on then, for some of it may not have been read. Throws Poco's exceptions. */
bool read_request(Poco::Net::HTTPServerRequest& from, Request& request);

/** Sends an error in its place where a header's value has more than one line. Throws Poco's
 * exceptions. */
void send(const Reply& reply, Poco::Net::HTTPServerResponse& response);

/** A server on a socket that listens, not started yet; `threads` must outlive it. `serve` is called
 * from many threads. */
std::unique_ptr<Poco::Net::HTTPServer> http_server(
    std::function<void(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse&)> serve,
    Poco::ThreadPool& threads, const Poco::Net::ServerSocket& socket);

}  // namespace jarvis::dashboard
