#include "core/report/markdown_text.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace jarvis::markdown;

TEST_CASE("markdown: what could be markup within a line is escaped") {
  CHECK(plain("<script>alert(1)</script>") == R"(\<script\>alert\(1\)\</script\>)");
  CHECK(plain("*a* _b_ `c` ~~d~~") == R"(\*a\* \_b\_ \`c\` \~\~d\~\~)");
  CHECK(plain("![x](javascript:y)") == R"(\!\[x\]\(javascript:y\))");
  CHECK(plain("a|b") == R"(a\|b)");
  CHECK(plain("&lt;b&gt;") == R"(\&lt;b\&gt;)");
  CHECK(plain("\\<") == R"(\\\<)");
  CHECK(plain("$x$") == R"(\$x\$)");
}

TEST_CASE("markdown: no link is made of an address, and nobody is mentioned") {
  CHECK(plain("see https://evil.example/x") == R"(see https\://evil.example/x)");
  CHECK(plain("www.evil.example and WWW.x") == R"(www\.evil.example and WWW\.x)");
  CHECK(plain("ask @octocat or a@b.example") == "ask @<!-- -->octocat or a@<!-- -->b.example");
}

TEST_CASE("markdown: a text begins no list, heading or quote") {
  CHECK(plain("- a") == R"(\- a)");
  CHECK(plain("+ a") == R"(\+ a)");
  CHECK(plain("# a") == R"(\# a)");
  CHECK(plain("> a") == R"(\> a)");
  CHECK(plain("12. a") == R"(12\. a)");
  CHECK(plain("3) a") == R"(3\) a)");
  CHECK(plain("=== a") == R"(\=== a)");
  CHECK(plain("one\n# two\n- three").find('\n') == std::string::npos);
}

TEST_CASE("markdown: plain words stay plain") {
  CHECK(plain("set_model_param") == "set_model_param");
  CHECK(plain("It's 12.5 % of a-b.") == "It's 12.5 % of a-b.");
  CHECK(plain("") == "");
}

TEST_CASE("markdown: no backticks of a text end its fence or its code") {
  const std::string hostile = "a\n```\n<script>\n````\nb";
  std::istringstream lines(fenced(hostile));
  std::string first, line;
  std::getline(lines, first);
  const std::string fence = first.substr(0, first.find('t'));
  int closing = 0;
  while (std::getline(lines, line)) closing += line == fence ? 1 : 0;
  CHECK(fence == "`````");
  CHECK(closing == 1);
  CHECK(code("a``b") == "```a``b```");
  CHECK(code("`a") == "`` `a ``");
}

TEST_CASE("markdown: what cannot be seen is made visible") {
  for (const std::string hidden : {"a\x1b[2Jb", "a\u202Eb", "a\u200Bb"}) {
    CHECK(plain(hidden).find(hidden.substr(1, hidden.size() - 2)) == std::string::npos);
    CHECK(fenced(hidden).find(hidden.substr(1, hidden.size() - 2)) == std::string::npos);
  }
}
