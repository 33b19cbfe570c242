#include "core/privacy/known_secrets.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

using namespace jarvis;

TEST_CASE("known secrets: paths, addresses and plain words are none, whatever they are called") {
  for (const char* value : {"", "short1", "/run/agent.sock", "~/keys/id", "https://id.test/token",
                            "production", "en_US", "12345678"})
    CHECK_FALSE(is_distinctive_secret(value));
  for (const char* value : {"heron-heron-1", "p4ssw0rds", "1234567890123456",
                            "correcthorsebatterystaple", "https://u:p@host/"})
    CHECK(is_distinctive_secret(value));
}

TEST_CASE("known secrets: variables count by their names") {
  ::setenv("SHOP_API_KEY", "zwieback-value-1", 1);
  ::setenv("SHOP_KEYBOARD", "zwieback-value-2", 1);
  ::setenv("SHOP_AUTH_TOKEN", "zwieback-value-3", 1);
  const auto found = secrets_of_environment();
  const auto has = [&](const std::string& value) {
    return std::find(found.begin(), found.end(), value) != found.end();
  };
  CHECK(has("zwieback-value-1"));
  CHECK_FALSE(has("zwieback-value-2"));
  CHECK(has("zwieback-value-3"));
}
