#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "core/budget/http_client.hpp"
#include "core/host/mcp/mcp_service.hpp"
#include "core/host/plugin_host.hpp"
#include "core/host/process/process_service.hpp"
#include "core/model/mcp_server.hpp"
#include "core/ports/student.hpp"

namespace jarvis {

/** What the user configured for the student. */
struct StudentSettings {
  std::string section;  ///< "learning.distillation.student"
  std::string runner;
  std::vector<std::string>
      base_urls;  ///< replicas of one served model; empty: the runner's own default
  std::string api_key_env;
  int timeout_seconds = 120;
  int max_retries = 5;
  PriceSettings prices;
  json::object own = {};  ///< what the runner is told of the user's settings: see StudentRequest
  std::vector<McpServer> mcp_servers = {};
};

/** A student-runner plugin and its endpoints. A request goes to the endpoint with the fewest under
 * way. Safe to call from many threads. */
class PluginStudent : public Student {
 public:
  static Result<std::unique_ptr<PluginStudent>> make(PluginHost& plugins, HttpService& http,
                                                     const StudentSettings& settings,
                                                     SessionPurse& purse,
                                                     std::function<bool()> cancelled);

  Result<StudentAnswer> answer(const HomeView& home, const StudentQuestion& question) override;
  Result<std::vector<std::string>> probe(const HomeView& home) override;

  /** True when it reaches nothing beyond this machine's network. */
  bool is_local() const;

  /** The settings that the runner honours, and the tools that it offers, from its manifest. */
  const Provided& provided() const { return *offer_.provided; }

 private:
  struct Replica {
    Endpoint endpoint;
    std::atomic<int> under_way{0};
  };

  PluginStudent(PluginHost& plugins, HttpService& http, SessionPurse& purse,
                std::function<bool()> cancelled)
      : plugins_(plugins), http_(http), purse_(purse), cancelled_(std::move(cancelled)) {}

  Replica& least_loaded();
  Result<json::object> call(PluginFunction function, const json::object& request,
                            const HomeView& home, const Endpoint& endpoint, CallMeter& meter,
                            const StudentQuestion& question = {}) const;

  PluginHost& plugins_;
  HttpService& http_;
  SessionPurse& purse_;
  std::function<bool()> cancelled_;
  Offer offer_;
  Price price_;
  json::object own_;
  std::vector<std::unique_ptr<Replica>> replicas_;
  std::unique_ptr<ProcessService> processes_;  ///< where the user configured a command
  std::unique_ptr<McpService> mcp_;
};

}  // namespace jarvis
