#include "core/app/log.hpp"

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include "core/base/atomic_file.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kLogSize = std::size_t{5} << 20;
constexpr std::size_t kLogFiles = 3;

}  // namespace

void start_log(int verbosity, const std::filesystem::path& folder, const std::string& name) {
  std::vector<spdlog::sink_ptr> sinks{std::make_shared<spdlog::sinks::stderr_sink_mt>()};
  sinks[0]->set_level(verbosity >= 2   ? spdlog::level::debug
                      : verbosity == 1 ? spdlog::level::info
                                       : spdlog::level::warn);
  if (!folder.empty() && make_private_directory(folder)) {
    try {
      const auto file = folder / name;
      sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file.string(),
                                                                             kLogSize, kLogFiles));
      ::chmod(file.c_str(), 0600);
    } catch (const spdlog::spdlog_ex& error) {
      spdlog::warn("no log file: {}", error.what());
    }
  }
  auto logger = std::make_shared<spdlog::logger>("jarvis", sinks.begin(), sinks.end());
  logger->set_level(spdlog::level::debug);
  logger->flush_on(spdlog::level::warn);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace jarvis
