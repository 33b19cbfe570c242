#include "core/app/cli/when.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <limits>

#include "core/ports/clock.hpp"

using namespace jarvis;

namespace {

constexpr double kMinute = 60, kHour = 3600, kDay = 86400;
constexpr double kNow = 1780282800;  // 2026-06-01T03:00:00Z

/** The zone of this test alone. */
class Zone {
 public:
  explicit Zone(const char* name) {
    if (const char* before = std::getenv("TZ")) before_ = before;
    ::setenv("TZ", name, 1);
  }
  ~Zone() { before_.empty() ? ::unsetenv("TZ") : ::setenv("TZ", before_.c_str(), 1); }
  Zone(const Zone&) = delete;
  Zone& operator=(const Zone&) = delete;

 private:
  std::string before_;
};

}  // namespace

TEST_CASE("when: what is no time is a dash") {
  CHECK(when("", kNow) == "–");
  CHECK(when("yesterday", kNow) == "–");
  CHECK(when(std::nan(""), kNow) == "–");
  CHECK(when(std::numeric_limits<double>::infinity(), kNow) == "–");
  CHECK(when(-1e300, kNow) == "–");
}

TEST_CASE("when: within a week a time is said by how far it is away, in whole units") {
  CHECK(when(kNow, kNow) == "just now");
  CHECK(when(kNow - 59, kNow) == "just now");
  CHECK(when(kNow - kMinute, kNow) == "1 min ago");
  CHECK(when(kNow - 59 * kMinute - 59, kNow) == "59 min ago");
  CHECK(when(kNow - 2 * kHour, kNow) == "2 h ago");
  CHECK(when(kNow - kDay + 1, kNow) == "23 h ago");
  CHECK(when(kNow - 6.9 * kDay, kNow) == "6 d ago");
  CHECK(when(kNow + 5, kNow) == "in a moment");
  CHECK(when(kNow + 3 * kHour, kNow) == "in 3 h");
  CHECK(when(kNow + 2 * kDay, kNow) == "in 2 d");
  CHECK(when(iso8601(kNow - 2 * kHour), kNow) == "2 h ago");
}

TEST_CASE("when: from a week on it is the date that the clocks of this place showed") {
  const Zone zone("Asia/Tokyo");
  CHECK(when(kNow - 7 * kDay, kNow) == "2026-05-25");
  CHECK(when(kNow + 400 * kDay, kNow) == "2027-07-06");
  CHECK(when(kNow + 15 * kHour - 7 * kDay * 2, kNow) == "2026-05-19");
}

TEST_CASE("when: a moment has its clock time as well, and its date once") {
  const Zone zone("UTC");
  CHECK(moment(kNow + 3 * kHour, kNow) == "2026-06-01 06:00 UTC, in 3 h");
  CHECK(moment(kNow - 30 * kDay, kNow) == "2026-05-02 03:00 UTC");
}
