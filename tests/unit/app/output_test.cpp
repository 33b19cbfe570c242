#include "core/app/cli/output.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <functional>
#include <sstream>

#include "core/app/cli/diff_lines.hpp"
#include "core/app/cli/text_layout.hpp"

using namespace jarvis;

namespace {

/** What the output's functions write. */
std::string written(const Output::Form& form, const std::function<void(const Output&)>& print) {
  char* bytes = nullptr;
  std::size_t size = 0;
  std::FILE* const stream = ::open_memstream(&bytes, &size);
  REQUIRE(stream);
  print(Output(form, stream));
  std::fclose(stream);
  const std::string text(bytes, size);
  std::free(bytes);
  return text;
}

std::size_t widest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, columns_of(line));
  return widest;
}

const std::vector<std::string> kHeader{"SESSION", "STATUS", "COST", "EDITS"};

std::string table(int width, const std::vector<std::string>& row) {
  return written({false, false, width},
                 [&](const Output& output) { output.table(kHeader, {row}); });
}

}  // namespace

TEST_CASE("text: wide characters take two columns, combining ones none") {
  CHECK(columns_of("abc") == 3);
  CHECK(columns_of("Größe–") == 6);
  CHECK(columns_of("日本語") == 6);
  CHECK(columns_of("e\xCC\x81") == 1);
  CHECK(columns_of("\xFF\xFE") == 2);
  CHECK(columns_of("") == 0);
}

TEST_CASE("text: pieces end between characters") {
  CHECK(pieces_of("日本語", 4) == std::vector<std::string>{"日本", "語"});
  CHECK(pieces_of("日本語", 1) == std::vector<std::string>{"日", "本", "語"});
  CHECK(pieces_of("", 4) == std::vector<std::string>{""});
}

TEST_CASE("text: a word that is too long stays whole, unless it goes to a window") {
  CHECK(wrapped("an unbreakable word", 5, false) ==
        std::vector<std::string>{"an", "unbreakable", "word"});
  CHECK(wrapped("an unbreakable word", 5, true) ==
        std::vector<std::string>{"an", "unbre", "akabl", "e", "word"});
  CHECK(wrapped("  ", 5, true) == std::vector<std::string>{""});
}

TEST_CASE("table: the last column takes what is left, and wraps there") {
  CHECK(table(47, {"s-1", "done", "$1", "one two three four five"}) ==
        "SESSION  STATUS  COST  EDITS\n"
        "s-1      done    $1    one two three four five\n");
  CHECK(table(47, {"s-1", "done", "$1", "one two three four five six"}) ==
        "SESSION  STATUS  COST  EDITS\n"
        "s-1      done    $1    one two three four five\n"
        "                       six\n");
}

TEST_CASE("table: the last column goes below the others where no room is left beside them") {
  CHECK(table(40, {"session-20260601T030000", "done", "$1", "one two three"}) ==
        "SESSION                  STATUS  COST\n"
        "    EDITS\n"
        "session-20260601T030000  done    $1\n"
        "    one two three\n");
}

TEST_CASE("table: each cell has its line where the columns do not fit at all") {
  CHECK(table(40, {"session-20260601T030000", "awaiting_review", "$1", "one"}) ==
        "session-20260601T030000\n"
        "    STATUS  awaiting_review\n"
        "    COST    $1\n"
        "    EDITS   one\n");
}

TEST_CASE("table: nothing is wider than a window, however long its words are") {
  const std::string word(300, 'x');
  for (const std::vector<std::string>& row :
       {std::vector<std::string>{word, "done", "$1", "one"},
        std::vector<std::string>{"s-1", "done", "$1", word},
        std::vector<std::string>{"s-1", "日本語日本語日本語日本語日本語", "$1", word}}) {
    // No window takes what a test writes: COLUMNS stands for it.
    ::setenv("COLUMNS", "60", 1);
    const std::string text = written({false, false, 80, true},
                                     [&](const Output& output) { output.table(kHeader, {row}); });
    ::unsetenv("COLUMNS");
    CAPTURE(text);
    CHECK(widest_line(text) <= 60);
  }
}

TEST_CASE("diff: within a hunk the first character alone says what a line is") {
  DiffLines lines;
  using Kind = DiffLines::Kind;
  CHECK(lines.kind_of("--- a/config.toml") == Kind::header);
  CHECK(lines.kind_of("+++ b/config.toml") == Kind::header);
  CHECK(lines.kind_of("@@ -1,3 +1,2 @@") == Kind::hunk);
  CHECK(lines.kind_of("--- a rule of hyphens") == Kind::removed);
  CHECK(lines.kind_of("-two") == Kind::removed);
  CHECK(lines.kind_of("+++ three plusses") == Kind::added);
  CHECK(lines.kind_of(" same") == Kind::context);
  CHECK(lines.kind_of("\\ No newline at end of file") == Kind::context);
  CHECK(lines.kind_of("--- a/agents/simple.md") == Kind::header);
}

TEST_CASE("diff: is coloured where colours are wanted, and whole where there is no window") {
  const std::string diff = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+" + std::string(120, 'n') + "\n";
  const auto print = [&](const Output& output) { output.diff(diff); };
  CHECK(written({false, false, 80}, print) ==
        "    --- a/x\n    +++ b/x\n    @@ -1 +1 @@\n    -old\n    +" + std::string(120, 'n') +
            "\n");
  const std::string coloured = written({false, true, 80}, print);
  CHECK(coloured.find("\x1b[1m--- a/x\x1b[0m") != std::string::npos);
  CHECK(coloured.find("\x1b[36m@@ -1 +1 @@\x1b[0m") != std::string::npos);
  CHECK(coloured.find("\x1b[31m-old\x1b[0m") != std::string::npos);
  CHECK(coloured.find("\x1b[32m+nnn") != std::string::npos);
}

TEST_CASE("diff: control characters in it do not reach the terminal") {
  const std::string text = written({false, true, 80}, [](const Output& output) {
    output.diff("@@ -0,0 +1 @@\n+\x1b]0;title\x07\n");
  });
  CHECK(text.find("\x1b]") == std::string::npos);
  CHECK(text.find("\\x1b]0;title\\x07") != std::string::npos);
}
