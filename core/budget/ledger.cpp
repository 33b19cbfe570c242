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

/** After a power cut a file may end in zeros where its last bytes were not written yet. */
std::string_view without_zeros(std::string_view line) {
  const std::size_t last = line.find_last_not_of('\0');
  return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

bool is_beginning_of_a_line(std::string_view line) {
  boost::system::error_code error;
  json::stream_parser parser;
  parser.write(line.data(), line.size(), error);
  return !error && !parser.done() && (line.empty() || line.front() == '{');
}

/** Follows the beginnings of lines that a sudden end left, so that nothing else passes for one. */
constexpr const char* kTornMark = "torn";

bool is_torn_mark(std::string_view line) {
  boost::system::error_code error;
  const json::value value = json::parse(json::string_view(line.data(), line.size()), error);
  return !error && value.is_object() &&
         sdk::optional_string(value.as_object(), "event") == kTornMark;
}

std::string_view last_line(std::string_view text) {
  const std::size_t last = text.find_last_not_of('\n');
  text = text.substr(0, last == std::string_view::npos ? 0 : last + 1);
  return text.substr(text.rfind('\n') + 1);
}

struct OpenReservations {
  std::map<std::string, double> usd;

  /** False: not a line of a ledger. */
  bool add(std::string_view line, const std::string& session, LedgerTotals& totals) {
    boost::system::error_code error;
    const json::value value = json::parse(json::string_view(line.data(), line.size()), error);
    if (error || !value.is_object()) return false;
    const json::object& object = value.as_object();
    const std::string event = sdk::optional_string(object, "event");
    const std::string reservation = sdk::optional_string(object, "reservation");
    const std::string of_session = sdk::optional_string(object, "session");
    const auto amount = sdk::optional_number(object, "usd");
    if (reservation.empty() || of_session.empty() || !amount || !(*amount >= 0)) return false;
    if (event != "reserve" && event != "settle") return false;
    if (of_session != session) return true;
    if (event == "reserve") {
      usd[reservation] = *amount;
    } else {
      usd.erase(reservation);
      totals.spent_by_purpose[sdk::optional_string(object, "purpose")] += *amount;
    }
    return true;
  }
};

Error unreadable(const std::filesystem::path& file, std::size_t number) {
  return {ErrorKind::invalid,
          "'" + file.string() + "' line " + std::to_string(number) +
              " is no line of a ledger: what was spent is not known",
          "restore it from a backup, or move the file away when what it counts no longer matters"};
}

}  // namespace

double LedgerTotals::spent_usd() const {
  return std::accumulate(spent_by_purpose.begin(), spent_by_purpose.end(), 0.0,
                         [](double sum, const auto& part) { return sum + part.second; });
}

Result<LedgerTotals> read_totals(const std::filesystem::path& file, const std::string& session) {
  LedgerTotals totals;
  auto text = read_file(file);
  if (!text && text.error().kind == ErrorKind::not_found) return totals;
  if (!text) return text.error();
  OpenReservations open;
  std::size_t torn = 0;  // the number of the line whose mark is still to come
  std::string_view rest = *text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = rest.find('\n');
    const bool is_empty = end == 0;
    const std::string_view line = without_zeros(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (is_empty) continue;
    if (is_torn_mark(line)) {
      torn = 0;
    } else if (open.add(line, session, totals)) {
      if (torn != 0) return unreadable(file, torn);
    } else if (is_beginning_of_a_line(line)) {
      torn = number;
      ++totals.torn_lines;
    } else {
      return unreadable(file, number);
    }
  }
  for (const auto& [reservation, usd] : open.usd) totals.unsettled_usd += usd;
  return totals;
}

Result<Ledger> Ledger::open(std::filesystem::path file) {
  auto text = read_file(file);
  if (!text && text.error().kind != ErrorKind::not_found) return text.error();
  if (!text || text->empty()) return Ledger(std::move(file));
  const std::string end_of_line = text->back() == '\n' ? "" : "\n";
  const bool is_torn = is_beginning_of_a_line(without_zeros(last_line(*text)));
  const json::object mark{{"event", kTornMark}, {"time", iso8601(unix_seconds())}};
  if (is_torn || !end_of_line.empty())
    if (auto closed = append_line_durably(file, is_torn ? end_of_line + json::serialize(mark) : "");
        !closed)
      return closed.error();
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
  return read_totals(file_, session);
}

}  // namespace jarvis
