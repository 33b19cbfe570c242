#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>

namespace jarvis::testing {

/** The host's `http` service as a plugin under test meets it: the program's own client, without a
 * key, that does not wait between attempts. */
class HostHttp {
 public:
  HostHttp();
  ~HostHttp();

  /** Answers a request of the service for this endpoint. Throws sdk::Failure as the host does. */
  boost::json::object serve(const boost::json::object& request, const std::string& base_url);

 private:
  struct Client;
  std::unique_ptr<Client> client_;
};

}  // namespace jarvis::testing
