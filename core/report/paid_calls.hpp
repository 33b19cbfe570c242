#pragma once

#include <filesystem>
#include <jarvis/sdk/payload/generate.hpp>
#include <string>
#include <vector>

namespace jarvis {

/** One call of the ledger. */
struct PaidCall {
  std::string purpose;
  std::string model;
  double began = 0;  ///< unix seconds; 0: not known
  double ended = 0;  ///< 0: its end was never seen
  double usd = 0;    ///< what it cost, or what was reserved for it
  sdk::Usage usage;
};

/** The paid calls of a session, in the order in which they began. Those that were not billed are
 * left out; so are lines that cannot be read. */
std::vector<PaidCall> paid_calls(const std::filesystem::path& home, const std::string& session_id);

/** The calls of one purpose and model together. */
struct SpendingLine {
  std::string purpose;
  std::string model;
  std::int64_t calls = 0;
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  double usd = 0;
};
std::vector<SpendingLine> spending_of(const std::vector<PaidCall>& calls);

}  // namespace jarvis
