#include "core/base/json_text.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <limits>

using namespace jarvis;

TEST_CASE("fenced array: a text without a fence is not_found, a broken one invalid") {
  CHECK(last_fenced_array("no fence").error().kind == ErrorKind::not_found);
  CHECK(last_fenced_array("").error().kind == ErrorKind::not_found);
  CHECK(last_fenced_array("```json\n[1").error().kind == ErrorKind::not_found);
  CHECK(last_fenced_array("```json\n[1,\n```").error().kind == ErrorKind::invalid);
  CHECK(last_fenced_array("```json\n{\"a\": 1}\n```").error().kind == ErrorKind::invalid);
  CHECK(last_fenced_array("```json\n```").error().kind == ErrorKind::invalid);
}

TEST_CASE("fenced array: the last fence counts") {
  const auto array = last_fenced_array("```json\n[1]\n```\ntext\n```json\n[2, 3]\n```\nend");
  REQUIRE(array);
  CHECK(array->size() == 2);
  CHECK(last_fenced_array("```json\n[1]\n```\n```json\nbroken\n```").error().kind ==
        ErrorKind::invalid);
}

TEST_CASE("fenced array: fences of other languages are passed over") {
  const auto array = last_fenced_array("```json\n[7]\n```\nSo:\n```toml\na = [1]\n```\n");
  REQUIRE(array);
  CHECK(array->at(0) == 7);
  CHECK(last_fenced_array("```\n[8]\n```")->at(0) == 8);
}

TEST_CASE("fenced array: marks inside a line neither open nor end a fence") {
  const auto array = last_fenced_array(
      "Use ```x``` there.\n  ```json\r\n[\"it writes ``` around code\"]\n```\nEnd with ``` marks");
  REQUIRE(array);
  CHECK(array->at(0) == "it writes ``` around code");
}

TEST_CASE("fenced array: an end on the line of the array is accepted") {
  CHECK(last_fenced_array("```json\n[1, 2]```")->size() == 2);
}

TEST_CASE("object in a reply: prose without one is invalid") {
  CHECK(object_in_reply("I cannot do that.").error().kind == ErrorKind::invalid);
  CHECK(object_in_reply("[1, 2]").error().kind == ErrorKind::invalid);
  CHECK(object_in_reply("{\"edits\": [").error().kind == ErrorKind::invalid);
  CHECK(object_in_reply("} {").error().kind == ErrorKind::invalid);
}

TEST_CASE("object in a reply: bare, fenced, or between prose") {
  for (const std::string text :
       {"{\"a\": {\"b\": 1}}", "Here:\n```json\n{\"a\": {\"b\": 1}}\n```\nDone {really}.",
        "My answer is {\"a\": {\"b\": 1}}, I think."}) {
    CAPTURE(text);
    const auto object = object_in_reply(text);
    REQUIRE(object);
    CHECK(object->at("a").at("b") == 1);
  }
}

TEST_CASE("pretty: keeps the order of keys and indents by two") {
  const json::object object{{"z", 1}, {"a", json::array{true, nullptr}}, {"e", json::object()}};
  CHECK(pretty(object) ==
        "{\n  \"z\": 1,\n  \"a\": [\n    true,\n    null\n  ],\n  \"e\": {}\n}\n");
}

TEST_CASE("pretty: a number has every digit that it needs and no more") {
  CHECK(pretty(json::value(0.5)) == "0.5\n");
  CHECK(pretty(json::value(1.0)) == "1.0\n");
  CHECK(pretty(json::value(-0.05)) == "-0.05\n");
  CHECK(pretty(json::value(0.30000000000000004)) == "0.30000000000000004\n");
  CHECK(pretty(json::value(12345678901.25)) == "12345678901.25\n");
  for (const double number : {0.0, 1e22, 1.5e300, 5e-324, 1.0 / 3, -123456789.125}) {
    CAPTURE(number);
    CHECK(std::strtod(pretty(json::value(number)).c_str(), nullptr) == number);
    CHECK(json::parse(pretty(json::value(number))).is_double());
  }
}

TEST_CASE("pretty: what JSON cannot say is null") {
  CHECK(pretty(json::value(std::nan(""))) == "null\n");
  CHECK(pretty(json::value(std::numeric_limits<double>::infinity())) == "null\n");
}

TEST_CASE("pretty: text is escaped and reads back") {
  const json::value value = "a\"b\\c\n\u00e9\x01";
  CHECK(json::parse(pretty(value)) == value);
}

TEST_CASE("shortened: never cuts within a character") {
  CHECK(shortened("abc", 3) == "abc");
  CHECK(shortened("abcd", 3) == "abc…");
  CHECK(shortened("aé", 2) == "a…");
  CHECK(shortened("日本語", 5) == "日…");
  CHECK(shortened("日本語", 6) == "日本…");
  CHECK(shortened("日", 1) == "…");
  CHECK(shortened("", 0) == "");
}
