#include "tests/dashboard/client.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/StreamCopier.h>
#include <Poco/String.h>
#include <Poco/URI.h>

namespace jarvis::testing {

namespace net = Poco::Net;

namespace {

constexpr int kPatienceSeconds = 60;

}  // namespace

std::string Answer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

Answer send_request(int port, const std::string& method, const std::string& target,
                    const Headers& headers, const std::string& body) {
  net::HTTPClientSession session("127.0.0.1", static_cast<Poco::UInt16>(port));
  session.setTimeout(Poco::Timespan(kPatienceSeconds, 0));
  net::HTTPRequest request(method, target, net::HTTPRequest::HTTP_1_1);
  for (const auto& [name, value] : headers) request.add(name, value);
  if (method == "POST" || !body.empty())
    request.setContentLength(static_cast<std::streamsize>(body.size()));
  std::ostream& out = session.sendRequest(request);
  out << body << std::flush;
  net::HTTPResponse response;
  std::istream& in = session.receiveResponse(response);
  Answer answer;
  answer.status = response.getStatus();
  for (const auto& [name, value] : response) answer.headers[Poco::toLower(name)] = value;
  Poco::StreamCopier::copyToString(in, answer.body);
  return answer;
}

std::string send_bytes(int port, const std::string& bytes) {
  net::StreamSocket socket(net::SocketAddress("127.0.0.1", static_cast<Poco::UInt16>(port)));
  socket.setReceiveTimeout(Poco::Timespan(1, 0));
  std::string text;
  try {
    for (std::size_t at = 0; at < bytes.size();)
      at += static_cast<std::size_t>(
          socket.sendBytes(bytes.data() + at, static_cast<int>(bytes.size() - at)));
    char buffer[4096];
    for (int length; (length = socket.receiveBytes(buffer, sizeof buffer)) > 0;)
      text.append(buffer, static_cast<std::size_t>(length));
  } catch (const Poco::Exception&) {
    // It has closed the connection, or says no more.
  }
  return text;
}

std::string form_text(const std::map<std::string, std::string>& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    std::string encoded;
    Poco::URI::encode(value, "+&=#%?;/:\"'<>", encoded);
    text += (text.empty() ? "" : "&") + name + "=" + encoded;
  }
  return text;
}

}  // namespace jarvis::testing
