#include "core/report/paid_calls.hpp"

#include <map>
#include <tuple>

#include "core/dashboard/json_lines.hpp"
#include "core/home/paths.hpp"
#include "core/ports/clock.hpp"

namespace jarvis {

namespace {

sdk::Usage usage_in(const json::object& line) {
  const json::object tokens = sdk::optional_object(line, "tokens");
  sdk::Usage usage;
  usage.input_tokens = sdk::optional_integer(tokens, "input");
  usage.output_tokens = sdk::optional_integer(tokens, "output");
  usage.cache_read_tokens = sdk::optional_integer(tokens, "cache_read");
  usage.cache_write_tokens = sdk::optional_integer(tokens, "cache_write");
  return usage;
}

bool is_unbilled(const PaidCall& call) {
  return call.ended > 0 && call.usd == 0 && call.usage.input_tokens == 0 &&
         call.usage.output_tokens == 0;
}

}  // namespace

std::vector<PaidCall> paid_calls(const std::filesystem::path& home, const std::string& session_id) {
  std::vector<PaidCall> calls;
  std::map<std::string, std::size_t> by_reservation;
  dashboard::each_json_line(home / kLedgerFile, 0, [&](const json::object& line) {
    if (sdk::optional_string(line, "session") != session_id) return;
    const std::string event = sdk::optional_string(line, "event");
    if (event != "reserve" && event != "settle") return;
    const auto [known, is_new] =
        by_reservation.emplace(sdk::optional_string(line, "reservation"), calls.size());
    if (is_new) calls.emplace_back();
    PaidCall& call = calls[known->second];
    const double time = time_of_iso8601(sdk::optional_string(line, "time"));
    call.purpose = sdk::optional_string(line, "purpose");
    call.model = sdk::optional_string(line, "model");
    call.usd = sdk::optional_number(line, "usd").value_or(0);
    if (event == "reserve") {
      call.began = time;
    } else {
      call.ended = time;
      call.usage = usage_in(line);
    }
  });
  std::erase_if(calls, is_unbilled);
  return calls;
}

std::vector<SpendingLine> spending_of(const std::vector<PaidCall>& calls) {
  std::map<std::tuple<std::string, std::string>, SpendingLine> sums;
  for (const PaidCall& call : calls) {
    SpendingLine& sum = sums[{call.purpose, call.model}];
    sum.purpose = call.purpose;
    sum.model = call.model;
    ++sum.calls;
    sum.input_tokens += call.usage.input_tokens;
    sum.output_tokens += call.usage.output_tokens;
    sum.usd += call.usd;
  }
  std::vector<SpendingLine> lines;
  for (auto& [key, sum] : sums) lines.push_back(std::move(sum));
  return lines;
}

}  // namespace jarvis
