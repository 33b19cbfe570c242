#include "core/budget/prices.hpp"

#include <doctest/doctest.h>

#include <jarvis/text/toml_document.hpp>

#include "config/embedded.hpp"

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
  CHECK(price_of("gpt-5.4")->input_per_mtok == 2.5);
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

TEST_CASE(
    "prices: a long prompt's cached tokens rise as its input does, and stay in the worst case") {
  const Price price = *price_of("gemini-2.5-pro");
  sdk::Usage usage;
  usage.cache_read_tokens = 300000;
  CHECK(price.cost_usd(usage) == doctest::Approx(300000 * 0.25 / 1e6));
  usage.cache_read_tokens = 100000;
  CHECK(price.cost_usd(usage) == doctest::Approx(100000 * 0.125 / 1e6));
  const Price writes{5, 25, 0.5, 6.25, LongPromptPrice{100, 10, 30}};
  usage = {};
  usage.cache_write_tokens = 1000;
  CHECK(writes.worst_case_usd(1000, 0) >= writes.cost_usd(usage));
}

TEST_CASE(
    "prices: what is read from a cache costs a tenth with Claude, what is written a quarter more") {
  for (const char* model : {"claude-opus-4-6", "claude-sonnet-4-6", "claude-haiku-4-5"}) {
    const Price price = *price_of(model);
    CHECK(*price.cache_read_per_mtok == doctest::Approx(price.input_per_mtok * 0.1));
    CHECK(*price.cache_write_per_mtok == doctest::Approx(price.input_per_mtok * 1.25));
  }
}

TEST_CASE("prices: every price has its day, and the user's own have none") {
  const auto table = text::TomlDocument::parse(std::string(embedded_file("prices.toml")), "prices");
  for (const auto& [name, row] : table.values().at("models").as_object()) {
    CAPTURE(std::string(name));
    const auto price = price_of(name);
    REQUIRE(price.ok());
    REQUIRE(price->as_of.size() == 10);
    CHECK(price->as_of > "2026-01-01");
    CHECK(price->as_of[4] == '-');
  }
  CHECK(price_of("gpt-4o", {7.0, std::nullopt})->as_of.empty());
}

TEST_CASE("prices: models behind another's engine have prices of their own") {
  CHECK(price_of("codex/gpt-5-codex")->output_per_mtok == 10.0);
  CHECK(price_of("openrouter/anthropic/claude-opus-4.6")->input_per_mtok == 5.0);
  CHECK_FALSE(price_of("openrouter/anthropic/claude-opus-9").ok());
}

TEST_CASE("prices: negative token counts never give money back") {
  sdk::Usage usage;
  usage.input_tokens = -1000000;
  CHECK(price_of("gpt-4o")->cost_usd(usage) == 0);
}
