#include <doctest/doctest.h>

#include "core/home/checkpoint/changed_lines.hpp"
#include "core/ports/checkpoint.hpp"

using namespace jarvis;

TEST_CASE("diff: files that appear, vanish and change are printed as git prints them") {
  const auto text = unified_diff({{"agents/a/p.md", std::nullopt, "new\n"},
                                  {"config.toml", "a = 1\nb = 2\n", "a = 1\nb = 3"},
                                  {"tools/t.toml", "gone\n", std::nullopt}});
  REQUIRE(text.ok());
  CHECK(text->find("diff --git a/agents/a/p.md b/agents/a/p.md\nnew file mode 100644\n") == 0);
  CHECK(text->find("--- /dev/null\n+++ b/agents/a/p.md\n@@ -0,0 +1 @@\n+new\n") !=
        std::string::npos);
  CHECK(text->find("--- a/config.toml\n+++ b/config.toml\n@@ -1,2 +1,2 @@\n a = 1\n-b = 2\n+b = 3\n"
                   "\\ No newline at end of file\n") != std::string::npos);
  CHECK(text->find("deleted file mode 100644\n") != std::string::npos);
  CHECK(text->find("+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n") != std::string::npos);
  CHECK(unified_diff({})->empty());
}

TEST_CASE("diff: nothing hides behind 'binary files differ'") {
  const auto text = unified_diff({{"agents/a/p.md", std::string("a\0b\n", 4), "evil\n"}});
  REQUIRE(text.ok());
  CHECK(text->find("+evil") != std::string::npos);
}

TEST_CASE("changed lines: the share is that of a real diff, not of positions") {
  CHECK(changed_line_share("a\nb\nc\nd\n", "a\nb\nc\nd\n") == 0);
  CHECK(changed_line_share("a\nb\nc\nd\n", "top\na\nb\nc\nd\n") == 0);
  CHECK(changed_line_share("a\nb\nc\nd\n", "a\nB\nc\nd\n") == doctest::Approx(0.25));
  CHECK(changed_line_share("a\nb\nc\nd", "x\ny\nz\n") == doctest::Approx(1));
  CHECK(changed_line_share("a\nb\n", "") == doctest::Approx(1));
  CHECK(changed_line_share("", "") == 0);
  CHECK(changed_line_share("", "new\n") == doctest::Approx(1));
  CHECK(changed_line_share("a\r\nb\r\n", "a\nb\n") == doctest::Approx(1));
}
