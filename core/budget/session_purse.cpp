#include "core/budget/session_purse.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/digest.hpp"

namespace jarvis {

namespace {

// Sums of many small amounts must not deny the last cent of a cap.
constexpr double kRounding = 1e-9;

double share_of(SpendingStep step) {
  switch (step) {
    case SpendingStep::diagnose:
      return 0.35;
    case SpendingStep::conclude:
      return 0.42;
    case SpendingStep::plan:
      return 0.5;
    case SpendingStep::execute:
      return 1.0;
  }
  return 0;
}

double sum_of(const std::map<std::string, double>& parts) {
  return std::accumulate(parts.begin(), parts.end(), 0.0,
                         [](double sum, const auto& part) { return sum + part.second; });
}

}  // namespace

SessionPurse::SessionPurse(Ledger ledger, std::string session, double cap_usd,
                           const LedgerTotals& so_far)
    : ledger_(std::move(ledger)),
      session_(std::move(session)),
      run_(random_hex(8)),
      cap_usd_(cap_usd),
      lost_before_usd_(so_far.unsettled_usd),
      spent_by_purpose_(so_far.spent_by_purpose) {}

void SessionPurse::allow(SpendingStep step) {
  const std::lock_guard lock(mutex_);
  step_ = step;
  changed_.notify_all();
}

double SessionPurse::spent_usd() const {
  const std::lock_guard lock(mutex_);
  return sum_of(spent_by_purpose_);
}

double SessionPurse::unsettled_usd() const {
  const std::lock_guard lock(mutex_);
  double usd = lost_before_usd_;
  for (const auto& [id, reservation] : open_) usd += reservation.usd;
  return usd;
}

std::map<std::string, double> SessionPurse::spent_by_purpose() const {
  const std::lock_guard lock(mutex_);
  return spent_by_purpose_;
}

double SessionPurse::available_usd() const {
  const std::lock_guard lock(mutex_);
  return std::max(0.0, ceiling() - gone());
}

double SessionPurse::ceiling() const {
  return cap_usd_ * share_of(step_);
}

double SessionPurse::gone() const {
  double usd = sum_of(spent_by_purpose_) + lost_before_usd_;
  for (const auto& [id, reservation] : open_)
    if (reservation.lost) usd += reservation.usd;
  return usd;
}

double SessionPurse::under_way() const {
  double usd = 0;
  for (const auto& [id, reservation] : open_)
    if (!reservation.lost) usd += reservation.usd;
  return usd;
}

bool SessionPurse::somebody_works() const {
  return std::any_of(open_.begin(), open_.end(),
                     [](const auto& row) { return !row.second.lost && !row.second.waits; });
}

Ledger::Entry SessionPurse::entry(ReservationId id, const Reservation& reservation) const {
  return {session_, run_ + "-" + std::to_string(id), reservation.purpose, reservation.model,
          reservation.usd};
}

Error SessionPurse::does_not_fit(double usd) const {
  return {
      ErrorKind::budget,
      fmt::format("the budget does not allow the next call: it may cost ${:.4f}, and ${:.4f} of "
                  "${:.2f} is left for this step",
                  usd, std::max(0.0, ceiling() - gone()), cap_usd_),
      "raise max_cost_per_session_usd (or --max-cost)"};
}

Result<SessionPurse::ReservationId> SessionPurse::reserve(Purpose purpose, const std::string& model,
                                                          double worst_case_usd,
                                                          const std::vector<ReservationId>& held) {
  if (!std::isfinite(worst_case_usd) || worst_case_usd < 0)
    return Error{ErrorKind::internal, "a reservation for '" + model + "' has no valid amount"};
  Ledger::Entry line;
  ReservationId id = 0;
  {
    std::unique_lock lock(mutex_);
    const auto set_waiting = [&](bool waits) {
      for (const ReservationId mine : held)
        if (const auto found = open_.find(mine); found != open_.end()) found->second.waits = waits;
    };
    while (gone() + under_way() + worst_case_usd > ceiling() + kRounding) {
      double own = 0;
      for (const ReservationId mine : held)
        if (const auto found = open_.find(mine); found != open_.end()) own += found->second.usd;
      set_waiting(true);
      const bool could_fit = gone() + own + worst_case_usd <= ceiling() + kRounding;
      if (!could_fit || !somebody_works()) {
        set_waiting(false);
        return does_not_fit(worst_case_usd);
      }
      changed_.wait(lock);
    }
    set_waiting(false);
    id = ++last_;
    line = entry(id, open_[id] = {purpose, model, worst_case_usd});
  }
  if (auto written = ledger_.reserve(line); !written) {
    const std::lock_guard lock(mutex_);
    forget(id);
    return written.error();
  }
  return id;
}

Result<void> SessionPurse::settle(ReservationId id, double usd, const sdk::Usage& usage) {
  Ledger::Entry line;
  {
    const std::lock_guard lock(mutex_);
    const auto found = open_.find(id);
    if (found == open_.end())
      return Error{ErrorKind::internal, "reservation " + std::to_string(id) + " is not open"};
    line = entry(id, found->second);
    line.usd = usd;
    if (usd > 0) spent_by_purpose_[std::string(to_string(line.purpose))] += usd;
    forget(id);
  }
  return ledger_.settle(line, usage);
}

Result<void> SessionPurse::release(ReservationId id) {
  return settle(id, 0, {});
}

void SessionPurse::abandon(ReservationId id) {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(id);
  if (found != open_.end()) found->second.lost = true;
  changed_.notify_all();
}

Result<void> SessionPurse::charge(Purpose purpose, const std::string& model, double usd,
                                  const sdk::Usage& usage) {
  Ledger::Entry line;
  {
    const std::lock_guard lock(mutex_);
    line = entry(++last_, {purpose, model, usd});
    spent_by_purpose_[std::string(to_string(purpose))] += usd;
    changed_.notify_all();
  }
  return ledger_.settle(line, usage);
}

void SessionPurse::forget(ReservationId id) {
  open_.erase(id);
  changed_.notify_all();
}

}  // namespace jarvis
