#include <doctest/doctest.h>

#include <jarvis/sdk/failure.hpp>
#include <jarvis/text/unified_diff.hpp>

using jarvis::sdk::Failure;
using jarvis::text::apply_unified_diff;

namespace {

const std::string kText = "one\ntwo\nthree\n\nfour\nfive\nsix\n";

std::string refusal(const std::string& original, const std::string& diff) {
  try {
    apply_unified_diff(original, diff);
  } catch (const Failure& failure) {
    CHECK(failure.status() == JARVIS_REFUSED);
    CHECK_FALSE(failure.hint().empty());
    return failure.what();
  }
  return "nothing was refused";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("diff: refuses what is no diff") {
  CHECK(contains(refusal(kText, ""), "the diff has no hunk"));
  CHECK(contains(refusal(kText, "--- a/p\n+++ b/p\n"), "the diff has no hunk"));
  CHECK(contains(refusal(kText, "You are a helpful assistant.\n"),
                 "line 1 of the diff belongs to no hunk"));
  CHECK(contains(refusal(kText, "Here it is:\n@@ -1 +1 @@\n-one\n+1\n"),
                 "line 1 of the diff belongs to no hunk"));
  CHECK(contains(refusal(kText, "@@ -1,2 +1,2 @@\n"), "hunk 1 (@@ -1,2 +1,2 @@) is empty"));
  CHECK(contains(refusal(kText, "@@ -1 +1 @@\n-one\n+1\nand so on\n"), "begins with none of"));
  CHECK(contains(refusal(kText, "```diff\n@@ -1 +1 @@\n-one\n+1\n"), "fence is not closed"));
}

TEST_CASE("diff: refuses a hunk whose lines are not in the text, naming hunk and line") {
  CHECK(contains(
      refusal(kText, "@@ -1,2 +1,2 @@\n one\n-TWO\n+2\n"),
      "hunk 1 (@@ -1,2 +1,2 @@) does not apply: the removed line 'TWO' is not in the text"));
  CHECK(contains(
      refusal(kText, "@@ -1 +1 @@\n-one\n+1\n@@ -5,2 +5,2 @@\n Four\n-five\n+5\n"),
      "hunk 2 (@@ -5,2 +5,2 @@) does not apply: the context line 'Four' is not in the text"));
  CHECK(contains(refusal(kText, "@@ -1,2 +1,2 @@\n one\n-three\n+3\n"), "do not stand together"));
  CHECK(contains(refusal(kText, "@@ -2,1 +2,1 @@\n-two \n+2\n"), "'two ' is not in the text"));
  CHECK(contains(refusal("", "@@ -1 +1 @@\n-one\n+1\n"), "'one' is not in the text"));
}

TEST_CASE("diff: refuses a place that is not the only one") {
  CHECK(contains(refusal("a\nx\nb\na\nx\nc\n", "@@ -9,2 +9,2 @@\n a\n-x\n+y\n"),
                 "ambiguous: its lines stand in more than one place, at lines 1 and 4"));
  CHECK(contains(refusal("a\na\n", "@@\n-a\n+b\n"), "more than one place"));
  CHECK(contains(refusal(kText, "@@ -3,0 +4 @@\n+new\n"), "it has no context"));
  CHECK(contains(refusal(kText, "@@\n+new\n"), "it has no context"));
}

TEST_CASE("diff: refuses hunks out of order and hunks that overlap") {
  CHECK(contains(refusal(kText, "@@ -5,1 +5,1 @@\n-four\n+4\n@@ -1,1 +1,1 @@\n-one\n+1\n"),
                 "before the end of the hunk above"));
  CHECK(contains(
      refusal(kText, "@@ -1,2 +1,2 @@\n-one\n+1\n two\n@@ -2,2 +2,2 @@\n two\n-three\n+3\n"),
      "hunk 2"));
}

TEST_CASE("diff: refuses a diff of more than one file") {
  CHECK(contains(
      refusal(kText,
              "--- a/p\n+++ b/p\n@@ -1 +1 @@\n-one\n+1\n--- a/q\n+++ b/q\n@@ -1 +1 @@\n-x\n+y\n"),
      "more than one file"));
  CHECK(contains(
      refusal(
          kText,
          "diff --git a/p b/p\n@@ -9 +9 @@\n-one\n+1\ndiff --git a/q b/q\n@@ -1 +1 @@\n-x\n+y\n"),
      "more than one file"));
  CHECK(contains(refusal(kText, "--- a/p\n+++ b/p\n--- a/q\n+++ b/q\n@@ -1 +1 @@\n-one\n+1\n"),
                 "more than one file"));
}

TEST_CASE("diff: applies several hunks with right numbers") {
  CHECK(apply_unified_diff(kText,
                           "diff --git a/p b/p\nindex 1..2 100644\n--- a/p\n+++ b/p\n@@ -1,2 +1,3 "
                           "@@ head\n one\n-two\n+2\n+2b\n@@ -6,2 +7,1 @@\n five\n-six\n") ==
        "one\n2\n2b\nthree\n\nfour\nfive\n");
}

TEST_CASE("diff: finds a hunk by its content when the numbers are wrong or missing") {
  CHECK(apply_unified_diff(kText, "@@ -40,2 +40,2 @@\n four\n-five\n+5\n") ==
        "one\ntwo\nthree\n\nfour\n5\nsix\n");
  CHECK(apply_unified_diff(kText, "@@ ... @@\n-five\n+5\n") == "one\ntwo\nthree\n\nfour\n5\nsix\n");
  CHECK(apply_unified_diff(kText, "@@\n-five\n+5\n@@ -x @@\n-six\n+6\n") ==
        "one\ntwo\nthree\n\nfour\n5\n6\n");
}

TEST_CASE("diff: believes a number that fits, also where the lines stand twice") {
  CHECK(apply_unified_diff("a\nx\nb\na\nx\nc\n", "@@ -4,2 +4,2 @@\n a\n-x\n+y\n") ==
        "a\nx\nb\na\ny\nc\n");
}

TEST_CASE("diff: does not mind wrong counts") {
  CHECK(apply_unified_diff(kText, "@@ -1,7 +1,9 @@\n one\n-two\n+2\n") ==
        "one\n2\nthree\n\nfour\nfive\nsix\n");
  CHECK(
      apply_unified_diff(kText, "@@ -1,1 +1,1 @@\n one\n-two\n+2\n@@ -6,9 +6,1 @@\n-five\n+5\n") ==
      "one\n2\nthree\n\nfour\n5\nsix\n");
}

TEST_CASE("diff: blank context lines may lack their blank") {
  CHECK(apply_unified_diff(kText, "@@ -3,3 +3,3 @@\n three\n\n-four\n+4\n") ==
        "one\ntwo\nthree\n\n4\nfive\nsix\n");
  CHECK(apply_unified_diff(kText,
                           "@@ -9,9 +3,3 @@\n three\n\n-four\n+4\n\n\n@@ -9,9 @@\n-six\n+6\n\n") ==
        "one\ntwo\nthree\n\n4\nfive\n6\n");
}

TEST_CASE("diff: a fence around it is no part of it") {
  CHECK(apply_unified_diff(kText, "\n```diff\n--- a\n+++ b\n@@ -1 +1 @@\n-one\n+1\n```\n\n") ==
        "1\ntwo\nthree\n\nfour\nfive\nsix\n");
}

TEST_CASE("diff: lines that look like file headers are content where the counts say so") {
  CHECK(apply_unified_diff("a\n-- x\nb\n", "@@ -1,3 +1,3 @@\n a\n--- x\n+++ y\n b\n") ==
        "a\n++ y\nb\n");
}

TEST_CASE("diff: keeps CRLF whatever the diff uses, and every unchanged byte") {
  CHECK(apply_unified_diff("one\r\ntwo\r\nthree\r\n", "@@ -1,2 +1,3 @@\n one\n-two\n+2\n+2b\n") ==
        "one\r\n2\r\n2b\r\nthree\r\n");
  CHECK(apply_unified_diff("one\ntwo\n", "@@ -1,2 +1,2 @@\r\n one\r\n-two\r\n+2\r\n") ==
        "one\n2\n");
  CHECK(apply_unified_diff("one\r\ntwo\nthree\r\n", "@@ -2,2 +2,2 @@\n two\n-three\n+3\n") ==
        "one\r\ntwo\n3\r\n");
}

TEST_CASE("diff: a missing final newline stays missing unless the diff says otherwise") {
  CHECK(apply_unified_diff("one\ntwo", "@@ -1,2 +1,2 @@\n one\n-two\n+2\n") == "one\n2");
  CHECK(apply_unified_diff("one\ntwo", "@@ -2 +2,2 @@\n two\n+three\n") == "one\ntwo\nthree");
  CHECK(apply_unified_diff("one\r\ntwo", "@@ -2 +2,2 @@\n two\n+three\n") == "one\r\ntwo\r\nthree");
  CHECK(apply_unified_diff("one\ntwo", "@@ -1 +1 @@\n-one\n+1\n") == "1\ntwo");
  CHECK(apply_unified_diff("one\ntwo",
                           "@@ -1,2 +1,2 @@\n one\n-two\n\\ No newline at end of file\n+two\n") ==
        "one\ntwo\n");
  CHECK(apply_unified_diff("one\ntwo\n",
                           "@@ -1,2 +1,2 @@\n one\n-two\n+two\n\\ No newline at end of file\n") ==
        "one\ntwo");
  CHECK(apply_unified_diff("one\ntwo",
                           "@@ -1,2 +1,2 @@\n-one\n+1\n two\n\\ No newline at end of file\n") ==
        "1\ntwo");
  CHECK(apply_unified_diff("one\ntwo",
                           "@@ -1,2 +1,3 @@\n one\n-two\n\\ No newline at end of "
                           "file\n+two\n+three\n\\ No newline at end of file\n") ==
        "one\ntwo\nthree");
}

TEST_CASE("diff: the mark \"no newline\" fits the last line only") {
  CHECK(contains(refusal("x\ny\nz\n", "@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+q\n"),
                 "does not apply"));
  CHECK(apply_unified_diff(
            "x\ny\nx",
            "@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+q\n\\ No newline at end of file\n") ==
        "x\ny\nq");
}

TEST_CASE("diff: adds without context at the two ends of the text only") {
  CHECK(apply_unified_diff("", "@@ -0,0 +1,2 @@\n+one\n+two\n") == "one\ntwo\n");
  CHECK(apply_unified_diff("two\n", "@@ -0,0 +1 @@\n+one\n") == "one\ntwo\n");
  CHECK(apply_unified_diff("one\n", "@@ -1,0 +2 @@\n+two\n") == "one\ntwo\n");
}

TEST_CASE("diff: may remove everything") {
  CHECK(apply_unified_diff("one\ntwo\n", "@@ -1,2 +0,0 @@\n-one\n-two\n").empty());
}
