#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "core/app/cli/command.hpp"
#include "tests/documents/pages.hpp"

using namespace jarvis::testing;
using jarvis::Argument;
using jarvis::Command;

namespace {

/** "--limit N", "--up", "[TRACE]". */
std::string synopsis_of(const Argument& argument) {
  std::string choices;
  for (const std::string& choice : argument.choices)
    choices += (choices.empty() ? "" : ", ") + choice;
  if (argument.form == Argument::Form::positional) {
    std::string name = argument.name;
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    if (argument.repeated) name += "…";
    return argument.required ? name : "[" + name + "]";
  }
  return argument.name + (argument.value_name.empty() ? "" : " " + argument.value_name);
}

std::string row_of(const Argument& argument) {
  std::string choices;
  for (const std::string& choice : argument.choices)
    choices += (choices.empty() ? ": `" : ", `") + choice + "`";
  return "| `" + synopsis_of(argument) + "` | " + argument.help + choices + " |\n";
}

std::string page_part() {
  std::string text = "\n## For every command\n\n| | |\n|---|---|\n";
  for (const Argument& argument : jarvis::global_options()) text += row_of(argument);
  std::string group = "-";
  for (const auto& [name, summary] : jarvis::names_below("")) {
    text += "\n## " + name + "\n" + summary + ".\n";
    for (const Command& command : jarvis::command_table()) {
      if (command.path != name && command.path.rfind(name + " ", 0) != 0) continue;
      if (command.path != name)
        text += "\n### `jarvis " + command.path + "`\n" + command.summary + ".\n";
      if (command.arguments.empty()) continue;
      text += "\n| | |\n|---|---|\n";
      for (const Argument& argument : command.arguments) text += row_of(argument);
    }
  }
  return text + "\n";
}

std::vector<std::string> words_in(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

/** The names by which an option can be given. */
void add_names(const Argument& argument, std::set<std::string>& names) {
  if (argument.form == Argument::Form::positional) return;
  std::istringstream parts(argument.name);
  for (std::string part; std::getline(parts, part, ',');) names.insert(part);
}

std::set<std::string> global_names() {
  std::set<std::string> names{"--help", "--version", "-vv"};
  for (const Argument& argument : jarvis::global_options()) add_names(argument, names);
  return names;
}

std::set<std::string> every_option() {
  std::set<std::string> names = global_names();
  for (const Command& command : jarvis::command_table())
    for (const Argument& argument : command.arguments) add_names(argument, names);
  return names;
}

/** What a command line on a page means: the words up to the first that belongs to no path. */
struct Named {
  std::string path;  ///< of a command or a group; empty: neither
  const Command* command = nullptr;
};

bool is_group(const std::string& path) {
  return !jarvis::group_summary(path).empty();
}

const Command* command_at(const std::string& path) {
  for (const Command& command : jarvis::command_table())
    if (command.path == path) return &command;
  return nullptr;
}

Named named_by(const std::vector<std::string>& words) {
  Named named;
  std::string path;
  for (const std::string& word : words) {
    if (named.command) break;
    path += (path.empty() ? "" : " ") + word;
    if (!command_at(path) && !is_group(path)) break;
    named = {path, command_at(path)};
  }
  return named;
}

/** The commands whose paths end in these words: "approve", "benchmark refresh". */
std::vector<const Command*> ending_in(const std::string& end) {
  std::vector<const Command*> found;
  for (const Command& command : jarvis::command_table())
    if (command.path == end || (command.path.size() > end.size() &&
                                command.path.compare(command.path.size() - end.size() - 1,
                                                     std::string::npos, " " + end) == 0))
      found.push_back(&command);
  return found;
}

bool takes(const Command& command, const std::string& option) {
  std::set<std::string> names = global_names();
  for (const Argument& argument : command.arguments) add_names(argument, names);
  return names.contains(option);
}

bool is_option(const std::string& word) {
  return word.size() > 1 && word[0] == '-' && !std::isdigit(static_cast<unsigned char>(word[1])) &&
         word != "--";
}

std::string option_name(const std::string& word) {
  return word.substr(0, word.find('='));
}

/** Words of a command line from its first own one on: without "jarvis" and global options. */
std::vector<std::string> own_words(const std::vector<std::string>& words) {
  auto at = words.begin() + 1;
  while (at != words.end() && is_option(*at)) at += *at == "--home" ? 2 : 1;
  return {at, words.end()};
}

/** What is wrong with a command line that begins with "jarvis"; empty: nothing. */
std::string complaint(const std::vector<std::string>& words) {
  const auto own = own_words(words);
  // In capitals: any command.
  if (own.empty() || std::isupper(static_cast<unsigned char>(own[0][0]))) return "";
  const Named named = named_by(own);
  if (named.path.empty()) return "there is no command '" + own[0] + "'";
  if (!named.command) {
    const std::size_t count = words_in(named.path).size();
    const bool ends = own.size() == count || own[count][0] == '-';
    return ends ? "" : "there is no command '" + named.path + " " + own[count] + "'";
  }
  for (const std::string& word : own)
    if (is_option(word) && !takes(*named.command, option_name(word)))
      return "'" + named.path + "' has no option '" + word + "'";
  return "";
}

/** The commands of OpenJarvis' own program, of the same name, that pages speak of. */
const std::set<std::string>& commands_of_others() {
  static const std::set<std::string> names{"jarvis serve", "jarvis chat"};
  return names;
}

/** Options of other programs. */
const std::set<std::string>& options_of_others() {
  static const std::set<std::string> names{"--component", "--init"};
  return names;
}

}  // namespace

TEST_CASE("documents: docs/commands.md is what the command table says") {
  check_made_part("docs/commands.md", page_part());
}

TEST_CASE("documents: every command that a page names exists, with its options") {
  std::size_t count = 0;
  for (const Page& page : user_pages())
    for (const CodeSpan& span : code_spans(page.text)) {
      const auto words = words_in(span.text);
      if (words.empty() || words[0] != "jarvis" || commands_of_others().contains(span.text))
        continue;
      ++count;
      INFO(page.name << ":" << span.line << " " << span.text);
      CHECK(complaint(words) == "");
    }
  CHECK(count > 40);
}

TEST_CASE(
    "documents: a command that a page names by its last words takes the options given there") {
  for (const Page& page : user_pages())
    for (const CodeSpan& span : code_spans(page.text)) {
      const auto words = words_in(span.text);
      const auto option = std::find_if(words.begin(), words.end(), is_option);
      if (option == words.begin() || option == words.end()) continue;
      const auto commands =
          ending_in(words[0] + (option - words.begin() > 1 ? " " + words[1] : ""));
      const auto shorter = commands.empty() ? ending_in(words[0]) : commands;
      if (shorter.empty()) continue;
      INFO(page.name << ":" << span.line << " " << span.text);
      CHECK(std::any_of(shorter.begin(), shorter.end(), [&](const Command* command) {
        return takes(*command, option_name(*option));
      }));
    }
}

TEST_CASE("documents: every option that a page names by itself exists") {
  const auto known = every_option();
  for (const Page& page : user_pages())
    for (const CodeSpan& span : code_spans(page.text)) {
      const auto words = words_in(span.text);
      if (words.empty() || !is_option(words[0]) || words[0].rfind("--", 0) != 0) continue;
      INFO(page.name << ":" << span.line << " " << span.text);
      CHECK((known.contains(option_name(words[0])) ||
             options_of_others().contains(option_name(words[0]))));
    }
}

TEST_CASE("documents: a command that is not there, or lacks an option, is noticed") {
  CHECK(complaint({"jarvis", "learning", "rnu"}) == "there is no command 'learning rnu'");
  CHECK(complaint({"jarvis", "lerning"}) == "there is no command 'lerning'");
  CHECK(complaint({"jarvis", "learning", "run", "--fast"}) ==
        "'learning run' has no option '--fast'");
  CHECK(complaint({"jarvis", "--home", "x", "learning", "run", "--json"}) == "");
  CHECK(complaint({"jarvis", "learning", "daemon"}) == "");
}
