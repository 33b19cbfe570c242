#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/daemon/listen_address.hpp"
#include "core/dashboard/request.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** Whether a request was meant for this address: its Host names it. So no page that made its own
 * name lead here can read what is served. For an address that others reach that is any IP address
 * and the name of the machine, as it stands in front of other networks. */
bool is_host_of(const std::string& host, const ListenAddress& address);

/** Listens for Prometheus. Listening and serving are apart, so that a process can listen and one
 * that it forks off can serve. */
class MetricsServer {
 public:
  /** unavailable where the port is taken. */
  static Result<std::shared_ptr<MetricsServer>> listen(const ListenAddress& address,
                                                       std::filesystem::path home,
                                                       std::string version);
  ~MetricsServer();
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

  /** With the port that it got. */
  const ListenAddress& address() const;

  /** Begins to answer at GET /metrics from threads of its own, as long as it lives. */
  Result<void> serve();

 private:
  struct State;
  explicit MetricsServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace jarvis
