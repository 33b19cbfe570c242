#include "core/budget/retry_policy.hpp"

#include <Poco/DateTime.h>
#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeParser.h>
#include <Poco/NumberParser.h>
#include <Poco/String.h>

#include <algorithm>
#include <random>

namespace jarvis {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestWait{60'000};
constexpr milliseconds kFirstBackoff{500};
constexpr milliseconds kLongestBackoff{30'000};

/** A 429 that stays one however long one waits: the account's money is used up. */
bool reports_spending_limit(const sdk::HttpResult& answer) {
  const std::string body = Poco::toLower(answer.body.substr(0, 4096));
  // Who says when to come back has not run out of money, whatever else the text mentions.
  if (body.find("retrydelay") != std::string::npos || body.find("retry in") != std::string::npos)
    return false;
  for (const char* word :
       {"insufficient_quota", "billing", "spending limit", "spend limit", "credit balance"})
    if (body.find(word) != std::string::npos) return true;
  return false;
}

milliseconds bounded(double seconds) {
  return milliseconds(static_cast<std::int64_t>(std::clamp(seconds, 0.0, 60.0) * 1000));
}

}  // namespace

std::string header_of(const sdk::HttpResult& answer, const std::string& name) {
  for (const auto& [key, value] : answer.headers)
    if (Poco::icompare(key, name) == 0) return value;
  return {};
}

bool is_worth_retrying(const sdk::HttpResult& answer) {
  const int status = answer.status;
  if (status == 429) return !reports_spending_limit(answer);
  return status == 408 || status == 409 || (status >= 500 && status <= 599);
}

std::optional<milliseconds> requested_wait(const sdk::HttpResult& answer) {
  const std::string text = Poco::trim(header_of(answer, "retry-after"));
  if (text.empty()) return std::nullopt;
  double seconds = 0;
  if (Poco::NumberParser::tryParseFloat(text, seconds)) return bounded(seconds);
  // The parser below reads almost any word as a date.
  if (text.find(':') == std::string::npos) return std::nullopt;
  Poco::DateTime date;
  int zone = 0;
  if (!Poco::DateTimeParser::tryParse(Poco::DateTimeFormat::HTTP_FORMAT, text, date, zone))
    return std::nullopt;
  const Poco::Timespan wait = date - Poco::DateTime();
  return std::clamp(milliseconds(wait.totalMilliseconds()), milliseconds(0), kLongestWait);
}

milliseconds backoff(int attempt) {
  thread_local std::mt19937 generator{std::random_device{}()};
  const auto limit = std::min(kLongestBackoff, kFirstBackoff * (1 << std::min(attempt, 10)));
  return milliseconds(std::uniform_int_distribution<std::int64_t>(0, limit.count())(generator));
}

}  // namespace jarvis
