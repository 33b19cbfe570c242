#include "core/session/execute/gate/leakage.hpp"

#include <cctype>
#include <set>
#include <sstream>

#include "core/model/json.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kGoldRun = 8;
constexpr std::size_t kQuestionRun = 4;

using Words = std::vector<std::string>;

/** Lower-case words of letters, digits and bytes beyond ASCII; "1,234" and "3.5" stay one word. */
Words words_of(const std::string& text) {
  Words words(1);
  const auto digit = [&](std::size_t i) {
    return i < text.size() && std::isdigit(static_cast<unsigned char>(text[i])) != 0;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool inside_number = (c == '.' || c == ',') && i > 0 && digit(i - 1) && digit(i + 1);
    if (std::isalnum(c) || c >= 0x80)
      words.back() += static_cast<char>(std::tolower(c));
    else if (inside_number)
      words.back() += c == ',' ? "" : ".";
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

std::string joined(const Words& words, std::size_t first, std::size_t count) {
  std::string text;
  for (std::size_t i = first; i < first + count; ++i) text += words[i] + " ";
  return text;
}

std::set<std::string> runs_of(const Words& words, std::size_t length) {
  std::set<std::string> runs;
  for (std::size_t i = 0; i + length <= words.size(); ++i) runs.insert(joined(words, i, length));
  return runs;
}

bool shares_a_run(const std::set<std::string>& runs, const Words& words, std::size_t length) {
  for (std::size_t i = 0; i + length <= words.size(); ++i)
    if (runs.contains(joined(words, i, length))) return true;
  return false;
}

std::string last_line(const std::string& text) {
  std::istringstream lines(text);
  std::string last;
  for (std::string line; std::getline(lines, line);)
    if (line.find_first_not_of(" \t\r") != std::string::npos) last = line;
  return last;
}

/** The short forms of a task's answer: "A: 42" and "42". */
std::vector<Words> short_answers(const Task& task) {
  std::vector<Words> answers;
  for (const std::string& text : {task.gold, last_line(task.gold)}) {
    Words words = words_of(text);
    if (words.size() > 1 && words.front() == "a") words.erase(words.begin());
    if (!words.empty() && words.size() < kGoldRun) answers.push_back(std::move(words));
  }
  return answers;
}

std::vector<std::string> paragraphs_of(const std::string& text) {
  std::vector<std::string> paragraphs(1);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos)
      paragraphs.emplace_back();
    else
      paragraphs.back() += line + "\n";
  }
  return paragraphs;
}

/** The parts of a file in which an answer and its question would stand together. */
std::vector<std::string> chunks_of(const std::string& path, const std::string& text) {
  if (path.size() < 5 || path.substr(path.size() - 5) != ".json") return paragraphs_of(text);
  boost::system::error_code error;
  const json::value exemplars = json::parse(text, error);
  if (error || !exemplars.is_array()) return paragraphs_of(text);
  std::vector<std::string> chunks;
  for (const json::value& exemplar : exemplars.as_array())
    if (exemplar.is_object())
      chunks.push_back(sdk::optional_string(exemplar.as_object(), "input") + "\n" +
                       sdk::optional_string(exemplar.as_object(), "output"));
  return chunks;
}

bool gives_away(const std::vector<std::string>& chunks, const Task& task) {
  const auto question = runs_of(words_of(task.query), kQuestionRun);
  const auto answers = short_answers(task);
  for (const std::string& chunk : chunks) {
    const Words words = words_of(chunk);
    if (!shares_a_run(question, words, kQuestionRun)) continue;
    for (const Words& answer : answers)
      if (shares_a_run(runs_of(answer, answer.size()), words, answer.size())) return true;
  }
  return false;
}

/** The text of a file as the student reads it: JSON strings without their escapes. */
std::string read_text(const std::string& path, const std::string& text) {
  std::string decoded;
  for (const std::string& chunk : chunks_of(path, text)) decoded += chunk + "\n";
  return decoded;
}

bool leaks(const FileChange& change, const std::vector<Task>& tasks) {
  if (!change.after) return false;
  auto fresh = runs_of(words_of(read_text(change.path, *change.after)), kGoldRun);
  if (change.before)
    for (const std::string& old :
         runs_of(words_of(read_text(change.path, *change.before)), kGoldRun))
      fresh.erase(old);
  std::vector<std::string> chunks;
  if (change.path.rfind("agents/", 0) == 0) {
    chunks = chunks_of(change.path, *change.after);
    if (change.before) {
      const auto old = chunks_of(change.path, *change.before);
      const std::set<std::string> known(old.begin(), old.end());
      std::erase_if(chunks, [&](const std::string& chunk) { return known.contains(chunk); });
    }
  }
  for (const Task& task : tasks)
    if (shares_a_run(fresh, words_of(task.gold), kGoldRun) || gives_away(chunks, task)) return true;
  return false;
}

}  // namespace

std::string leaking_file(const std::vector<FileChange>& changes, const std::vector<Task>& tasks) {
  for (const FileChange& change : changes)
    if (leaks(change, tasks)) return change.path;
  return {};
}

}  // namespace jarvis
