// docs/security.md says which test causes which fault: each of them must be there.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

/** All names of tests and of their parts, with the pieces of those that are broken over lines put
 * together. */
std::string all_tests() {
  std::string all;
  for (const char* folder : {"tests", "plugins"})
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(SOURCE_TREE) / folder))
      if (entry.path().extension() == ".cpp") all += text_of(entry.path());
  return std::regex_replace(all, std::regex("\"\\s*\n\\s*\""), "");
}

std::vector<std::string> rows_of_the_table() {
  std::istringstream text(text_of(fs::path(SOURCE_TREE) / "docs" / "security.md"));
  std::vector<std::string> rows;
  bool is_inside = false;
  for (std::string line; std::getline(text, line);) {
    is_inside = is_inside || line == "| fault | test |";
    if (!is_inside || line == "| fault | test |" || line == "|---|---|") continue;
    if (line.rfind("| ", 0) != 0) break;
    rows.push_back(line);
  }
  return rows;
}

}  // namespace

TEST_CASE("table of faults: every test that it names exists") {
  const std::string tests = all_tests();
  const std::vector<std::string> rows = rows_of_the_table();
  CHECK(rows.size() > 45);
  const std::regex name("`([^`]+: [^`]+)`");
  for (const std::string& row : rows) {
    std::size_t named = 0;
    for (std::sregex_iterator at(row.begin(), row.end(), name), end; at != end; ++at, ++named) {
      CAPTURE((*at)[1]);
      CHECK(tests.find("\"" + (*at)[1].str() + "\"") != std::string::npos);
    }
    CHECK_MESSAGE(named > 0, row);
  }
}
