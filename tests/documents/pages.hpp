#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace jarvis::testing {

/** A page of Markdown. */
struct Page {
  std::string name;  ///< from the root of the source: "docs/gate.md"
  std::string text;
};

/** README.md, CHANGELOG.md and all that lies in docs/. */
std::vector<Page> all_pages();
/** Those for somebody who uses the program: README.md and docs/ without decisions and examples. */
std::vector<Page> user_pages();

std::filesystem::path source_path(const std::string& name);
std::string source_text(const std::string& name);

/** `like this`: a text in backticks. */
struct CodeSpan {
  std::size_t line = 0;  ///< from 1
  std::string text;
};

/** In the order of the page; none from fenced blocks. */
std::vector<CodeSpan> code_spans(const std::string& page);

/** The lines of a page, those of fenced blocks empty. */
std::vector<std::string> prose_lines(const std::string& page);

/** Checks that the part of a page between its two marks "<!-- made from …: begin -->" and
 * "<!-- end -->" is this text. With JARVIS_TEST_WRITE_EXPECTED=1 it is written there. */
void check_made_part(const std::string& name, const std::string& made);

}  // namespace jarvis::testing
