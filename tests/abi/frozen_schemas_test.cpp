// Today's payload schemas against those of 1.0: what the host sends still has all that 1.0 plugins
// rely on, and of what plugins send nothing is demanded that 1.0 did not demand.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <jarvis/sdk/json.hpp>
#include <map>

#include "core/base/atomic_file.hpp"
#include "core/model/json.hpp"

using namespace jarvis;

namespace fs = std::filesystem;

namespace {

/** Who reads a shape. */
enum class Reader { plugin, host, both };

// A judge sends generate-request/1 to the host's service `engine`: these two go both ways.
const std::map<std::string, Reader> kReaders{
    {"edit-request-1", Reader::plugin},    {"edit-check-1", Reader::host},
    {"edit-result-1", Reader::host},       {"tool-request-1", Reader::plugin},
    {"generate-request-1", Reader::both},  {"generate-result-1", Reader::both},
    {"student-request-1", Reader::plugin}, {"student-result-1", Reader::host},
    {"student-probe-1", Reader::plugin},   {"student-probe-result-1", Reader::host},
    {"judge-request-1", Reader::plugin},   {"judge-result-1", Reader::host},
    {"http-request-1", Reader::host},      {"http-result-1", Reader::plugin}};

bool says_nothing(const std::string& keyword) {
  return keyword == "title" || keyword == "description" || keyword == "$schema" ||
         keyword == "default";
}

json::value keyword(const json::object& schema, const std::string& name) {
  const json::value* found = schema.if_contains(name);
  return found ? *found : json::value();
}

/** Whether every item of `part` is one of `whole`. */
bool within(const json::value& part, const json::value& whole) {
  const json::array none;
  const json::array& items = part.is_array() ? part.as_array() : none;
  const json::array& all = whole.is_array() ? whole.as_array() : none;
  return std::all_of(items.begin(), items.end(), [&](const json::value& item) {
    return std::find(all.begin(), all.end(), item) != all.end();
  });
}

/** What a sender of `promised` may send that a reader of `expected` does not expect. */
void compare_promise(const json::object& promised, const json::object& expected,
                     const std::string& place, std::vector<std::string>& breaches) {
  if (!within(keyword(expected, "required"), keyword(promised, "required")))
    breaches.push_back(place + ": not all that is required is promised");
  for (const auto& [name, value] : expected) {
    const std::string key = name;
    if (key == "required" || key == "properties" || key == "items" || says_nothing(key)) continue;
    const bool fits = key == "enum" ? promised.contains(key) && within(promised.at(key), value)
                                    : keyword(promised, key) == value;
    if (!fits) breaches.push_back(place + ": '" + key + "' is another");
  }
}

/** What of the change from `frozen` to `live` a minor version may not bring. */
void compare(const json::object& frozen, const json::object& live, Reader reader,
             const std::string& place, std::vector<std::string>& breaches) {
  if (reader != Reader::host) compare_promise(live, frozen, place, breaches);
  if (reader != Reader::plugin) compare_promise(frozen, live, place, breaches);
  const json::object properties = sdk::optional_object(live, "properties");
  for (const auto& [name, schema] : sdk::optional_object(frozen, "properties")) {
    const std::string inner = place + "." + std::string(name);
    if (const json::value* still = properties.if_contains(name))
      compare(schema.as_object(), still->as_object(), reader, inner, breaches);
    else
      breaches.push_back(inner + ": it is gone");
  }
  if (frozen.contains("items"))
    compare(frozen.at("items").as_object(), sdk::optional_object(live, "items"), reader,
            place + "[]", breaches);
}

std::vector<std::string> breaches(const char* frozen, const char* live, Reader reader) {
  std::vector<std::string> found;
  compare(json::parse(frozen).as_object(), json::parse(live).as_object(), reader, "x", found);
  return found;
}

json::object read(const fs::path& file) {
  const auto text = read_file(file);
  REQUIRE_MESSAGE(text.ok(), file);
  return sdk::parse_object(*text, file.string());
}

using List = std::vector<std::string>;

}  // namespace

TEST_CASE("frozen schemas: the comparison finds what 1.x may not do") {
  const char* one = R"({"type":"object","required":["a"],"properties":{"a":{"type":"string"}}})";
  const char* two = R"({"type":"object","required":["a","b"],
                        "properties":{"a":{"type":"string"},"b":{"type":"string"}}})";
  for (const Reader reader : {Reader::plugin, Reader::host, Reader::both})
    CHECK(breaches(one, one, reader) == List{});
  CHECK(breaches(one, two, Reader::plugin) == List{});
  CHECK(breaches(one, two, Reader::host) == List{"x: not all that is required is promised"});
  CHECK(breaches(two, one, Reader::plugin) ==
        List{"x: not all that is required is promised", "x.b: it is gone"});
  CHECK(breaches(two, one, Reader::host) == List{"x.b: it is gone"});

  const char* number = R"({"type":"object","properties":{"a":{"type":"number"}}})";
  const char* text = R"({"type":"object","properties":{"a":{"type":"string"}}})";
  CHECK(breaches(number, text, Reader::plugin) == List{"x.a: 'type' is another"});
  CHECK(breaches(number, text, Reader::host) == List{"x.a: 'type' is another"});

  const char* few = R"({"enum":["user"]})";
  const char* many = R"({"enum":["user","assistant"]})";
  CHECK(breaches(few, many, Reader::plugin) == List{"x: 'enum' is another"});
  CHECK(breaches(few, many, Reader::host) == List{});
  CHECK(breaches(many, few, Reader::host) == List{"x: 'enum' is another"});

  const char* items = R"({"type":"array","items":{"type":"object","required":["a"]}})";
  const char* loose = R"({"type":"array","items":{"type":"object"}})";
  CHECK(breaches(items, loose, Reader::plugin) ==
        List{"x[]: not all that is required is promised"});
  CHECK(breaches(loose, items, Reader::host) == List{"x[]: not all that is required is promised"});

  const char* short_text = R"({"type":"string","minLength":1})";
  const char* any_text = R"({"type":"string"})";
  CHECK(breaches(short_text, any_text, Reader::plugin) == List{"x: 'minLength' is another"});
  CHECK(breaches(any_text, short_text, Reader::host) == List{"x: 'minLength' is another"});
  CHECK(breaches(short_text, any_text, Reader::host) == List{});
}

TEST_CASE("frozen schemas: every shape of 1.0 is there and nothing in it was broken") {
  std::size_t seen = 0;
  for (const auto& [shape, reader] : kReaders) {
    CAPTURE(shape);
    const std::string name = shape + ".schema.json";
    std::vector<std::string> found;
    compare(read(fs::path(FROZEN_SCHEMAS) / name), read(fs::path(SDK_SCHEMAS) / name), reader,
            shape, found);
    CHECK(found == List{});
    ++seen;
  }
  for (const auto& entry : fs::directory_iterator(FROZEN_SCHEMAS))
    if (entry.path().string().find(".schema.json") != std::string::npos) --seen;
  CHECK(seen == 0);
}
