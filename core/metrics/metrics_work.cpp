#include "core/metrics/metrics_work.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <csignal>

#include "core/metrics/metrics_server.hpp"

namespace jarvis {

Result<SideProcess::Work> metrics_work(const ListenAddress& address,
                                       const std::filesystem::path& home,
                                       const std::string& version) {
  auto server = MetricsServer::listen(address, home, version);
  if (!server) return server.error();
  spdlog::info("metrics are served at http://{}/metrics", (*server)->address().text());
  if (!address.is_loopback)
    spdlog::warn("whoever reaches {} can read the metrics", (*server)->address().text());
  return SideProcess::Work([server = *server] {
    // Nothing is lost when it ends at once.
    for (const int signal : {SIGTERM, SIGINT}) std::signal(signal, SIG_DFL);
    FiringOutcome outcome;
    outcome.kind = FiringOutcome::Kind::failed;
    if (auto serving = server->serve(); !serving) {
      outcome.error = serving.error();
      return outcome;
    }
    for (;;) ::pause();
  });
}

}  // namespace jarvis
