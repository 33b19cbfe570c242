#pragma once

#include <jarvis/sdk/payload/generate.hpp>

#include "core/model/result.hpp"

namespace jarvis {

/** What a paid call is for; costs are reported by it. */
enum class Purpose { diagnosis, planning, run_self, gold, judge, student };

std::string_view to_string(Purpose purpose);

/** A frontier model. Safe to call from many threads. The model, the endpoint, the key, retries and
 * the money are the implementation's: a request's `model` and `base_url` are filled in by it. */
class Teacher {
 public:
  virtual ~Teacher() = default;
  /** Errors: budget (does not fit any more), unavailable, refused, cancelled, internal. */
  virtual Result<sdk::GenerateResult> generate(Purpose purpose, sdk::GenerateRequest request) = 0;
  virtual std::string model() const = 0;
  /** What the model can take in one request, its answer included. */
  virtual std::int64_t window_tokens() const { return 128000; }
};

}  // namespace jarvis
