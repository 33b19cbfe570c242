#include "core/dashboard/spent_money.hpp"

#include "core/dashboard/json_lines.hpp"
#include "core/home/paths.hpp"
#include "core/model/json.hpp"

namespace jarvis::dashboard {

SpentMoney::SpentMoney(std::filesystem::path home) : ledger_(std::move(home) / kLedgerFile) {}

double SpentMoney::look_usd() {
  const std::lock_guard lock(mutex_);
  std::error_code error;
  const auto size = std::filesystem::file_size(ledger_, error);
  // Another file has taken its place.
  if (error || size < read_) read_ = 0, usd_ = 0;
  read_ = each_json_line(ledger_, read_, [this](const json::object& line) {
    if (sdk::optional_string(line, "event") == "settle")
      usd_ += sdk::optional_number(line, "usd").value_or(0);
  });
  return usd_;
}

}  // namespace jarvis::dashboard
