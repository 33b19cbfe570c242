#include "core/ports/home_view.hpp"

#include <doctest/doctest.h>

#include <set>

#include "tests/support/fakes/home.hpp"

using namespace jarvis;
using jarvis::testing::MemoryHome;

namespace {

class BrokenHome : public MemoryHome {
 public:
  Result<std::vector<std::string>> tracked_files() const override {
    return Error{ErrorKind::io, "cannot read the home", ""};
  }
};

}  // namespace

TEST_CASE("fingerprint: a home that cannot be read has none") {
  const auto fingerprint = fingerprint_of(BrokenHome());
  REQUIRE(!fingerprint);
  CHECK(fingerprint.error().kind == ErrorKind::io);
}

TEST_CASE("fingerprint: names and bytes count, wherever the border between them lies") {
  std::set<std::string> seen;
  using Files = std::map<std::string, std::string>;
  for (const Files& files : {Files{}, Files{{"a", ""}}, Files{{"a", "b"}}, Files{{"ab", ""}},
                             Files{{"a", "1:b"}}, Files{{"a", ""}, {"b", ""}}}) {
    MemoryHome home;
    home.files = files;
    const auto fingerprint = fingerprint_of(home);
    REQUIRE(fingerprint);
    CHECK(fingerprint->size() == 64);
    CHECK(seen.insert(*fingerprint).second);
  }
}
