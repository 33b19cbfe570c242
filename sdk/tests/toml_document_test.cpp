#include <doctest/doctest.h>

#include <cmath>
#include <jarvis/text/toml_document.hpp>

namespace json = boost::json;
using jarvis::sdk::Failure;
using jarvis::text::dotted;
using jarvis::text::TomlDocument;
using jarvis::text::TomlPath;

namespace {

TomlDocument document(const std::string& text) {
  return TomlDocument::parse(text, "config.toml");
}

std::string after_set(const std::string& text, const TomlPath& path, const json::value& value) {
  TomlDocument edited = document(text);
  edited.set(path, value);
  return edited.text();
}

std::string after_remove(const std::string& text, const TomlPath& path) {
  TomlDocument edited = document(text);
  edited.remove(path);
  return edited.text();
}

std::string after_append(const std::string& text, const json::value& item) {
  TomlDocument edited = document(text);
  edited.append({"a"}, item);
  return edited.text();
}

std::string after_remove_item(const std::string& text, const json::value& item) {
  TomlDocument edited = document(text);
  edited.remove_item({"a"}, item);
  return edited.text();
}

template <class Body>
Failure failure_of(Body body) {
  try {
    body();
  } catch (const Failure& failure) {
    return failure;
  }
  return Failure(JARVIS_OK, "nothing was refused");
}

std::string refusal_of_parse(const std::string& text) {
  const Failure failure = failure_of([&] { document(text); });
  CHECK(failure.status() == JARVIS_INVALID);
  return failure.what();
}

template <class Edit>
std::string refusal_of_edit(const std::string& text, Edit edit) {
  TomlDocument edited = document(text);
  const Failure failure = failure_of([&] { edit(edited); });
  CHECK(failure.status() == JARVIS_REFUSED);
  CHECK(edited.text() == text);
  CHECK(edited.values() == document(text).values());
  return failure.what();
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string repeated(const std::string& part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += part;
  return text;
}

}  // namespace

TEST_CASE("toml: names file, line and column of what is no TOML") {
  CHECK(refusal_of_parse("a = 1\nb = = 2\n").rfind("config.toml:2:", 0) == 0);
  CHECK(refusal_of_parse("a = 1\na = 2\n").rfind("config.toml:2:", 0) == 0);
  CHECK(refusal_of_parse("[a]\n[a]\n").rfind("config.toml:2:", 0) == 0);
}

TEST_CASE("toml: refuses bytes that are not UTF-8, with their place") {
  CHECK(refusal_of_parse("a = 1\nb = \"\xFF\"\n") == "config.toml:2:6: bytes that are not UTF-8");
  CHECK(refusal_of_parse("\xED\xA0\x80 = 1").rfind("config.toml:1:1:", 0) == 0);
}

TEST_CASE("toml: refuses characters outside strings that TOML does not know") {
  for (const char* bad :
       {"\xEF\xAF\xA6", "\xEF\xB8\x80", "\xEF\xBB\xBE", "\xEF\xBB\xBF", "é", "\xE2\x80\xA8"}) {
    CHECK(contains(refusal_of_parse(std::string("a = 1\n") + bad + " = 2\n"),
                   "config.toml:2:1: unexpected"));
    CHECK(contains(refusal_of_parse(std::string("a = ") + bad), "unexpected character U+"));
    CHECK(document(std::string("a = \"") + bad + "\" # " + bad).values().at("a").as_string() ==
          bad);
  }
}

TEST_CASE("toml: refuses deep nesting of every kind before it can exhaust the stack") {
  CHECK(contains(refusal_of_parse("a = " + repeated("[", 100000)), "nested too deeply"));
  CHECK(contains(refusal_of_parse("a = " + repeated("{a=", 100000)), "nested too deeply"));
  CHECK(contains(refusal_of_parse("a" + repeated(".a", 100000) + " = 1"), "nested too deeply"));
  CHECK(contains(refusal_of_parse("[a" + repeated(" . a", 100000) + "]"), "nested too deeply"));
  CHECK(
      contains(refusal_of_parse("a" + repeated(".a", 40) + " = {b" + repeated(".b", 40) + " = 1}"),
               "nested too deeply"));
  CHECK(document("a = [" + repeated("1.5,", 500) + "]").values().at("a").as_array().size() == 500);
}

TEST_CASE("toml: survives every truncation and every single wrong byte of a document") {
  const std::string text =
      "\xEF\xBB\xBF# é\r\n[a.\"b.c\"] # x\nd = [1, 2.5, 'x', \"\\u00e9\\\"\",\n]\ne.f = {g = "
      "1979-05-27 07:32:00Z}\n"
      "[[h]]\ni = '''a'b'''\nj = \"\"\"\n\\\n k\"\"\"\"\n[[h]]\nk=0x1F\nl=inf\nm=07:32:00\n";
  CHECK(document(text).values().size() == 2);
  const auto try_parse = [](const std::string& broken) {
    const Failure failure = failure_of([&] { document(broken); });
    CHECK((failure.status() == JARVIS_OK || failure.status() == JARVIS_INVALID));
  };
  for (std::size_t i = 0; i < text.size(); ++i) try_parse(text.substr(0, i));
  for (std::size_t i = 0; i < text.size(); ++i)
    for (const char byte : {'\0', '"', '\'', '[', ']', '{', '}', '=', '.', '#', '\n', '\r', '\\',
                            '\x80', '\xEF', '\x7F'}) {
      std::string broken = text;
      broken[i] = byte;
      try_parse(broken);
    }
}

TEST_CASE("toml: reads every type, dates as strings") {
  const TomlDocument read = document(
      "s = 'x'\ni = 0x1F\nf = 1e3\nn = nan\nb = true\nd = 1979-05-27\nt = 07:32:00\n"
      "o = 1979-05-27T07:32:00Z\na = [1, [2]]\n[x.y]\nz = {}\n[[l]]\nm = 1\n");
  CHECK(read.values().at("i") == 31);
  CHECK(read.values().at("f") == 1000.0);
  CHECK(std::isnan(read.values().at("n").as_double()));
  CHECK(read.values().at("d") == "1979-05-27");
  CHECK(read.values().at("t") == "07:32:00");
  CHECK(read.values().at("o") == "1979-05-27T07:32:00Z");
  CHECK(*read.find({"x", "y", "z"}) == json::object{});
  CHECK(read.values().at("l").as_array().size() == 1);
  CHECK(read.find({"x", "q"}) == nullptr);
  CHECK(read.find({"s", "q"}) == nullptr);
}

TEST_CASE("toml: gives the line of keys, headers, implicit and inline tables") {
  const TomlDocument read =
      document("# c\na = 1\n[b.c]\nd.e = 1\nf = { g = [\n1] }\n[[h]]\ni = 1\n");
  CHECK(read.line_of({"a"}) == 2);
  CHECK(read.line_of({"b"}) == 3);
  CHECK(read.line_of({"b", "c"}) == 3);
  CHECK(read.line_of({"b", "c", "d"}) == 4);
  CHECK(read.line_of({"b", "c", "d", "e"}) == 4);
  CHECK(read.line_of({"b", "c", "f", "g"}) == 5);
  CHECK(read.line_of({"h"}) == 7);
  CHECK_FALSE(read.line_of({"nothing"}).has_value());
}

TEST_CASE("toml: replaces a value and nothing else on its line") {
  CHECK(after_set("a = 1 # one\nb=2", {"a"}, 5) == "a = 5 # one\nb=2");
  CHECK(after_set("a   =\t'x'\r\nb = 2\r\n", {"a"}, "y") == "a   =\t\"y\"\r\nb = 2\r\n");
  CHECK(after_set("\xEF\xBB\xBF"
                  "a = 1\n",
                  {"a"}, 2) ==
        "\xEF\xBB\xBF"
        "a = 2\n");
  CHECK(after_set("s = 'é' \nb = [\n 1,\n 2 ] # t\n", {"b"}, json::array{3}) ==
        "s = 'é' \nb = [3] # t\n");
  CHECK(after_set("d = 1979-05-27 07:32:00Z # when\n", {"d"}, "x") == "d = \"x\" # when\n");
  CHECK(after_set("m = \"\"\"\na # \"b\"\"\"\"\nn = 1\n", {"m"}, "x") == "m = \"x\"\nn = 1\n");
}

TEST_CASE("toml: finds keys however they are written") {
  CHECK(after_set("[\"a.b\".'c']\nd . \"e\" = 1\n", {"a.b", "c", "d", "e"}, 2) ==
        "[\"a.b\".'c']\nd . \"e\" = 2\n");
  CHECK(after_set("\"\\u00e9\\\"\" = 1\n", {"é\""}, 2) == "\"\\u00e9\\\"\" = 2\n");
  CHECK(after_set("a = { b = { c = 1, d = 2 } }\n", {"a", "b", "d"}, 3) ==
        "a = { b = { c = 1, d = 3 } }\n");
  CHECK(after_set("a.b = { c.d = 1 }\n", {"a", "b", "c", "d"}, 3) == "a.b = { c.d = 3 }\n");
  CHECK(after_set("temp_scale = 1\ntemp = 2\n", {"temp"}, 3) == "temp_scale = 1\ntemp = 3\n");
  CHECK(after_set("x = '''\n[a]\nb = 1\n'''\n# [a]\n[a] # b = 3\nb = 2\n", {"a", "b"}, 9) ==
        "x = '''\n[a]\nb = 1\n'''\n# [a]\n[a] # b = 3\nb = 9\n");
}

TEST_CASE("toml: adds a key at the end of its table") {
  CHECK(after_set("[a]\nb = 1 # x\n\n# about c\n[c]\n", {"a", "d"}, "e") ==
        "[a]\nb = 1 # x\nd = \"e\"\n\n# about c\n[c]\n");
  CHECK(after_set("[a]\n# none yet\n", {"a", "d"}, 1) == "[a]\nd = 1\n# none yet\n");
  CHECK(after_set("[a]\r\nb = 1", {"a", "d"}, 1) == "[a]\r\nb = 1\r\nd = 1");
  CHECK(after_set("[a]", {"a", "d"}, 1) == "[a]\nd = 1");
  CHECK(after_set("[a]\n  b = [\n  1]\n", {"a", "d"}, 1) == "[a]\n  b = [\n  1]\n  d = 1\n");
  CHECK(after_set("a = {}\n", {"a", "x", "y"}, 1) == "a = { x.y = 1 }\n");
  CHECK(after_set("a = { b = 1 }\n", {"a", "x y"}, 1) == "a = { b = 1, \"x y\" = 1 }\n");
  CHECK(after_set("[a]\nb.c = 1\n[d]\n", {"a", "b", "e"}, 1) == "[a]\nb.c = 1\nb.e = 1\n[d]\n");
  CHECK(after_set("[a]\nb.c = 1\n", {"a", "b", "e", "f"}, 1) == "[a]\nb.c = 1\nb.e.f = 1\n");
}

TEST_CASE("toml: adds keys of the root above the first header") {
  CHECK(after_set("[a]\n", {"b"}, 1) == "b = 1\n\n[a]\n");
  CHECK(after_set("# file\n\n[a]\n", {"b"}, 1) == "# file\n\nb = 1\n\n[a]\n");
  CHECK(after_set("c = 1\n[a]\n", {"b"}, 1) == "c = 1\nb = 1\n[a]\n");
  CHECK(after_set("", {"b"}, 1) == "b = 1\n");
  CHECK(after_set("\xEF\xBB\xBF[a]\n", {"b"}, 1) ==
        "\xEF\xBB\xBF"
        "b = 1\n\n[a]\n");
}

TEST_CASE("toml: makes missing tables beside their relatives") {
  CHECK(after_set("", {"a", "b", "c"}, 1) == "[a.b]\nc = 1\n");
  CHECK(after_set("[agent]\nx = 1\n\n[tools]\ny = 1\n", {"agent", "simple", "t"}, 1) ==
        "[agent]\nx = 1\n\n[agent.simple]\nt = 1\n\n[tools]\ny = 1\n");
  CHECK(after_set("[a]\nx = 1\n\n# about b\n[b]\n", {"a", "s", "t"}, 1) ==
        "[a]\nx = 1\n\n[a.s]\nt = 1\n\n# about b\n[b]\n");
  CHECK(after_set("[a]\nx = 1", {"b", "c"}, 1) == "[a]\nx = 1\n\n[b]\nc = 1");
  CHECK(after_set("[a.b.c]\nx = 1\r\n", {"a", "b", "y"}, 1) ==
        "[a.b.c]\nx = 1\r\n\n[a.b]\ny = 1\n");
  CHECK(after_set("x = 1\n# tail\n", {"a", "b"}, 1) == "x = 1\n# tail\n\n[a]\nb = 1\n");
  CHECK(after_set("[a.b.c]\nx = 1\n[a]\ny = 1\n", {"a", "z"}, 1) ==
        "[a.b.c]\nx = 1\n[a]\ny = 1\nz = 1\n");
}

TEST_CASE("toml: refuses an edit through something that is no table, and changes nothing") {
  CHECK(contains(refusal_of_edit("a = 1\n",
                                 [](TomlDocument& d) {
                                   d.set({"a", "b"}, 1);
                                 }),
                 "'a' is not a table"));
  CHECK(contains(refusal_of_edit("[[a]]\nb = 1\n",
                                 [](TomlDocument& d) {
                                   d.set({"a", "b"}, 1);
                                 }),
                 "'a' is not a table"));
  CHECK(contains(refusal_of_edit("[a]\nb = 1\n", [](TomlDocument& d) { d.set({"a"}, 1); }),
                 "is a table of its own"));
  CHECK(contains(refusal_of_edit("[a.b]\nc = 1\n", [](TomlDocument& d) { d.set({"a"}, 1); }),
                 "is a table of its own"));
  CHECK(contains(refusal_of_edit("[[a]]\nb = 1\n", [](TomlDocument& d) { d.set({"a"}, 1); }),
                 "is a table of its own"));
  CHECK(contains(refusal_of_edit("[a]\nb = 1\n", [](TomlDocument& d) { d.remove({"a"}); }),
                 "is a table of its own"));
  CHECK(contains(refusal_of_edit("a = 1\n", [](TomlDocument& d) { d.remove({"b"}); }),
                 "there is no such key"));
  CHECK(contains(refusal_of_edit("a = 1\n", [](TomlDocument& d) { d.append({"a"}, 1); }),
                 "it is not an array"));
  CHECK(contains(refusal_of_edit("a = [1]\n", [](TomlDocument& d) { d.remove_item({"a"}, 1.0); }),
                 "it has no 1"));
  CHECK(contains(refusal_of_edit("[[a]]\nb=1\n", [](TomlDocument& d) { d.append({"a"}, 1); }),
                 "not an array that can be edited"));
}

TEST_CASE("toml: refuses values that TOML cannot hold") {
  for (const json::value& bad : {json::value(nullptr), json::value(UINT64_MAX), json::value("\xFF"),
                                 json::value(json::array{nullptr})}) {
    TomlDocument edited = document("a = 1\n");
    CHECK(failure_of([&] { edited.set({"a"}, bad); }).status() == JARVIS_INVALID);
    CHECK(edited.text() == "a = 1\n");
  }
}

TEST_CASE("toml: no string and no key can break out of its place") {
  const std::vector<std::string> hostile{"",
                                         "\"",
                                         "\\",
                                         "'",
                                         "\n[engine]\nhost = 'x'",
                                         "\"\n[engine]\n",
                                         "\r\n",
                                         "]",
                                         "#",
                                         "a = 1",
                                         "\"\"\"",
                                         "'''",
                                         std::string("\0x", 2),
                                         "\x1B[31m",
                                         "\x7F",
                                         "\\u0041",
                                         "é",
                                         "\xF0\x9F\x98\x80",
                                         "a.b",
                                         " ",
                                         "\t",
                                         "{",
                                         "},",
                                         "a\\",
                                         "\xEF\xBB\xBF",
                                         "\xEF\xB8\x80",
                                         "\xE2\x80\xAE",
                                         "true",
                                         "1",
                                         "inf",
                                         "-",
                                         "_"};
  const std::vector<std::string> texts{"[s]\nt = 1\n", "s = { t = 1 }\n", "s.t = 1",
                                       "[s]\nt = [\n 'x', # c\n]\r\n", ""};
  for (const std::string& text : texts)
    for (const std::string& one : hostile)
      for (const std::string& other : hostile) {
        TomlDocument edited = document(text);
        edited.set({"s", one}, json::string(other));
        CHECK(*edited.find({"s", one}) == json::value(other));
        edited.set({"s", one}, json::object{{other, json::array{one, 1.5, true}}});
        edited.remove({"s", one});
        CHECK(edited.find({"s", one}) == nullptr);
      }
}

TEST_CASE("toml: writes numbers so that they keep their type") {
  CHECK(after_set("a=1", {"a"}, 1.0) == "a=1.0");
  CHECK(after_set("a=1", {"a"}, 0.1) == "a=0.1");
  CHECK(after_set("a=1", {"a"}, 1e300) == "a=1e+300");
  CHECK(after_set("a=1", {"a"}, -INFINITY) == "a=-inf");
  CHECK(after_set("a=1", {"a"}, std::nan("")) == "a=nan");
  CHECK(after_set("a=1", {"a"}, INT64_MIN) == "a=-9223372036854775808");
  CHECK(after_set("a=1", {"a"}, false) == "a=false");
}

TEST_CASE("toml: removes a key with its line") {
  CHECK(after_remove("a = 1\nb = 2 # two\nc = 3\n", {"b"}) == "a = 1\nc = 3\n");
  CHECK(after_remove("a = 1\r\nb = [\r\n 1, # x\r\n]\r\nc = 3", {"b"}) == "a = 1\r\nc = 3");
  CHECK(after_remove("a = 1\nb = 2", {"b"}) == "a = 1");
  CHECK(after_remove("a = 1\r\nb = 2", {"b"}) == "a = 1");
  CHECK(after_remove("\xEF\xBB\xBF"
                     "b = 2",
                     {"b"}) == "\xEF\xBB\xBF");
  CHECK(after_remove("\xEF\xBB\xBF"
                     "a = 1\nb = 2",
                     {"a"}) ==
        "\xEF\xBB\xBF"
        "b = 2");
  CHECK(after_remove("a = { b = 1, c = 2, d = 3 }", {"a", "c"}) == "a = { b = 1, d = 3 }");
  CHECK(after_remove("a = { b = 1, c = 2 }", {"a", "c"}) == "a = { b = 1 }");
  CHECK(after_remove("a = { b = 1 } # x", {"a", "b"}) == "a = {} # x");
  CHECK(after_remove("a.b = 1\nc = 1\n", {"a", "b"}) == "c = 1\n");
  CHECK(after_remove("[a]\nb = 1\n[c]\n", {"a", "b"}) == "[a]\n[c]\n");
  CHECK(after_remove("a = { b = 1 }\nc = 2\n", {"a"}) == "c = 2\n");
}

TEST_CASE("toml: appends in the form that the array has") {
  CHECK(after_append("a = []", 1) == "a = [1]");
  CHECK(after_append("a = [ 1 ] # x\n", 2) == "a = [ 1, 2 ] # x\n");
  CHECK(after_append("a = [1, 2,]\n", 3) == "a = [1, 2, 3,]\n");
  CHECK(after_append("a = [\n  'x',\n  'y', # ]\n]\n", "z") ==
        "a = [\n  'x',\n  'y', # ]\n  \"z\",\n]\n");
  CHECK(after_append("a = [\n  'x',\n  'y' # y, y\n]\n", "z") ==
        "a = [\n  'x',\n  'y', # y, y\n  \"z\"\n]\n");
  CHECK(after_append("a = [\r\n\t'x'\r\n]\r\n", "z") == "a = [\r\n\t'x',\r\n\t\"z\"\r\n]\r\n");
  CHECK(after_append("a = [\n  'x', 'y',\n]\n", "z") == "a = [\n  'x', 'y', \"z\",\n]\n");
  CHECK(after_append("a = [\n  'x' # one\n  , # two\n]\n", "z") ==
        "a = [\n  'x' # one\n  , # two\n  \"z\",\n]\n");
  CHECK(after_append("a = [ # c\n 'x',\n 'y']\n", "z") == "a = [ # c\n 'x',\n 'y', \"z\"]\n");
  CHECK(after_append("a = [\n  # none\n]\n", "z") == "a = [\n  # none\n  \"z\",\n]\n");
  CHECK(after_append("a = [['#', ']'], '[']\n", json::array{1}) == "a = [['#', ']'], '[', [1]]\n");
}

TEST_CASE("toml: removes an item with its comma") {
  CHECK(after_remove_item("a = ['x']", "x") == "a = []");
  CHECK(after_remove_item("a = ['x', 'y', 'z']", "x") == "a = ['y', 'z']");
  CHECK(after_remove_item("a = ['x', 'y', 'z']", "y") == "a = ['x', 'z']");
  CHECK(after_remove_item("a = ['x', 'y', 'z']", "z") == "a = ['x', 'y']");
  CHECK(after_remove_item("a = ['x', 'y',]", "y") == "a = ['x',]");
  CHECK(after_remove_item("a = [\n1,\n2,\n]", 2) == "a = [\n1,\n]");
  CHECK(after_remove_item("a = [\n 'x', # x\n 'y', # y\n 'z'  # z\n]\n", "x") ==
        "a = [\n 'y', # y\n 'z'  # z\n]\n");
  CHECK(after_remove_item("a = [\n 'x', # x\n 'y', # y\n 'z'  # z\n]\n", "z") ==
        "a = [\n 'x', # x\n 'y' # y\n]\n");
  CHECK(after_remove_item("a = [\r\n 'x',\r\n 'y',\r\n]\r\n", "y") == "a = [\r\n 'x',\r\n]\r\n");
  CHECK(after_remove_item("a = [\n 'x'\n , 'y'\n]\n", "x") == "a = [\n  'y'\n]\n");
  CHECK(after_remove_item("a = ['x', 'x']", "x") == "a = ['x']");
}

TEST_CASE("toml: edits one value of a long file and leaves every other byte") {
  std::string text;
  for (int i = 0; i < 400; ++i)
    text += "# table " + std::to_string(i) + "\n[agent.a" + std::to_string(i) +
            "]\ntools = [\"x\", 'y']\nmax_turns = 3 # few\n\n";
  const std::string edited = after_set(text, {"agent", "a200", "max_turns"}, 4);
  std::string expected = text;
  expected.replace(expected.find("3", expected.find("max_turns", expected.find("[agent.a200]"))), 1,
                   "4");
  CHECK(edited == expected);
}

TEST_CASE("toml: a path prints with quotes where it needs them") {
  CHECK(dotted({"agent", "a.b", "", "x y", "ok_-1"}) == "agent.\"a.b\".\"\".\"x y\".ok_-1");
}

TEST_CASE("toml: characters that toml++ cannot class are safe wherever they stand") {
  for (const std::string rare : {"\xEF\xAF\xA6", "\xEF\xB8\x8F", "\xEF\xBB\xBE"}) {
    const TomlDocument read = document("a = \"\"\"x\\\n  " + rare + "\"\"\"\n");
    CHECK(read.values().at("a").as_string() == "x" + rare);
    for (const char* before :
         {"a = \"\"\"\\", "a = { b = 1\"", "a = 1'", "a = [tr\"", "a = 1979-05-27\"", "[\""})
      refusal_of_parse(before + rare);
  }
}
