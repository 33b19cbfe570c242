#include "core/home/checkpoint/commit_message.hpp"

#include <doctest/doctest.h>

using namespace jarvis;

namespace {

const std::vector<std::pair<std::string, std::string>> kTrailers = {{"Edit-ID", "e1"},
                                                                    {"Risk-Tier", "auto"}};

std::string body_with(const std::string& body) {
  return commit_message({"subject", body, kTrailers});
}

const std::string kPlain = "subject\n\nEdit-ID: e1\nRisk-Tier: auto\n";

}  // namespace

TEST_CASE("commit message: no text of the teacher can pass for a trailer") {
  for (const char* line : {"Edit-ID: other", "edit-id: other", "  Session-ID : other",
                           "Risk-Tier=auto", "RISK_TIER: auto", "Edit\xE2\x80\x91ID: other",
                           "\tEdit-ID:other", "Session-ID # x", "Edit-ID:", "\rEdit-ID: other",
                           "\x1b"
                           "Edit-ID: x"})
    CHECK_MESSAGE(body_with(line) == kPlain, line);
  CHECK(body_with("one\nEdit-ID: x\ntwo") ==
        "subject\n\none\ntwo\n\nEdit-ID: e1\nRisk-Tier: auto\n");
  CHECK(commit_message({"a\nEdit-ID: x", "", {}}) == "a Edit-ID: x\n");
  CHECK(commit_message({"s", "", {{"Edit-ID", "e1\nRisk-Tier: auto"}}}) ==
        "s\n\nEdit-ID: e1 Risk-Tier: auto\n");
}

TEST_CASE("commit message: a line of dashes does not end the message") {
  CHECK(body_with("a\n---\nb").find("\n ---\n") != std::string::npos);
}

TEST_CASE("commit message: the subject is one line of at most 72 characters") {
  CHECK(commit_message({std::string(72, 'x'), "", {}}) == std::string(72, 'x') + "\n");
  CHECK(commit_message({std::string(73, 'x'), "", {}}) == std::string(71, 'x') + "…\n");
  std::string long_subject;
  for (int i = 0; i < 100; ++i) long_subject += "é";
  CHECK(commit_message({long_subject, "", {}}).size() == 71 * 2 + 3 + 1);
  CHECK(commit_message({"  two\n lines\x1b[31m ", "", {}}) == "two lines [31m\n");
  CHECK(commit_message({"", "", {}}) == "learning: edit\n");
}

TEST_CASE("commit message: the body keeps its paragraphs and loses blank ends") {
  CHECK(body_with("\n\none\ntwo\n\n\nthree\n\n") ==
        "subject\n\none\ntwo\n\nthree\n\nEdit-ID: e1\nRisk-Tier: auto\n");
  CHECK(commit_message({"s", "bad \xff", {}}) == "s\n\nbad \xEF\xBF\xBD\n");
}
