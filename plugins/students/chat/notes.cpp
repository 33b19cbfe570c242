#include "plugins/students/chat/notes.hpp"

#include <algorithm>
#include <filesystem>
#include <jarvis/sdk/failure.hpp>
#include <jarvis/text/student_settings.hpp>
#include <set>

#include "plugins/students/chat/text_file.hpp"

namespace jarvis::chat {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostFiles = 1000;
constexpr std::size_t kMostFileBytes = 1024 * 1024;
constexpr std::size_t kMostBytes = 8 * 1024 * 1024;
constexpr std::size_t kLongestPassage = 1500;

bool is_word_byte(unsigned char c) {
  return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (is_word_byte(static_cast<unsigned char>(c)))
      words.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool is_repository(const fs::path& folder) {
  std::error_code failed;
  return fs::exists(fs::symlink_status(folder / ".git", failed));
}

/** The files at or below a place, by their paths relative to the home. */
void add_files(const fs::path& home, const std::string& place, std::set<std::string>& files) {
  std::error_code failed;
  const auto status = fs::symlink_status(home / place, failed);
  if (fs::is_regular_file(status) || fs::is_symlink(status)) files.insert(place);
  if (!fs::is_directory(status) || is_repository(home / place)) return;
  for (fs::recursive_directory_iterator entry(home / place, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    std::error_code unknown;
    if (entry->is_directory(unknown) && !entry->is_symlink(unknown)) {
      if (is_repository(entry->path())) entry.disable_recursion_pending();
    } else {
      files.insert(entry->path().lexically_relative(home).string());
    }
  }
}

/** Cuts a paragraph into parts that are no longer than a passage may be, between characters. */
void add_parts(const std::string& file, int line, std::string text,
               std::vector<Passage>& passages) {
  while (text.size() > kLongestPassage) {
    std::size_t end = kLongestPassage;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
    passages.push_back({file, line, text.substr(0, end)});
    line += static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(end), '\n'));
    text.erase(0, end);
  }
  if (!text.empty()) passages.push_back({file, line, std::move(text)});
}

void add_passages(const std::string& file, const std::string& text,
                  std::vector<Passage>& passages) {
  std::string paragraph;
  int line = 0, begin = 1;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string content = text.substr(at, end - at);
    ++line;
    at = end + 1;
    if (content.find_first_not_of(" \t\r") == std::string::npos) {
      add_parts(file, begin, std::move(paragraph), passages);
      paragraph.clear();
      continue;
    }
    if (paragraph.empty())
      begin = line;
    else
      paragraph += '\n';
    paragraph += content;
  }
  add_parts(file, begin, std::move(paragraph), passages);
}

}  // namespace

std::vector<Passage> passages_of_notes(const std::string& home) {
  const std::string root = resolved(home);
  std::set<std::string> files;
  for (const char* place : text::kNotePlaces) add_files(root, place, files);
  std::vector<Passage> passages;
  std::size_t bytes = 0, read = 0;
  for (const std::string& file : files) {
    if (++read > kMostFiles || bytes >= kMostBytes) break;
    try {
      const std::string text = text_file_below(root, root + "/" + file, file, kMostFileBytes);
      bytes += text.size();
      add_passages(file, text, passages);
    } catch (const sdk::Failure&) {
      // What is no text of the home is no note.
    }
  }
  return passages;
}

std::vector<Passage> best_passages(std::vector<Passage> passages, const std::string& query,
                                   std::size_t most) {
  const std::vector<std::string> wanted_words = words_of(query);
  const std::set<std::string> wanted(wanted_words.begin(), wanted_words.end());
  struct Found {
    std::size_t passage, different, all;
  };
  std::vector<Found> found;
  for (std::size_t i = 0; i < passages.size(); ++i) {
    std::set<std::string> different;
    std::size_t all = 0;
    for (const std::string& word : words_of(passages[i].text))
      if (wanted.count(word) != 0) {
        different.insert(word);
        ++all;
      }
    if (all > 0) found.push_back({i, different.size(), all});
  }
  std::stable_sort(found.begin(), found.end(), [](const Found& one, const Found& other) {
    return one.different != other.different ? one.different > other.different : one.all > other.all;
  });
  std::vector<Passage> best;
  for (const Found& one : found)
    if (best.size() < most) best.push_back(std::move(passages[one.passage]));
  return best;
}

}  // namespace jarvis::chat
