#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/budget/prices.hpp"
#include "core/budget/session_purse.hpp"

namespace jarvis {

/** The fewest output tokens for which a shortened call is still worth its money. */
constexpr std::int64_t kFewestOutputTokens = 256;

/** The money of one plugin call, which may send several requests, each in several attempts. An
 * attempt that succeeded stays reserved until `finish`; one that is still open when the object dies
 * counts as lost. Used from one thread at a time. */
class CallMeter {
 public:
  /** `purse` may be null only when the price is free; it outlives this object. */
  CallMeter(SessionPurse* purse, Purpose purpose, std::string model, Price price);
  ~CallMeter();
  CallMeter(const CallMeter&) = delete;
  CallMeter& operator=(const CallMeter&) = delete;

  /** Reserves what the next attempt costs at most: a token for each byte of the request, and all
   * output tokens. */
  Result<void> begin_attempt(std::size_t request_bytes, std::int64_t max_output_tokens);
  /** The attempt begun last was certainly not billed: refused, or never sent. */
  Result<void> attempt_failed_unbilled();
  /** Nobody knows whether the attempt begun last was billed: a timeout, a truncated body. */
  void attempt_lost();
  /** The whole call used this much. Settles what is open; books the cost where nothing was
   * reserved. */
  Result<void> finish(const sdk::Usage& usage);

  /** `wanted`, or as many tokens as the money at this step still allows; a budget error below
   *  kFewestOutputTokens (or below `wanted`, where that is less). */
  Result<std::int64_t> affordable_output_tokens(std::size_t request_bytes,
                                                std::int64_t wanted) const;

  bool is_free() const { return price_.free; }

 private:
  SessionPurse* const purse_;
  const Purpose purpose_;
  const std::string model_;
  const Price price_;
  std::vector<SessionPurse::ReservationId> open_;
};

}  // namespace jarvis
