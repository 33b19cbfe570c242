#include <doctest/doctest.h>

#include <jarvis/text/names.hpp>
#include <jarvis/text/utf8.hpp>

namespace json = boost::json;
using namespace jarvis::text;

namespace {

std::string refusal_of_text(const std::string& text) {
  try {
    require_visible_text(text, "payload.x");
  } catch (const jarvis::sdk::Failure& failure) {
    CHECK(failure.status() == JARVIS_INVALID);
    CHECK(is_utf8(failure.what()));
    return failure.what();
  }
  return {};
}

}  // namespace

TEST_CASE("names: refuses what is no single safe part of a path") {
  for (const char* bad :
       {"",   ".",  "..",  "../x", "a/b", "/a",   "a.b",           "A",   "aB",  "-a", "_a", "a b",
        " a", "a ", "a\n", "~",    "é",   "a\\b", "a\xE2\x80\x8B", "%2e", "con:"})
    CHECK_FALSE(is_valid_name(bad));
  CHECK_FALSE(is_valid_name(std::string("a\0b", 3)));
  CHECK_FALSE(is_valid_name(std::string(65, 'a')));
  CHECK(is_valid_name(std::string(64, 'a')));
  for (const char* good : {"a", "0", "native_react", "my-agent-2", "9_-"})
    CHECK(is_valid_name(good));
}

TEST_CASE("names: a payload's name is named in the message") {
  CHECK(require_name({{"agent", "simple"}}, "agent") == "simple");
  CHECK_THROWS_WITH_AS(require_name({}, "agent"), "field 'payload.agent' is missing",
                       jarvis::sdk::Failure);
  CHECK_THROWS_WITH_AS(require_name({{"agent", 1}}, "agent"),
                       "field 'payload.agent' is not a string", jarvis::sdk::Failure);
  CHECK_THROWS_WITH_AS(require_name({{"agent", "../x"}}, "agent"),
                       "field 'payload.agent' is not a valid name", jarvis::sdk::Failure);
}

TEST_CASE("visible text: refuses every character that hides or deceives") {
  for (const char32_t hidden :
       {0x00u,    0x07u,    0x08u,    0x0Bu,    0x0Cu,   0x1Bu,   0x7Fu,   0x85u,
        0x9Bu,    0xADu,    0x34Fu,   0x61Cu,   0x115Fu, 0x180Eu, 0x200Bu, 0x200Cu,
        0x200Du,  0x200Eu,  0x200Fu,  0x2028u,  0x2029u, 0x202Au, 0x202Eu, 0x2060u,
        0x2064u,  0x2066u,  0x2069u,  0x206Fu,  0x3164u, 0xFEFFu, 0xFFA0u, 0xFFF9u,
        0x1D173u, 0xE0001u, 0xE0041u, 0xE007Fu, 0xE0100u}) {
    std::string text = "ab\n";
    append_utf8(text, hidden);
    CHECK(refusal_of_text(text + "c") == "field 'payload.x' holds the hidden character " +
                                             code_point_name(hidden) + " at line 2, column 1");
  }
}

TEST_CASE("visible text: refuses bytes that are not UTF-8") {
  for (const char* bad : {"\x80", "\xC0\x80", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80",
                          "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFF"})
    CHECK(refusal_of_text(std::string("é") + bad).find("not UTF-8 at line 1, column 2") !=
          std::string::npos);
}

TEST_CASE("visible text: allows CRLF, refuses a lone carriage return") {
  CHECK(refusal_of_text("a\r\nb\tc\n").empty());
  CHECK(refusal_of_text("a\rb").find("lone carriage return") != std::string::npos);
  CHECK(refusal_of_text("a\r").find("lone carriage return") != std::string::npos);
}

TEST_CASE("visible text: allows other scripts and emoji, but no run of selectors") {
  CHECK(
      refusal_of_text(
          "Grüße, 你好, שלום, \xE2\x9D\xA4\xEF\xB8\x8F 1\xEF\xB8\x8F\xE2\x83\xA3 \xF0\x9F\x98\x80")
          .empty());
  CHECK_FALSE(refusal_of_text("a\xEF\xB8\x8F").empty());
  CHECK_FALSE(refusal_of_text("\xE2\x9D\xA4\xEF\xB8\x8F\xEF\xB8\x8E").empty());
}
