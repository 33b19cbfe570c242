#include <doctest/doctest.h>

#include <algorithm>
#include <regex>

#include "core/model/result.hpp"
#include "tests/documents/pages.hpp"

using namespace jarvis::testing;
namespace fs = std::filesystem;

namespace {

constexpr const char* kTroubleshooting = "docs/troubleshooting.md";
constexpr const char* kAny = "…";

/** What users search for. They are promised: a message may grow, but not begin otherwise. */
constexpr const char* kPromised[] = {"Not enough traces yet", "Working tree dirty, cannot stage",
                                     "All clusters dropped: insufficient evidence",
                                     "ConfigurationError: distillation root inside source tree",
                                     "Personal benchmark is empty"};

/** The program's sources; texts that are put together from pieces stand there in one. */
std::string sources() {
  static const std::string all = [] {
    std::string text;
    for (const char* folder : {"core", "plugins", "sdk"})
      for (const auto& entry : fs::recursive_directory_iterator(source_path(folder))) {
        const std::string name = fs::relative(entry.path(), source_path("")).string();
        const bool is_source =
            entry.path().extension() == ".cpp" || entry.path().extension() == ".hpp";
        if (is_source && name.find("test") == std::string::npos) text += source_text(name);
      }
    return std::regex_replace(text, std::regex(R"("\s*\n\s*")"), "");
  }();
  return all;
}

/** The texts between "…". */
std::vector<std::string> pieces_of(const std::string& message) {
  std::vector<std::string> pieces;
  std::size_t begin = 0;
  for (std::size_t at; (at = message.find(kAny, begin)) != std::string::npos;
       begin = at + std::string(kAny).size())
    pieces.push_back(message.substr(begin, at - begin));
  pieces.push_back(message.substr(begin));
  return pieces;
}

/** What is no word of the message itself: blanks and quotes at the border to a name. */
std::string core_of(const std::string& piece) {
  const std::size_t begin = piece.find_first_not_of(" '(:,;"),
                    end = piece.find_last_not_of(" '):,;");
  return begin == std::string::npos ? "" : piece.substr(begin, end - begin + 1);
}

/** The messages in the first cells of tables whose heading says so. */
std::vector<CodeSpan> messages_of(const Page& page) {
  std::vector<CodeSpan> messages;
  const auto lines = prose_lines(page.text);
  bool is_table = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].rfind("| message |", 0) == 0 || lines[i].rfind("| you see |", 0) == 0)
      is_table = true;
    if (lines[i].empty() || lines[i][0] != '|') is_table = false;
    if (!is_table) continue;
    for (const CodeSpan& span : code_spans(lines[i].substr(0, lines[i].find(" | "))))
      messages.push_back({i + 1, span.text});
  }
  return messages;
}

}  // namespace

TEST_CASE("documents: the promised messages are in the program and in docs/troubleshooting.md") {
  const std::string page = source_text(kTroubleshooting);
  for (const char* message : kPromised) {
    CAPTURE(message);
    CHECK(sources().find(message) != std::string::npos);
    CHECK(page.find("`" + std::string(message)) != std::string::npos);
  }
}

TEST_CASE("documents: every message that a page explains is one of the program's") {
  std::size_t count = 0;
  for (const Page& page : user_pages())
    for (const CodeSpan& message : messages_of(page)) {
      ++count;
      INFO(page.name << ":" << message.line << " " << message.text);
      for (const std::string& piece : pieces_of(message.text)) {
        const std::string words = core_of(piece);
        CAPTURE(words);
        CHECK(sources().find(words) != std::string::npos);
      }
    }
  CHECK(count > 30);
}

TEST_CASE("documents: every code of an error is explained") {
  const std::string page = source_text(kTroubleshooting);
  for (int kind = 0; kind <= static_cast<int>(jarvis::ErrorKind::internal); ++kind) {
    const std::string code(jarvis::to_string(static_cast<jarvis::ErrorKind>(kind)));
    CHECK_MESSAGE(page.find("| `" + code + "` |") != std::string::npos, code);
  }
}

TEST_CASE("documents: every variable of the environment that is read is in docs/configuration.md") {
  const std::string page = source_text("docs/configuration.md"), text = sources();
  const std::regex read(R"re((getenv|environment|either)\("(\w+)"(, "(\w+)")?)re");
  std::size_t count = 0;
  for (std::sregex_iterator it(text.begin(), text.end(), read), end; it != end; ++it)
    for (const std::string& name : {(*it)[2].str(), (*it)[4].str()}) {
      if (name.empty()) continue;
      ++count;
      CHECK_MESSAGE(page.find("`" + name + "`") != std::string::npos, name);
    }
  CHECK(count > 8);
}

TEST_CASE("documents: every variable that docs/configuration.md explains is known to the program") {
  const auto lines = prose_lines(source_text("docs/configuration.md"));
  auto line = std::find(lines.begin(), lines.end(), "| variable | meaning |");
  REQUIRE(line != lines.end());
  for (; line != lines.end() && !line->empty(); ++line)
    for (const CodeSpan& span : code_spans(line->substr(0, line->find(" | "))))
      CHECK_MESSAGE(sources().find("\"" + span.text + "\"") != std::string::npos, span.text);
}
