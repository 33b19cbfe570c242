#include "tests/support/host_http.hpp"

#include <jarvis/sdk/failure.hpp>

#include "core/budget/http_client.hpp"

namespace jarvis::testing {

namespace {

jarvis_status status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::unavailable:
      return JARVIS_UNAVAILABLE;
    case ErrorKind::refused:
      return JARVIS_REFUSED;
    case ErrorKind::invalid:
      return JARVIS_INVALID;
    default:
      return JARVIS_RETRYABLE;
  }
}

}  // namespace

struct HostHttp::Client {
  HttpService http{[](auto) {}};
};

HostHttp::HostHttp() : client_(std::make_unique<Client>()) {}
HostHttp::~HostHttp() = default;

boost::json::object HostHttp::serve(const boost::json::object& request,
                                    const std::string& base_url) {
  const auto answer =
      client_->http.send(sdk::http_request(request), {base_url, {}, 5, 20, 0}, nullptr);
  if (!answer)
    throw sdk::Failure(status_of(answer.error().kind), answer.error().message, answer.error().hint);
  return sdk::to_json(*answer);
}

}  // namespace jarvis::testing
