#include "core/dashboard/access.hpp"

#include <doctest/doctest.h>

using namespace jarvis::dashboard;

namespace {

constexpr int kPort = 7000;

bool takes(const std::string& origin, const std::string& site,
           const std::string& host = "127.0.0.1:7000") {
  Request request{"POST", "/", {{"host", host}}, ""};
  if (!origin.empty()) request.headers["origin"] = origin;
  if (!site.empty()) request.headers["sec-fetch-site"] = site;
  return is_from_own_page(request, kPort);
}

}  // namespace

TEST_CASE("access: another host, or another way to write this one, is not ours") {
  for (const char* host :
       {"", "127.0.0.1", "localhost", "127.0.0.1:7001", "127.0.0.1:07000", "evil.example:7000",
        "127.0.0.1.evil.example:7000", "LOCALHOST:7000", "localhost.:7000", "[::1]:7000",
        "0.0.0.0:7000", "127.0.0.2:7000", "127.1:7000", "2130706433:7000", "127.0.0.1:7000 ",
        " 127.0.0.1:7000", "127.0.0.1:7000, evil.example", "user@127.0.0.1:7000",
        "127.0.0.1:7000/"}) {
    CAPTURE(host);
    CHECK_FALSE(is_own_host(host, kPort));
  }
  CHECK(is_own_host("127.0.0.1:7000", kPort));
  CHECK(is_own_host("localhost:7000", kPort));
}

TEST_CASE("access: a form from another page is told by its origin and by its site") {
  for (const char* origin :
       {"http://evil.example", "https://127.0.0.1:7000", "http://127.0.0.1",
        "http://127.0.0.1:7001", "http://localhost:7000", "http://127.0.0.1:7000/",
        "http://127.0.0.1:7000.evil.example", "null", "file://", "HTTP://127.0.0.1:7000"}) {
    CAPTURE(origin);
    CHECK_FALSE(takes(origin, ""));
    CHECK_FALSE(takes(origin, "cross-site"));
    CHECK_FALSE(takes(origin, "same-site"));
  }
  CHECK_FALSE(takes("", ""));
  CHECK_FALSE(takes("", "cross-site"));
  CHECK_FALSE(takes("", "same-site"));
  CHECK_FALSE(takes("null", "none"));
  CHECK_FALSE(takes("http://127.0.0.1:7000", "cross-site"));
  CHECK_FALSE(takes("http://evil.example:7000", "", "evil.example:7000"));

  CHECK(takes("http://127.0.0.1:7000", ""));
  CHECK(takes("http://127.0.0.1:7000", "same-origin"));
  CHECK(takes("http://localhost:7000", "same-origin", "localhost:7000"));
  CHECK(takes("", "same-origin"));
  CHECK(takes("", "none"));
  CHECK(takes("null", "same-origin"));
}

TEST_CASE("access: no path leads out of its place") {
  for (const char* target : {"",
                             "sessions",
                             "//sessions",
                             "/sessions//x",
                             "/sessions/",
                             "/../x",
                             "/sessions/..",
                             "/sessions/../../etc/passwd",
                             "/./x",
                             "/.x",
                             "/sessions/.hidden",
                             "/sessions/%2e%2e",
                             "/sessions/%2E%2E/x",
                             "/sessions/a%2fb",
                             "/sessions/a%5cb",
                             "/sessions/a\\b",
                             "/a%00b",
                             "/a b",
                             "/a\tb",
                             "/a\x01",
                             "/ä",
                             "/a;b",
                             "/a'b",
                             "/a\"b",
                             "/a<b",
                             "/*",
                             "http://127.0.0.1/",
                             "http://evil.example/sessions",
                             "*",
                             "/a#b",
                             "/a?x=%",
                             "/a?x=%zz",
                             "/a?x=1&x=2",
                             "/a?x=1\r\nSet-Cookie: evil=1",
                             "/a?x=1\n",
                             "/a?x=\r",
                             "/a?x=1 2",
                             "/a?x=\t",
                             "/a?x=\x01",
                             "/a?x=\x7f"}) {
    CAPTURE(target);
    CHECK_FALSE(parse_target(target));
  }
  CHECK_FALSE(parse_target("/" + std::string(3000, 'a')));
  CHECK_FALSE(parse_target(std::string("/a?x=\0", 7)));
  std::string many = "/a?x0=1";
  for (int i = 1; i < 30; ++i) many += "&x" + std::to_string(i) + "=1";
  CHECK_FALSE(parse_target(many));

  const auto target = parse_target("/sessions/session-20260601T030000_0a1b2c3d?page=2&q=a+b%26c");
  REQUIRE(target);
  CHECK(target->parts() ==
        std::vector<std::string>{"sessions", "session-20260601T030000_0a1b2c3d"});
  CHECK(target->field("page") == "2");
  CHECK(target->field("q") == "a b&c");
  CHECK(target->field("none").empty());
  CHECK(parse_target("/")->parts().empty());
}

TEST_CASE("access: an id is one plain word") {
  for (const char* id :
       {"", ".", "..", ".a", "-a", "--home", "a/b", "a b", "a%", "a\n", "ä", "a\\b"}) {
    CAPTURE(id);
    CHECK_FALSE(is_id(id));
  }
  CHECK_FALSE(is_id(std::string(129, 'a')));
  for (const char* id : {"a", "session-20260601T030000_0a1b2c3d", "edit-0a1b2c3d-1",
                         "550e8400-e29b-41d4-a716-446655440000", "a.b:c~d"}) {
    CAPTURE(id);
    CHECK(is_id(id));
  }
}

TEST_CASE("access: a cookie is found by its whole name") {
  CHECK(cookie_value("", "a").empty());
  CHECK(cookie_value("aa=1", "a").empty());
  CHECK(cookie_value("xa=1; b=2", "a").empty());
  CHECK(cookie_value("b=a=1", "a").empty());
  CHECK(cookie_value("a", "a").empty());
  CHECK(cookie_value("b=2;  a=1", "a") == "1");
  CHECK(cookie_value("a=1; a=2", "a") == "1");
}

TEST_CASE("access: an empty secret equals nothing") {
  CHECK_FALSE(is_same_secret("", ""));
  CHECK_FALSE(is_same_secret("", "a"));
  CHECK_FALSE(is_same_secret("a", "ab"));
  CHECK_FALSE(is_same_secret("ab", "aB"));
  CHECK(is_same_secret("ab", "ab"));
}

TEST_CASE("access: malformed fields are none at all") {
  for (const char* text : {"a=%", "a=%g1", "a=1&a=2", "%=1"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_fields(text));
  }
  const auto fields = parse_fields("a=1&&b=x%3Dy+z&c");
  REQUIRE(fields);
  CHECK(fields->at("b") == "x=y z");
  CHECK(fields->at("c").empty());
}
