#pragma once

#include <cstdint>
#include <jarvis/sdk/payload/generate.hpp>
#include <optional>
#include <string>

#include "core/model/result.hpp"

namespace jarvis {

/** What a call with a very long prompt costs, for all of its tokens; cached ones rise as much as
 * input ones. */
struct LongPromptPrice {
  std::int64_t above_tokens = 0;
  double input_per_mtok = 0;
  double output_per_mtok = 0;
};

/** USD per million tokens of one model. */
struct Price {
  double input_per_mtok = 0;
  double output_per_mtok = 0;
  std::optional<double> cache_read_per_mtok;   ///< nothing: as input
  std::optional<double> cache_write_per_mtok;  ///< nothing: as input
  std::optional<LongPromptPrice> long_prompt;
  /** The day on which the vendor's list said so ("2026-10-07"); empty: the user's own. */
  std::string as_of = {};
  bool free = false;  ///< nothing is reserved and nothing is booked

  static Price nothing();

  /** What a finished call costs: what the provider reported, else its tokens. 0 when free. */
  double cost_usd(const sdk::Usage& usage) const;
  /** No call of so many input and output tokens costs more. */
  double worst_case_usd(std::int64_t input_tokens, std::int64_t output_tokens) const;
};

/** The user's own prices from config.toml; each wins over the table. */
struct PriceSettings {
  std::optional<double> input_price_per_mtok;
  std::optional<double> output_price_per_mtok;
};

/** The price of a model: settings, else config/prices.toml by exact name, else by the longest name
 * there that the model continues with a date, "latest", "preview" or "exp". configuration when
 * unknown or when a price is negative or not a number; the hint names the keys in
 * `[<config_section>]`. */
Result<Price> price_of(const std::string& model, const PriceSettings& settings = {},
                       const std::string& config_section = "learning.distillation.teacher");

}  // namespace jarvis
