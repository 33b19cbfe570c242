#include "core/budget/http_attempt.hpp"

#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SSLException.h>

#include <algorithm>
#include <istream>
#include <ostream>
#include <sstream>

namespace jarvis {

namespace net = Poco::Net;

namespace {

constexpr int kConnectSeconds = 10;
constexpr int kSendSeconds = 60;
constexpr int kSliceMilliseconds = 100;

using Clock = std::chrono::steady_clock;
using Retry = AttemptEnd::Retry;

/** Ends an attempt from within. */
struct Ended {
  Error error;
  Retry retry;
};

/** The number in the status line. getStatus gives an enumeration, which cannot hold all of them
 * (529). */
int status_of(const net::HTTPResponse& head) {
  std::ostringstream text;
  head.write(text);
  std::istringstream line(text.str());
  std::string version;
  int status = 0;
  line >> version >> status;
  return status;
}

/** One attempt on its way. */
class Exchange {
 public:
  Exchange(ConnectionPool& pool, const Address& address, const Endpoint& endpoint,
           const AttemptLimits& limits, LiveText live)
      : pool_(pool),
        address_(address),
        endpoint_(endpoint),
        limits_(limits),
        live_(std::move(live)) {}

  AttemptEnd run(const sdk::HttpRequest& request) {
    AttemptEnd end;
    try {
      send(request);
      end.answer = receive(request.stream_end);
      end.answered = true;
    } catch (const Ended& ended) {
      end.error = ended.error;
      end.retry = ended.retry;
    } catch (const Poco::TimeoutException&) {
      const bool over = Clock::now() >= limits_.deadline;
      end.error = sent_ ? Error{ErrorKind::retryable, too_slow(), ""} : no_connection();
      end.retry = over ? Retry::never : sent_ ? Retry::often : Retry::once;
    } catch (const net::SSLException& error) {
      // A closed connection looks like this too, but then there was one.
      end.error = sent_ ? lost(error.displayText()) : no_trust(error.displayText());
      end.retry = sent_ ? Retry::often : Retry::never;
    } catch (const net::DNSException&) {
      end.error = {ErrorKind::unavailable, "cannot reach " + address_.origin() + ": no such host",
                   "check base_url and the network"};
      end.retry = Retry::once;
    } catch (const net::ConnectionRefusedException&) {
      end.error = {ErrorKind::unavailable,
                   "cannot reach " + address_.origin() + ": connection refused",
                   "start the server, or correct base_url"};
      end.retry = Retry::once;
    } catch (const Poco::Exception& error) {
      end.error = lost(error.displayText());
      end.retry = Retry::often;
    } catch (const std::exception& error) {
      end.error = lost(error.what());
      end.retry = Retry::often;
    }
    end.sent = sent_;
    if (live_.was_heard()) end.retry = Retry::never;
    return end;
  }

 private:
  void send(const sdk::HttpRequest& request) {
    connection_ = pool_.take(address_);
    connection_->setTimeout(Poco::Timespan(connect_seconds(), 0), Poco::Timespan(kSendSeconds, 0),
                            Poco::Timespan(endpoint_.timeout_seconds, 0));
    net::HTTPRequest head(request.method, address_.path, net::HTTPMessage::HTTP_1_1);
    head.setKeepAlive(true);
    for (const auto& [name, value] : request.headers) head.set(name, value);
    if (!request.key_header.empty() && !endpoint_.key.empty() && !endpoint_.base_url.empty())
      head.set(request.key_header, request.key_prefix + endpoint_.key.reveal());
    if (request.method != "GET")
      head.setContentLength64(static_cast<Poco::Int64>(request.body.size()));
    std::ostream& body = connection_->sendRequest(head);
    sent_ = true;
    std::streambuf& buffer = *body.rdbuf();
    const auto size = static_cast<std::streamsize>(request.body.size());
    if (buffer.sputn(request.body.data(), size) != size || buffer.pubsync() != 0)
      throw net::ConnectionAbortedException("the request could not be sent whole");
  }

  sdk::HttpResult receive(const std::string& stream_end) {
    wait_for_first_byte();
    net::HTTPResponse head;
    std::istream& body = connection_->receiveResponse(head);
    sdk::HttpResult answer;
    answer.status = status_of(head);
    for (const auto& [name, value] : head) answer.headers.emplace_back(name, value);
    const bool has_length = head.hasContentLength();
    const Poco::Int64 length = has_length ? head.getContentLength64() : -1;
    const auto limit = static_cast<Poco::Int64>(endpoint_.max_body_bytes);
    if (length > limit) throw too_large();
    read_body(*body.rdbuf(), answer.body, answer.status == 200 && is_stream(head));
    if (has_length ? static_cast<Poco::Int64>(answer.body.size()) < length
                   : is_cut_json(head, answer.body) || is_cut_stream(head, answer, stream_end))
      throw net::ConnectionResetException("the answer was cut short after " +
                                          std::to_string(answer.body.size()) + " bytes");
    if (head.getKeepAlive() && (has_length || head.getChunkedTransferEncoding()))
      pool_.give_back(address_, std::move(connection_));
    return answer;
  }

  void wait_for_first_byte() {
    const auto give_up =
        std::min(limits_.deadline, Clock::now() + std::chrono::seconds(endpoint_.timeout_seconds));
    while (!connection_->socket().poll(Poco::Timespan(0, kSliceMilliseconds * 1000),
                                       net::Socket::SELECT_READ)) {
      stop_if_cancelled();
      if (Clock::now() >= give_up) throw Poco::TimeoutException();
    }
  }

  /** One receive at a time, so that a server that trickles cannot outlast the deadline. */
  void read_body(std::streambuf& source, std::string& body, bool is_live) {
    char block[16384];
    while (source.sgetc() != std::char_traits<char>::eof()) {
      const std::streamsize ready = std::clamp<std::streamsize>(source.in_avail(), 1, sizeof block);
      const std::streamsize count = source.sgetn(block, ready);
      if (count <= 0) return;
      if (body.size() + static_cast<std::size_t>(count) > endpoint_.max_body_bytes)
        throw too_large();
      body.append(block, static_cast<std::size_t>(count));
      if (is_live) live_.add({block, static_cast<std::size_t>(count)});
      stop_if_cancelled();
      if (Clock::now() >= limits_.deadline) throw Poco::TimeoutException();
    }
  }

  /** A chunked answer that breaks off looks finished to the reader below; its JSON does not. */
  static bool is_cut_json(const net::HTTPResponse& head, const std::string& body) {
    if (is_stream(head) || head.getContentType().find("json") == std::string::npos) return false;
    boost::system::error_code error;
    boost::json::stream_parser parser;
    parser.write(body, error);
    return !error && !parser.done();
  }

  static bool is_stream(const net::HTTPResponse& head) {
    return head.getContentType().find("event-stream") != std::string::npos ||
           head.getContentType().find("ndjson") != std::string::npos;
  }

  /** A stream that breaks off between two events looks finished as well. */
  static bool is_cut_stream(const net::HTTPResponse& head, const sdk::HttpResult& answer,
                            const std::string& stream_end) {
    return !stream_end.empty() && answer.status == 200 && is_stream(head) &&
           answer.body.find(stream_end) == std::string::npos;
  }

  void stop_if_cancelled() const {
    if (limits_.is_cancelled())
      throw Ended{{ErrorKind::cancelled, "stopped while waiting for " + address_.origin(), ""},
                  Retry::never};
  }

  Ended too_large() const {
    return {{ErrorKind::invalid,
             "the answer of " + address_.origin() + " is larger than " +
                 std::to_string(endpoint_.max_body_bytes) + " bytes",
             "check that base_url points to a model's server"},
            Retry::never};
  }

  int connect_seconds() const { return std::min(kConnectSeconds, endpoint_.timeout_seconds); }

  std::string too_slow() const {
    return Clock::now() >= limits_.deadline
               ? "no whole answer from " + address_.origin() + " within " +
                     std::to_string(endpoint_.deadline_seconds) + " s"
               : "no answer from " + address_.origin() + " within " +
                     std::to_string(endpoint_.timeout_seconds) + " s";
  }

  Error no_connection() const {
    return {ErrorKind::unavailable,
            "cannot reach " + address_.origin() + ": no connection within " +
                std::to_string(connect_seconds()) + " s",
            "check base_url and the network"};
  }

  Error lost(const std::string& why) const {
    return {ErrorKind::retryable, "the connection to " + address_.origin() + " was lost: " + why,
            ""};
  }

  Error no_trust(const std::string& why) const {
    return {ErrorKind::unavailable, "cannot trust " + address_.origin() + ": " + why,
            "the server's certificate must be valid for this name"};
  }

  ConnectionPool& pool_;
  const Address& address_;
  const Endpoint& endpoint_;
  const AttemptLimits& limits_;
  LiveText live_;
  ConnectionPool::Connection connection_;
  bool sent_ = false;
};

}  // namespace

AttemptEnd attempt_once(ConnectionPool& pool, const Address& address,
                        const sdk::HttpRequest& request, const Endpoint& endpoint,
                        const AttemptLimits& limits, const Heard& heard) {
  return Exchange(pool, address, endpoint, limits, LiveText(request.live_text, heard)).run(request);
}

}  // namespace jarvis
