#include "core/app/log.hpp"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <mutex>

#include "core/base/atomic_file.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kLogSize = std::size_t{5} << 20;
constexpr std::size_t kLogFiles = 3;

std::function<void()>& room_maker() {
  static std::function<void()> make_room;
  return make_room;
}

/** In the form of the program's other words: "jarvis: warning: …". */
class TerminalSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  TerminalSink() { set_pattern_("jarvis: %l: %v"); }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (room_maker()) room_maker()();
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    std::fwrite(line.data(), 1, line.size(), stderr);
  }
  void flush_() override { std::fflush(stderr); }
};

spdlog::sink_ptr sink_of_stderr() {
  if (::isatty(STDERR_FILENO)) return std::make_shared<TerminalSink>();
  return std::make_shared<spdlog::sinks::stderr_sink_mt>();
}

}  // namespace

void before_logging(std::function<void()> make_room) {
  room_maker() = std::move(make_room);
}

void start_log(int verbosity, const std::filesystem::path& folder, const std::string& name) {
  std::vector<spdlog::sink_ptr> sinks{sink_of_stderr()};
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
