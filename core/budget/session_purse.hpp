#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/budget/ledger.hpp"
#include "core/ports/purse.hpp"

namespace jarvis {

/** The money of one session (or of one refresh, or one approval): a cap, and a ceiling for each
 * step as a share of it: diagnose 0.35, conclude 0.42, plan 0.5, execute 1. Starts in `diagnose`.
 * What is reserved counts as spent until it is settled, also when nobody ever settles it. Safe to
 * use from many threads. */
class SessionPurse : public Purse {
 public:
  using ReservationId = std::uint64_t;

  /** `so_far` is what the session spent before (Ledger::totals, for a resumed one). */
  SessionPurse(Ledger ledger, std::string session, double cap_usd, const LedgerTotals& so_far = {});

  void allow(SpendingStep step) override;
  double spent_usd() const override;
  double unsettled_usd() const override;
  std::map<std::string, double> spent_by_purpose() const override;
  double cap_usd() const override { return cap_usd_; }

  /** Sets money aside, on the disk before this returns. What does not fit only because of calls
   * that are under way waits for their end; what can never fit is a budget error. `held` are open
   * reservations of the caller itself, which do not end while it waits: when everything that is
   * under way waits like this, the one that came last is denied. */
  Result<ReservationId> reserve(Purpose purpose, const std::string& model, double worst_case_usd,
                                const std::vector<ReservationId>& held = {});
  /** The call cost `usd`. */
  Result<void> settle(ReservationId id, double usd, const sdk::Usage& usage);
  /** The call was not billed. */
  Result<void> release(ReservationId id);
  /** The call's end will never be seen: its money stays counted, and nobody waits for it. */
  void abandon(ReservationId id);
  /** Books a cost for which nothing was reserved. */
  Result<void> charge(Purpose purpose, const std::string& model, double usd,
                      const sdk::Usage& usage);

  /** The most that a new reservation could ever get at this step: what is under way may still cost
   *  nothing. */
  double available_usd() const;

 private:
  struct Reservation {
    Purpose purpose;
    std::string model;
    double usd = 0;
    bool lost = false;
    bool waits = false;  ///< its call waits for money, and ends no sooner
  };

  double ceiling() const;
  double gone() const;          ///< spent or lost
  double under_way() const;     ///< reserved by calls whose end will be seen
  bool somebody_works() const;  ///< whether one of them does anything but wait
  Ledger::Entry entry(ReservationId id, const Reservation& reservation) const;
  Error does_not_fit(double usd) const;
  void forget(ReservationId id);

  const Ledger ledger_;
  const std::string session_;
  const std::string run_;  ///< tells the reservations of this object from those of earlier ones
  const double cap_usd_;
  const double lost_before_usd_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  SpendingStep step_ = SpendingStep::diagnose;
  std::map<std::string, double> spent_by_purpose_;
  std::map<ReservationId, Reservation> open_;
  ReservationId last_ = 0;
};

}  // namespace jarvis
