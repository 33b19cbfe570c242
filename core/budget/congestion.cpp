#include "core/budget/congestion.hpp"

#include <algorithm>
#include <utility>

namespace jarvis {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLookAround{50};

}  // namespace

Congestion::Place::Place(Congestion& congestion, std::string origin)
    : congestion_(&congestion), origin_(std::move(origin)), entered_(SteadyClock::now()) {}

Congestion::Place::Place(Place&& other) noexcept
    : congestion_(std::exchange(other.congestion_, nullptr)),
      origin_(std::move(other.origin_)),
      entered_(other.entered_) {}

Congestion::Place::~Place() {
  if (congestion_) congestion_->leave(origin_);
}

void Congestion::Place::refused() {
  const std::lock_guard lock(congestion_->mutex_);
  Server& server = congestion_->servers_[origin_];
  // Refusals of requests that were sent before the last halving are the same sign.
  if (entered_ < server.halved) return;
  const double present = server.window > 0 ? server.window : server.under_way;
  server.window = std::max(1.0, present / 2);
  server.halved = SteadyClock::now();
}

void Congestion::Place::answered() {
  const std::lock_guard lock(congestion_->mutex_);
  Server& server = congestion_->servers_[origin_];
  if (server.window <= 0) return;
  server.window += 1 / server.window;
  congestion_->changed_.notify_all();
}

std::optional<Congestion::Place> Congestion::enter(const std::string& origin,
                                                   const std::function<bool()>& may_wait) {
  std::unique_lock lock(mutex_);
  Server& server = servers_[origin];
  while (server.window > 0 && server.under_way >= static_cast<int>(server.window)) {
    if (!may_wait()) return std::nullopt;
    changed_.wait_for(lock, kLookAround);
  }
  ++server.under_way;
  return Place(*this, origin);
}

double Congestion::window(const std::string& origin) const {
  const std::lock_guard lock(mutex_);
  const auto found = servers_.find(origin);
  return found == servers_.end() ? 0 : found->second.window;
}

void Congestion::leave(const std::string& origin) {
  const std::lock_guard lock(mutex_);
  --servers_[origin].under_way;
  changed_.notify_all();
}

}  // namespace jarvis
