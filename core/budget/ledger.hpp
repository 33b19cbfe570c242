#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/model/result.hpp"
#include "core/ports/teacher.hpp"

namespace jarvis {

/** What the ledger says of one session. */
struct LedgerTotals {
  std::map<std::string, double> spent_by_purpose;
  double unsettled_usd = 0;  ///< reserved, and its end was never seen
  int torn_lines = 0;        ///< that a sudden end cut short

  double spent_usd() const;
};

/** Adds up the lines of a session in a ledger; a file that is not there has none. A line that is
 * the beginning of one was cut short by a sudden end; it is counted and skipped: it is either a
 * reservation whose call was never made, or a settlement whose reservation still counts. Any other
 * line that cannot be read may hold money of anybody: invalid, with its number. */
Result<LedgerTotals> read_totals(const std::filesystem::path& file, const std::string& session);

/** learning/ledger.jsonl: every paid call, as one line when its money is reserved and one when its
 * cost is known. A line is on the disk before the function returns. Safe to use from many threads,
 * and from many processes that append to the same file. */
class Ledger {
 public:
  /** Makes the file on the first line. A line that a crash cut short is closed and marked, so that
   * it cannot spoil the next one. */
  static Result<Ledger> open(std::filesystem::path file);

  struct Entry {
    std::string session;
    std::string reservation;  ///< unique in the file
    Purpose purpose = Purpose::diagnosis;
    std::string model;
    double usd = 0;
  };

  Result<void> reserve(const Entry& entry) const;
  /** `entry.usd` is what the call cost; 0 for one that was not billed. */
  Result<void> settle(const Entry& entry, const sdk::Usage& usage) const;

  /** As read_totals of this file. */
  Result<LedgerTotals> totals(const std::string& session) const;

  const std::filesystem::path& file() const { return file_; }

 private:
  explicit Ledger(std::filesystem::path file) : file_(std::move(file)) {}

  std::filesystem::path file_;
};

}  // namespace jarvis
