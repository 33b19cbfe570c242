#include "tests/documents/pages.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

#include "core/base/atomic_file.hpp"

namespace jarvis::testing {

namespace fs = std::filesystem;

namespace {

constexpr const char* kBegin = ": begin -->\n";
constexpr const char* kEnd = "<!-- end -->";

std::vector<Page> pages_in(const std::vector<fs::path>& paths) {
  std::vector<Page> pages;
  for (const fs::path& path : paths) {
    const std::string name = fs::relative(path, SOURCE_TREE).string();
    pages.push_back({name, source_text(name)});
  }
  std::sort(pages.begin(), pages.end(),
            [](const Page& one, const Page& other) { return one.name < other.name; });
  return pages;
}

}  // namespace

fs::path source_path(const std::string& name) {
  return fs::path(SOURCE_TREE) / name;
}

std::string source_text(const std::string& name) {
  const auto text = read_file(source_path(name));
  if (!text) throw std::runtime_error(text.error().message);
  return *text;
}

std::vector<Page> all_pages() {
  std::vector<fs::path> paths{source_path("README.md"), source_path("CHANGELOG.md")};
  for (const auto& entry : fs::recursive_directory_iterator(source_path("docs")))
    if (entry.path().extension() == ".md") paths.push_back(entry.path());
  return pages_in(paths);
}

std::vector<Page> user_pages() {
  std::vector<fs::path> paths{source_path("README.md")};
  for (const auto& entry : fs::directory_iterator(source_path("docs")))
    if (entry.path().extension() == ".md") paths.push_back(entry.path());
  return pages_in(paths);
}

std::vector<std::string> prose_lines(const std::string& page) {
  std::vector<std::string> found;
  std::istringstream lines(page);
  bool is_block = false;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t begin = line.find_first_not_of(' ');
    const bool is_fence = begin != std::string::npos && line.compare(begin, 3, "```") == 0;
    if (is_fence) is_block = !is_block;
    found.push_back(is_block || is_fence ? "" : line);
  }
  return found;
}

std::vector<CodeSpan> code_spans(const std::string& page) {
  std::vector<CodeSpan> spans;
  const auto lines = prose_lines(page);
  for (std::size_t i = 0; i < lines.size(); ++i)
    for (std::size_t open = lines[i].find('`'); open != std::string::npos;) {
      const std::size_t close = lines[i].find('`', open + 1);
      if (close == std::string::npos) break;
      spans.push_back({i + 1, lines[i].substr(open + 1, close - open - 1)});
      open = lines[i].find('`', close + 1);
    }
  return spans;
}

void check_made_part(const std::string& name, const std::string& made) {
  const std::string page = source_text(name);
  const std::size_t mark = page.find(kBegin);
  REQUIRE(mark != std::string::npos);
  const std::size_t begin = mark + std::string(kBegin).size(), end = page.find(kEnd, begin);
  REQUIRE(end != std::string::npos);
  if (std::getenv("JARVIS_TEST_WRITE_EXPECTED")) {
    REQUIRE(
        write_file_atomically(source_path(name), page.substr(0, begin) + made + page.substr(end)));
    return;
  }
  INFO("JARVIS_TEST_WRITE_EXPECTED=1 writes " << name << " anew");
  std::istringstream written(page.substr(begin, end - begin)), wanted(made);
  for (std::string one, other; std::getline(wanted, other);) {
    std::getline(written, one);
    REQUIRE(one == other);
  }
  CHECK(end - begin == made.size());
}

}  // namespace jarvis::testing
