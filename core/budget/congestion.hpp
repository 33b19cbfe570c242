#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace jarvis {

/** How many requests may be under way to each server: it is halved when the server says that there
 * are too many (429, 503, 529), and grows by one for each round of answers that it gives. Starts
 * without a bound, because the callers have one. Source: additive increase, multiplicative
 * decrease (Chiu and Jain, 1989). Safe to use from many threads. */
class Congestion {
 public:
  /** A request's place among those under way; it is given back when this dies. */
  class Place {
   public:
    Place(Congestion& congestion, std::string origin);
    Place(Place&& other) noexcept;
    Place& operator=(Place&&) = delete;
    ~Place();
    /** The server refused for want of capacity. */
    void refused();
    void answered();

   private:
    Congestion* congestion_;
    std::string origin_;
    std::chrono::steady_clock::time_point entered_;
  };

  /** Waits for a place as long as `may_wait` says so; it is asked every 50 ms. */
  std::optional<Place> enter(const std::string& origin, const std::function<bool()>& may_wait);
  /** How many may be under way to `origin` now. */
  double window(const std::string& origin) const;

 private:
  struct Server {
    double window = 0;  ///< 0: not bounded yet
    int under_way = 0;
    std::chrono::steady_clock::time_point halved{};
  };

  void leave(const std::string& origin);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Server> servers_;
};

}  // namespace jarvis
