#include "core/budget/prices.hpp"

#include <doctest/doctest.h>

using namespace jarvis;

TEST_CASE("prices: refuses a model that the table lacks and names both keys") {
  for (const char* model :
       {"gpt-5-pro", "claude-opus-4-7", "gpt-4omni", "gpt-4o-audio", "", "gpt-4o-", "claude"}) {
    CAPTURE(model);
    const auto price = price_of(model);
    REQUIRE_FALSE(price.ok());
    CHECK(price.error().kind == ErrorKind::configuration);
    CHECK(price.error().hint.find("[learning.distillation.teacher] input_price_per_mtok, "
                                  "output_price_per_mtok") != std::string::npos);
  }
}

TEST_CASE("prices: one own price does not make an unknown model known") {
  CHECK_FALSE(price_of("my-model", {1.0, std::nullopt}).ok());
  CHECK(price_of("my-model", {1.0, 2.0}).ok());
}

TEST_CASE("prices: refuses a negative price") {
  CHECK_FALSE(price_of("gpt-4o", {-1.0, 2.0}).ok());
}

TEST_CASE("prices: the longest name wins and a date ends it") {
  CHECK(price_of("gpt-4o-mini-2024-07-18")->input_per_mtok == 0.15);
  CHECK(price_of("gpt-4o-2024-08-06")->input_per_mtok == 2.5);
  CHECK(price_of("gpt-5-mini-2025-08-07")->output_per_mtok == 2.0);
  CHECK(price_of("gpt-5.4")->input_per_mtok == 15.0);
  CHECK(price_of("claude-haiku-4-5-20251001")->output_per_mtok == 5.0);
  CHECK(price_of("claude-opus-4-6")->output_per_mtok == 25.0);
  CHECK(price_of("gemini-3-flash-preview")->input_per_mtok == 0.5);
  CHECK(price_of("MiniMax-M2.5-highspeed")->input_per_mtok == 0.6);
}

TEST_CASE("prices: the user's own prices win over the table") {
  const auto price = price_of("gpt-4o", {7.0, std::nullopt});
  CHECK(price->input_per_mtok == 7.0);
  CHECK(price->output_per_mtok == 10.0);
}

TEST_CASE("prices: a call costs its tokens, its cached ones at their own rate") {
  const Price price = *price_of("claude-opus-4-6");
  sdk::Usage usage;
  usage.input_tokens = 1000;
  usage.output_tokens = 100;
  CHECK(price.cost_usd(usage) == doctest::Approx(0.0075));
  usage.cache_read_tokens = 1000000;
  CHECK(price.cost_usd(usage) == doctest::Approx(0.5075));
}

TEST_CASE("prices: what the provider reports wins over the tokens") {
  sdk::Usage usage;
  usage.input_tokens = 1000;
  usage.reported_cost_usd = 0.25;
  CHECK(price_of("gpt-4o")->cost_usd(usage) == 0.25);
  CHECK(Price::nothing().cost_usd(usage) == 0);
}

TEST_CASE("prices: a long prompt costs more for all of its tokens") {
  const Price price = *price_of("MiniMax-M3");
  sdk::Usage usage;
  usage.input_tokens = 512001;
  CHECK(price.cost_usd(usage) == doctest::Approx(512001 * 0.60 / 1e6));
  CHECK(price.worst_case_usd(512001, 0) >= price.cost_usd(usage));
}

TEST_CASE("prices: negative token counts never give money back") {
  sdk::Usage usage;
  usage.input_tokens = -1000000;
  CHECK(price_of("gpt-4o")->cost_usd(usage) == 0);
}
