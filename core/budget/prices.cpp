#include "core/budget/prices.hpp"

#include <algorithm>
#include <cmath>
#include <jarvis/text/toml_document.hpp>
#include <map>

#include "config/embedded.hpp"

namespace jarvis {

namespace {

constexpr double kTokensPerPrice = 1e6;

Price price_from(const sdk::json::object& row, const std::string& table_as_of) {
  Price price;
  price.as_of = sdk::optional_string(row, "as_of", table_as_of);
  price.input_per_mtok = sdk::optional_number(row, "input").value();
  price.output_per_mtok = sdk::optional_number(row, "output").value();
  price.cache_read_per_mtok = sdk::optional_number(row, "cache_read");
  price.cache_write_per_mtok = sdk::optional_number(row, "cache_write");
  if (const auto longer = sdk::optional_object(row, "long_prompt"); !longer.empty())
    price.long_prompt = {sdk::optional_integer(longer, "above_tokens"),
                         sdk::optional_number(longer, "input").value(),
                         sdk::optional_number(longer, "output").value()};
  return price;
}

using PriceTable = std::map<std::string, Price>;

const PriceTable& price_table() {
  static const PriceTable table = [] {
    const auto document =
        text::TomlDocument::parse(std::string(embedded_file("prices.toml")), "prices.toml");
    const std::string as_of = sdk::optional_string(document.values(), "as_of");
    PriceTable rows;
    for (const auto& [name, row] : sdk::optional_object(document.values(), "models"))
      rows.emplace(name, price_from(row.as_object(), as_of));
    return rows;
  }();
  return table;
}

bool is_version_part(std::string_view part) {
  if (part == "latest" || part == "preview" || part == "exp") return true;
  return part.size() >= 2 &&
         std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/** "-2024-07-18", "@20251001", "-preview-06-05": the same model at another date. */
bool is_version_suffix(std::string_view suffix) {
  if (suffix.empty() || (suffix.front() != '-' && suffix.front() != '@')) return false;
  suffix.remove_prefix(1);
  while (true) {
    const std::size_t end = suffix.find('-');
    if (!is_version_part(suffix.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    suffix.remove_prefix(end + 1);
  }
}

const Price* find(const std::string& model) {
  const PriceTable& table = price_table();
  if (const auto row = table.find(model); row != table.end()) return &row->second;
  const Price* best = nullptr;
  std::size_t best_length = 0;
  for (const auto& [name, price] : table) {
    if (name.size() <= best_length || model.compare(0, name.size(), name) != 0) continue;
    if (!is_version_suffix(std::string_view(model).substr(name.size()))) continue;
    best = &price;
    best_length = name.size();
  }
  return best;
}

bool is_usable(const std::optional<double>& price) {
  return !price || (std::isfinite(*price) && *price >= 0);
}

}  // namespace

Price Price::nothing() {
  Price price;
  price.free = true;
  return price;
}

double Price::cost_usd(const sdk::Usage& usage) const {
  if (free) return 0;
  if (usage.reported_cost_usd && std::isfinite(*usage.reported_cost_usd) &&
      *usage.reported_cost_usd >= 0)
    return *usage.reported_cost_usd;
  const auto tokens = [](std::int64_t count) {
    return static_cast<double>(std::max<std::int64_t>(count, 0));
  };
  const double prompt = tokens(usage.input_tokens) + tokens(usage.cache_read_tokens) +
                        tokens(usage.cache_write_tokens);
  const bool is_long = long_prompt && prompt > static_cast<double>(long_prompt->above_tokens);
  const double input = is_long ? long_prompt->input_per_mtok : input_per_mtok;
  const double output = is_long ? long_prompt->output_per_mtok : output_per_mtok;
  const double rise = input_per_mtok > 0 ? input / input_per_mtok : 1;
  const double read = cache_read_per_mtok.value_or(input_per_mtok) * rise;
  const double write = cache_write_per_mtok.value_or(input_per_mtok) * rise;
  return (tokens(usage.input_tokens) * input + tokens(usage.output_tokens) * output +
          tokens(usage.cache_read_tokens) * read + tokens(usage.cache_write_tokens) * write) /
         kTokensPerPrice;
}

double Price::worst_case_usd(std::int64_t input_tokens, std::int64_t output_tokens) const {
  if (free) return 0;
  const bool may_be_long = long_prompt && input_tokens > long_prompt->above_tokens;
  const double rise =
      may_be_long && input_per_mtok > 0 ? long_prompt->input_per_mtok / input_per_mtok : 1;
  const double input =
      std::max({may_be_long ? long_prompt->input_per_mtok : input_per_mtok,
                cache_read_per_mtok.value_or(0) * rise, cache_write_per_mtok.value_or(0) * rise});
  const double output = may_be_long ? long_prompt->output_per_mtok : output_per_mtok;
  return (static_cast<double>(input_tokens) * input + static_cast<double>(output_tokens) * output) /
         kTokensPerPrice;
}

Result<Price> price_of(const std::string& model, const PriceSettings& settings,
                       const std::string& config_section) {
  const std::string keys = "[" + config_section + "] input_price_per_mtok, output_price_per_mtok";
  if (!is_usable(settings.input_price_per_mtok) || !is_usable(settings.output_price_per_mtok))
    return Error{ErrorKind::configuration, "a price of '" + model + "' is negative or not a number",
                 "give USD per million tokens in " + keys};
  const Price* known = nullptr;
  try {
    known = find(model);
  } catch (const std::exception& error) {
    return Error{ErrorKind::internal,
                 std::string("the built-in price table is broken: ") + error.what()};
  }
  if (!known && !(settings.input_price_per_mtok && settings.output_price_per_mtok))
    return Error{ErrorKind::configuration,
                 "no price is known for model '" + model + "', so its cost cannot be capped",
                 "set " + keys};
  Price price = known ? *known : Price{};
  if (settings.input_price_per_mtok || settings.output_price_per_mtok) {
    price.input_per_mtok = settings.input_price_per_mtok.value_or(price.input_per_mtok);
    price.output_per_mtok = settings.output_price_per_mtok.value_or(price.output_per_mtok);
    // The table's special rates belong to the table's prices, and so does its date.
    price.as_of.clear();
    price.cache_read_per_mtok.reset();
    price.cache_write_per_mtok.reset();
    price.long_prompt.reset();
  }
  return price;
}

}  // namespace jarvis
