#pragma once

#include <optional>
#include <string>

#include "core/model/result.hpp"

namespace jarvis {

/** From this score on the judge says that an answer is right. */
inline constexpr double kRightFrom = 0.5;

struct Judgement {
  std::optional<double> score;  ///< 0..1; nothing: the judge's reply could not be read
  std::string reason;
};

/** Scores an answer against gold. Safe to call from many threads. */
class Judge {
 public:
  virtual ~Judge() = default;
  virtual Result<Judgement> score(const std::string& query, const std::string& gold,
                                  const std::string& answer) = 0;
  virtual std::string model() const = 0;
};

}  // namespace jarvis
