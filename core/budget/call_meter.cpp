#include "core/budget/call_meter.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>

namespace jarvis {

CallMeter::CallMeter(SessionPurse* purse, Purpose purpose, std::string model, Price price)
    : purse_(purse), purpose_(purpose), model_(std::move(model)), price_(std::move(price)) {}

CallMeter::~CallMeter() {
  for (const auto id : open_) purse_->abandon(id);
}

Result<void> CallMeter::begin_attempt(std::size_t request_bytes, std::int64_t max_output_tokens) {
  if (price_.free) return {};
  if (!purse_) return Error{ErrorKind::internal, "a paid call of '" + model_ + "' has no purse"};
  const double usd = price_.worst_case_usd(static_cast<std::int64_t>(request_bytes),
                                           std::max<std::int64_t>(max_output_tokens, 0));
  auto reserved = purse_->reserve(purpose_, model_, usd, open_);
  if (!reserved) return reserved.error();
  open_.push_back(*reserved);
  return {};
}

Result<void> CallMeter::attempt_failed_unbilled() {
  if (open_.empty()) return {};
  const auto id = open_.back();
  open_.pop_back();
  return purse_->release(id);
}

void CallMeter::attempt_lost() {
  if (open_.empty()) return;
  purse_->abandon(open_.back());
  open_.pop_back();
}

Result<void> CallMeter::finish(const sdk::Usage& usage) {
  const double usd = price_.cost_usd(usage);
  if (open_.empty()) {
    if (usd <= 0) return {};
    if (!purse_) return Error{ErrorKind::internal, "a paid call of '" + model_ + "' has no purse"};
    return purse_->charge(purpose_, model_, usd, usage);
  }
  // The usage is the whole call's, so the last reservation carries it and the others cost nothing.
  Result<void> settled = purse_->settle(open_.back(), usd, usage);
  open_.pop_back();
  while (!open_.empty())
    if (auto released = attempt_failed_unbilled(); !released && settled) settled = released;
  return settled;
}

Result<std::int64_t> CallMeter::affordable_output_tokens(std::size_t request_bytes,
                                                         std::int64_t wanted) const {
  if (price_.free || !purse_) return wanted;
  const auto input_tokens = static_cast<std::int64_t>(request_bytes);
  const double left = purse_->available_usd() - price_.worst_case_usd(input_tokens, 0);
  const double per_token =
      price_.worst_case_usd(input_tokens, 1) - price_.worst_case_usd(input_tokens, 0);
  const double tokens = per_token > 0 ? std::floor(left / per_token)
                                      : (left >= 0 ? static_cast<double>(wanted) : 0.0);
  if (tokens >= static_cast<double>(wanted)) return wanted;
  if (tokens >= static_cast<double>(kFewestOutputTokens)) return static_cast<std::int64_t>(tokens);
  return Error{ErrorKind::budget,
               fmt::format("the budget does not allow the next call of '{}': ${:.4f} of ${:.2f} is "
                           "left for this step",
                           model_, purse_->available_usd(), purse_->cap_usd()),
               "raise max_cost_per_session_usd (or --max-cost)"};
}

}  // namespace jarvis
