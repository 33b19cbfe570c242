#pragma once

#include <chrono>
#include <jarvis/sdk/payload/http.hpp>
#include <optional>
#include <string>

namespace jarvis {

/** The value of a header, by its name in any case; empty when it is not there. */
std::string header_of(const sdk::HttpResult& answer, const std::string& name);

/** Whether another attempt may bring a better answer. */
bool is_worth_retrying(const sdk::HttpResult& answer);

/** What retry-after asks for, as seconds or as a date, at most 60 s; nothing when it is not there
 * or not understood. */
std::optional<std::chrono::milliseconds> requested_wait(const sdk::HttpResult& answer);

/** A random wait between 0 and 500 ms · 2^attempt, at most 30 s. */
std::chrono::milliseconds backoff(int attempt);

}  // namespace jarvis
