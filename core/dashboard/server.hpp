#pragma once

#include <memory>
#include <string>

#include "core/dashboard/desk.hpp"
#include "core/model/result.hpp"

namespace jarvis::dashboard {

/** Serves the dashboard on 127.0.0.1 from its own threads, as long as it lives. */
class Server {
 public:
  /** `port` 0: a free one. unavailable where the port is taken. */
  static Result<std::unique_ptr<Server>> start(Parts parts, int port);
  /** Ends all connections; waits for what was started from the dashboard. */
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /** The link that opens the dashboard, once. */
  std::string address() const;

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace jarvis::dashboard
