#include "core/budget/endpoint.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "core/budget/retry_policy.hpp"
#include "core/budget/secret.hpp"

using namespace jarvis;

TEST_CASE("endpoint: refuses an address outside its prefix") {
  const Endpoint endpoint{"https://api.example.com/v1"};
  for (const char* url :
       {"http://api.example.com/v1/messages", "https://api.example.com:8443/v1/messages",
        "https://api.example.com.evil.test/v1/messages", "https://evil.test/v1/messages",
        "https://api.example.com/v1beta/messages", "https://api.example.com/",
        "ftp://api.example.com/v1/x", "https://api.example.com/v1/../admin",
        "https://api.example.com/v1/%2e%2e/admin", "https://api.example.com@evil.test/v1/x",
        "https://key@api.example.com/v1/x", "https://api.example.com/v1/x#y",
        "https://api.example.com/v1/x\r\nHost: evil.test", "", "/v1/x"}) {
    CAPTURE(url);
    CHECK_FALSE(address_within(endpoint, url).ok());
  }
}

TEST_CASE("endpoint: allows what lies at or below its prefix") {
  for (const char* base : {"https://api.example.com/v1", "https://api.example.com/v1/",
                           "https://api.example.com", "HTTPS://API.example.com:443"}) {
    CAPTURE(base);
    CHECK(address_within(Endpoint{base}, "https://api.example.com/v1/messages?x=1").ok());
  }
}

TEST_CASE("endpoint: without a base only private addresses are allowed") {
  CHECK(address_within({}, "http://localhost:11434/v1/models").ok());
  CHECK_FALSE(address_within({}, "http://example.com/v1/models").ok());
}

TEST_CASE("endpoint: knows private addresses") {
  for (const char* url :
       {"http://127.0.0.1", "http://127.9.9.9:8080/v1", "http://localhost:11434",
        "http://LOCALHOST", "http://10.1.2.3", "http://172.16.0.1", "http://172.31.255.255",
        "http://192.168.1.5", "http://169.254.1.1", "http://[::1]:8000/v1", "http://[fd00::1]",
        "http://[fe80::1]", "http://[::ffff:10.0.0.1]"}) {
    CAPTURE(url);
    CHECK(is_private_address(url));
  }
  for (const char* url : {"http://8.8.8.8", "http://172.32.0.1", "http://172.15.0.1",
                          "http://192.169.0.1", "http://11.0.0.1", "http://localhost.example.com",
                          "http://10.example.com", "http://0.0.0.0", "http://[2001:db8::1]",
                          "http://[::ffff:8.8.8.8]", "http://0x7f000001", "nonsense", ""}) {
    CAPTURE(url);
    CHECK_FALSE(is_private_address(url));
  }
}

TEST_CASE("secret: says which variable is missing") {
  const auto secret = Secret::from_environment({"JARVIS_TEST_NO_KEY", "JARVIS_TEST_NO_KEY_EITHER"});
  REQUIRE_FALSE(secret.ok());
  CHECK(secret.error().kind == ErrorKind::unavailable);
  CHECK(secret.error().message.find("JARVIS_TEST_NO_KEY or JARVIS_TEST_NO_KEY_EITHER") !=
        std::string::npos);
}

TEST_CASE("secret: takes the first variable that is set, without white space") {
  setenv("JARVIS_TEST_EMPTY_KEY", " ", 1);
  setenv("JARVIS_TEST_KEY", " abc\n", 1);
  const auto secret = Secret::from_environment({"JARVIS_TEST_EMPTY_KEY", "JARVIS_TEST_KEY"});
  CHECK(secret->reveal() == "abc");
  CHECK(secret->source() == "JARVIS_TEST_KEY");
}

TEST_CASE("secret: refuses a key that would break a header") {
  setenv("JARVIS_TEST_BROKEN_KEY", "abc\r\nhost: evil", 1);
  const auto secret = Secret::from_environment({"JARVIS_TEST_BROKEN_KEY"});
  REQUIRE_FALSE(secret.ok());
  CHECK(secret.error().message.find("abc") == std::string::npos);
}

TEST_CASE("retries: only passing faults are worth another attempt") {
  for (const int status : {408, 409, 429, 500, 502, 503, 504, 529})
    CHECK(is_worth_retrying({status, {}, {}}));
  for (const int status : {200, 301, 400, 401, 402, 403, 404, 413, 422})
    CHECK_FALSE(is_worth_retrying({status, {}, {}}));
  CHECK_FALSE(is_worth_retrying({429, {}, R"({"error":{"type":"insufficient_quota"}})"}));
  CHECK_FALSE(is_worth_retrying({429, {}, R"({"error":{"type":"billing_error"}})"}));
}

TEST_CASE("retries: retry-after is honoured as seconds and as a date, up to a minute") {
  const auto wait = [](const std::string& value) {
    return requested_wait({429, {{"Retry-After", value}}, {}});
  };
  CHECK(wait("7")->count() == 7000);
  CHECK(wait("0.5")->count() == 500);
  CHECK(wait("3600")->count() == 60000);
  CHECK(wait("-5")->count() == 0);
  CHECK(wait("Fri, 01 Jan 2100 00:00:00 GMT")->count() == 60000);
  CHECK(wait("Fri, 01 Jan 2010 00:00:00 GMT")->count() == 0);
  CHECK_FALSE(wait("soon").has_value());
  CHECK_FALSE(requested_wait({429, {}, {}}).has_value());
}

TEST_CASE("retries: the backoff grows to half a minute and no further") {
  for (int attempt = 0; attempt < 100; ++attempt) {
    CHECK(backoff(attempt).count() <= 30000);
    CHECK(backoff(0).count() <= 500);
    CHECK(backoff(attempt).count() >= 0);
  }
}
