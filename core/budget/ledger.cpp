#include "core/budget/ledger.hpp"

#include <chrono>
#include <numeric>

#include "core/base/atomic_file.hpp"
#include "core/ports/clock.hpp"

namespace jarvis {

namespace json = boost::json;

namespace {

double unix_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

json::object line_of(const char* event, const Ledger::Entry& entry) {
  return {{"event", event},
          {"time", iso8601(unix_seconds())},
          {"session", entry.session},
          {"reservation", entry.reservation},
          {"purpose", to_string(entry.purpose)},
          {"model", entry.model},
          {"usd", entry.usd}};
}

struct OpenReservations {
  std::map<std::string, double> usd;

  /** False: not a line of a ledger. */
  bool add(std::string_view line, const std::string& session, LedgerTotals& totals) {
    boost::system::error_code error;
    const json::value value = json::parse(json::string_view(line.data(), line.size()), error);
    if (error || !value.is_object()) return false;
    const json::object& object = value.as_object();
    if (sdk::optional_string(object, "session") != session) return true;
    const std::string event = sdk::optional_string(object, "event");
    const std::string reservation = sdk::optional_string(object, "reservation");
    const auto amount = sdk::optional_number(object, "usd");
    if (reservation.empty() || !amount) return false;
    if (event == "reserve") {
      usd[reservation] = *amount;
    } else if (event == "settle") {
      usd.erase(reservation);
      totals.spent_by_purpose[sdk::optional_string(object, "purpose")] += *amount;
    } else {
      return false;
    }
    return true;
  }
};

}  // namespace

double LedgerTotals::spent_usd() const {
  return std::accumulate(spent_by_purpose.begin(), spent_by_purpose.end(), 0.0,
                         [](double sum, const auto& part) { return sum + part.second; });
}

Result<Ledger> Ledger::open(std::filesystem::path file) {
  auto text = read_file(file);
  if (!text && text.error().kind != ErrorKind::not_found) return text.error();
  if (text && !text->empty() && text->back() != '\n')
    if (auto closed = append_line_durably(file, ""); !closed) return closed.error();
  return Ledger(std::move(file));
}

Result<void> Ledger::reserve(const Entry& entry) const {
  return append_line_durably(file_, json::serialize(line_of("reserve", entry)));
}

Result<void> Ledger::settle(const Entry& entry, const sdk::Usage& usage) const {
  json::object line = line_of("settle", entry);
  line["tokens"] = json::object{{"input", usage.input_tokens},
                                {"output", usage.output_tokens},
                                {"cache_read", usage.cache_read_tokens},
                                {"cache_write", usage.cache_write_tokens}};
  return append_line_durably(file_, json::serialize(line));
}

Result<LedgerTotals> Ledger::totals(const std::string& session) const {
  LedgerTotals totals;
  auto text = read_file(file_);
  if (!text && text.error().kind == ErrorKind::not_found) return totals;
  if (!text) return text.error();
  OpenReservations open;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    if (!line.empty() && !open.add(line, session, totals)) ++totals.unreadable_lines;
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  for (const auto& [reservation, usd] : open.usd) totals.unsettled_usd += usd;
  return totals;
}

}  // namespace jarvis
