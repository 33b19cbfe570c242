#include "core/base/digest.hpp"

#include <doctest/doctest.h>

#include <atomic>

#include "core/base/parallel.hpp"

using namespace jarvis;

TEST_CASE("digest: known values") {
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(stable_hash("abc") == 0xba7816bf8f01cfeaULL);
}

TEST_CASE("digest: random hex has the length asked for and differs") {
  CHECK(random_hex(0).empty());
  const std::string one = random_hex(9);
  CHECK(one.size() == 9);
  CHECK(one.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(random_hex(16) != random_hex(16));
}

TEST_CASE("digest: many threads at once get the digests that one gets") {
  const std::string expected = sha256("ferret");
  std::atomic<int> wrong{0};
  parallel_for(20000, 8, [&](std::size_t) { wrong += sha256("ferret") == expected ? 0 : 1; });
  CHECK(wrong == 0);
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
