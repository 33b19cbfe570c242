#include <doctest/doctest.h>

#include <algorithm>
#include <regex>
#include <set>

#include "tests/documents/pages.hpp"

using namespace jarvis::testing;
namespace fs = std::filesystem;

namespace {

/** The anchor that GitHub gives a heading. */
std::string anchor_of(const std::string& heading) {
  std::string anchor;
  for (const char c : heading) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || c == '-' || c == '_' || byte >= 0x80)
      anchor += static_cast<char>(std::tolower(byte));
    else if (c == ' ')
      anchor += '-';
  }
  return anchor;
}

std::set<std::string> anchors_of(const std::string& page) {
  std::set<std::string> anchors;
  for (const std::string& line : prose_lines(page))
    if (const std::size_t end = line.find_first_not_of('#'); end != 0 && end != std::string::npos)
      anchors.insert(anchor_of(line.substr(end + 1)));
  return anchors;
}

struct Link {
  std::size_t line = 0;
  std::string target;
};

std::vector<Link> links_of(const std::string& page) {
  static const std::regex link(R"(\]\(([^)\s]+)\))");
  std::vector<Link> links;
  const auto lines = prose_lines(page);
  for (std::size_t i = 0; i < lines.size(); ++i)
    for (std::sregex_iterator it(lines[i].begin(), lines[i].end(), link), end; it != end; ++it)
      links.push_back({i + 1, (*it)[1]});
  return links;
}

bool begins(const std::string& text, const std::string& start) {
  return text.rfind(start, 0) == 0;
}

}  // namespace

TEST_CASE("documents: every relative link leads to a file, and to a heading where it names one") {
  std::size_t count = 0;
  for (const Page& page : all_pages())
    for (const Link& link : links_of(page.text)) {
      if (begins(link.target, "http")) continue;
      ++count;
      INFO(page.name << ":" << link.line << " " << link.target);
      const std::size_t mark = link.target.find('#');
      const std::string file = link.target.substr(0, mark);
      const fs::path target = file.empty()
                                  ? fs::path(page.name)
                                  : (fs::path(page.name).parent_path() / file).lexically_normal();
      REQUIRE(fs::exists(source_path(target.string())));
      if (mark == std::string::npos) continue;
      CHECK(anchors_of(source_text(target.string())).contains(link.target.substr(mark + 1)));
    }
  CHECK(count > 20);
}

TEST_CASE("documents: a file of the source that a page names is there") {
  static const std::regex path("(docs|config|core|plugins|sdk|tests|cmake)/[A-Za-z0-9_./-]*");
  for (const Page& page : user_pages())
    for (const CodeSpan& span : code_spans(page.text)) {
      if (!std::regex_match(span.text, path)) continue;
      INFO(page.name << ":" << span.line << " " << span.text);
      CHECK(fs::exists(source_path(span.text)));
    }
}

TEST_CASE("documents: every page for users is in the index") {
  std::set<std::string> linked;
  for (const Link& link : links_of(source_text("docs/README.md")))
    linked.insert(link.target.substr(0, link.target.find('#')));
  for (const Page& page : user_pages())
    if (begins(page.name, "docs/") && page.name != "docs/README.md")
      CHECK_MESSAGE(linked.contains(page.name.substr(5)), page.name);
}
