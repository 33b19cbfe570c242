#include "core/app/doctor_files.hpp"

#include <doctest/doctest.h>

using namespace jarvis;
using State = Checkup::State;

TEST_CASE("doctor: a disk that is nearly full is named, with how much is left") {
  constexpr std::uint64_t kMegabyte = std::uint64_t{1} << 20;
  CHECK(disk_finding(5000 * kMegabyte, 1000000).state == State::good);
  CHECK(disk_finding(500 * kMegabyte, 1000000).state == State::warning);
  const Checkup full = disk_finding(7 * kMegabyte, 1000000);
  CHECK(full.state == State::bad);
  CHECK(full.message.find("7 MB free") == 0);
  CHECK(full.hint == "make room on the home's disk");
  const Checkup crowded = disk_finding(5000 * kMegabyte, 3);
  CHECK(crowded.state == State::bad);
  CHECK(crowded.message == "there is room for 3 more files");
}

TEST_CASE("doctor: a clock that cannot be right is named, with both times") {
  constexpr double kNow = 1767225600;  // 2026-01-01
  CHECK(clock_finding(kNow, 0).state == State::good);
  CHECK(clock_finding(kNow, kNow + 3600).state == State::good);
  const Checkup behind = clock_finding(kNow, kNow + 10 * 86400);
  CHECK(behind.state == State::warning);
  CHECK(behind.message.find("2026-01-11") != std::string::npos);
  CHECK(behind.message.find("2026-01-01") != std::string::npos);
  CHECK(clock_finding(0, 0).state == State::bad);
}
