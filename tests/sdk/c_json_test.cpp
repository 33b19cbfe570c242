#include <doctest/doctest.h>
#include <jarvis/c/json.h>

#include <string>
#include <vector>

namespace {

jarvis_str of(const std::string& text) {
  return {text.data(), text.size()};
}

std::string member(const std::string& object, const char* key) {
  const jarvis_str value = jarvis_json_member(of(object), key);
  return value.len == 0 ? "none" : std::string(value.ptr, value.len);
}

/** The decoded string at "a", or "none". */
std::string text_at(const std::string& object, std::size_t capacity = 64) {
  std::vector<char> out(capacity, 'x');
  const auto length = jarvis_json_string(of(object), "a", out.data(), capacity);
  if (length < 0) return out[0] == 0 ? "none" : "not cleared";
  CHECK(out[static_cast<std::size_t>(length)] == 0);
  return {out.data(), static_cast<std::size_t>(length)};
}

}  // namespace

TEST_CASE("c json: text that is not JSON is never valid") {
  for (const char* bad : {"",        " ",         "{",           "}",
                          "[",       "]",         "{]",          "[}",
                          "{\"a\"}", "{\"a\":}",  "{\"a\":1,}",  "[1,]",
                          "[,]",     "{a:1}",     "\"",          "\"\\\"",
                          "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"a\nb\"",
                          "nul",     "truee",     "01",          "1.",
                          ".5",      "-",         "1e",          "1e+",
                          "+1",      "1 2",       "{} {}",       "{\"a\":1 \"b\":2}",
                          "'a'"})
    CHECK_MESSAGE(jarvis_json_valid(of(bad)) == 0, bad);
  CHECK(jarvis_json_valid(jarvis_str{nullptr, 0}) == 0);
  CHECK(jarvis_json_valid(of(std::string("\"a\0b\"", 5))) == 0);
  CHECK(jarvis_json_valid(of(std::string("1\0", 2))) == 0);
}

TEST_CASE("c json: every beginning of a document is refused, and reads nothing behind it") {
  const std::string whole = R"( {"a": ["x\u00e9\\", -1.5e+3, true, null, {"b": {}}], "c": ""} )";
  CHECK(jarvis_json_valid(of(whole)) == 1);
  for (std::size_t size = 0; size + 2 < whole.size(); ++size) {
    const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(jarvis_json_valid({cut.data(), cut.size()}) == 0);
    CHECK(jarvis_json_member({cut.data(), cut.size()}, "a").len == 0);
  }
}

TEST_CASE("c json: nesting without end is refused rather than followed") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(jarvis_json_valid(of(nested(60))) == 1);
  CHECK(jarvis_json_valid(of(nested(65))) == 0);
  CHECK(jarvis_json_valid(of(std::string(1000000, '['))) == 0);
}

TEST_CASE("c json: a member is found by its own key alone, at the top alone") {
  const std::string object = R"({"ab":1,"b":{"a":2},"list":["a",3],"text":"\"a\":4", "a" : 5 })";
  CHECK(member(object, "a") == "5");
  CHECK(member(object, "b") == R"({"a":2})");
  CHECK(member(object, "list") == R"(["a",3])");
  CHECK(member(object, "c") == "none");
  CHECK(member(object, "") == "none");
  CHECK(member("[1]", "a") == "none");
  CHECK(member("{}", "a") == "none");
  CHECK(member(R"({"a":1,"a":2})", "a") == "2");
  CHECK(member(R"({"\u0061":1})", "a") == "1");
  CHECK(member(R"({"a\u0000":1})", "a") == "none");
}

TEST_CASE("c json: strings are decoded, and what does not fit or is no string is refused") {
  CHECK(text_at(R"({"a":"x\"\\\/\b\f\n\r\ty"})") == "x\"\\/\b\f\n\r\ty");
  CHECK(text_at(R"({"a":"\u00e9\u20AC\ud83d\ude00"})") == "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  CHECK(text_at(R"({"a":"\ud83d!"})") == "\xEF\xBF\xBD!");
  CHECK(text_at(R"({"a":"\ude00\ud83d"})") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(text_at(R"({"a":""})") == "");
  CHECK(text_at(R"({"a":"abc"})", 4) == "abc");
  CHECK(text_at(R"({"a":"abcd"})", 4) == "none");
  CHECK(text_at(R"({"a":"x\u0000y"})") == "none");
  for (const char* bad : {R"({"a":1})", R"({"a":null})", R"({"a":["x"]})", R"({})", "x"})
    CHECK(text_at(bad) == "none");
  CHECK(jarvis_json_string(of(R"({"a":"x"})"), "a", nullptr, 0) == -1);
}

TEST_CASE("c json: an array is walked item by item, and anything else is an empty one") {
  const auto items = [](const std::string& array) {
    std::size_t place = 0;
    jarvis_str item{};
    std::string all;
    while (jarvis_json_next(of(array), &place, &item)) all += std::string(item.ptr, item.len) + ";";
    return all;
  };
  CHECK(items(R"( [ 1 , "a,]" , [2,3] , {"b":[4]} ] )") == R"(1;"a,]";[2,3];{"b":[4]};)");
  CHECK(items("[]") == "");
  CHECK(items("[ ]") == "");
  CHECK(items("[1,") == "");
  CHECK(items("{\"a\":1}") == "");
  CHECK(items("") == "");
}
