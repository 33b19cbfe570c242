#include "core/daemon/side_process.hpp"

#include <spdlog/spdlog.h>

namespace jarvis {

namespace {

constexpr double kSecondsBetweenStarts = 10;

}  // namespace

void SideProcess::replace(Work work, double now) {
  process_.reset();
  work_ = std::move(work);
  start_at_ = now;
}

void SideProcess::start(double now) {
  start_at_ = now + kSecondsBetweenStarts;
  auto started = FiringProcess::start([this] {
    in_child_();
    return work_();
  });
  if (started)
    process_ = std::move(*started);
  else
    spdlog::error("{} cannot be started: {}", name_, started.error().message);
}

void SideProcess::look(double now) {
  if (process_) {
    const auto outcome = process_->take();
    if (!outcome) return;
    process_.reset();
    spdlog::error("{} has ended and is started again: {}", name_, outcome->error.message);
  }
  if (work_ && now >= start_at_) start(now);
}

std::optional<double> SideProcess::next_start() const {
  if (process_ || !work_) return std::nullopt;
  return start_at_;
}

}  // namespace jarvis
