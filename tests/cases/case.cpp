#include "tests/cases/case.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace jarvis::testing {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> lines_of(const fs::path& file) {
  std::istringstream text(text_of(file));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);)
    if (!line.empty() && line[0] != '#') lines.push_back(line);
  return lines;
}

Case read_case(const fs::path& folder) {
  Case found{folder.filename().string(), folder,
             lines_of(folder / "cmd"),   lines_of(folder / "setup"),
             text_of(folder / "out"),    text_of(folder / "err"),
             text_of(folder / "rc"),     std::nullopt};
  if (fs::exists(folder / "paid")) found.paid = std::stoi(text_of(folder / "paid"));
  return found;
}

}  // namespace

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false, inside = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
      inside = true;
    } else if (c == ' ' && !quoted) {
      if (inside) words.push_back(word);
      word.clear();
      inside = false;
    } else {
      word += c;
      inside = true;
    }
  }
  if (inside) words.push_back(word);
  return words;
}

std::vector<Case> read_cases(const fs::path& folder) {
  std::vector<Case> cases;
  for (const auto& entry : fs::directory_iterator(folder))
    if (fs::exists(entry.path() / "cmd")) cases.push_back(read_case(entry.path()));
  std::sort(cases.begin(), cases.end(),
            [](const Case& one, const Case& other) { return one.name < other.name; });
  return cases;
}

}  // namespace jarvis::testing
