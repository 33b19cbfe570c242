#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>

namespace jarvis::dashboard {

/** What all paid calls have cost, of sessions and of the benchmark. Reads what the ledger has
 * gained since the last look. Safe to call from many threads. */
class SpentMoney {
 public:
  explicit SpentMoney(std::filesystem::path home);

  double look_usd();

 private:
  const std::filesystem::path ledger_;
  std::mutex mutex_;
  std::uint64_t read_ = 0;  ///< bytes of the ledger
  double usd_ = 0;
};

}  // namespace jarvis::dashboard
