#include "core/app/cli/manual_page.hpp"

#include <algorithm>
#include <cstdio>

#include "core/app/cli/completion.hpp"

namespace jarvis {

namespace {

struct Row {
  const char* name;
  const char* meaning;
};

constexpr Row kStatuses[] = {{"0", "Done."},
                             {"1", "Failed; a line on standard error says what, and what to do."},
                             {"2", "Wrong usage."},
                             {"3", "Not ready yet: there are too few traces or rated answers."},
                             {"4", "Another command holds the home."},
                             {"5", "The working tree is dirty, or files of the home changed."}};

constexpr Row kEnvironment[] = {
    {"OPENJARVIS_HOME", "The home, where --home is not given."},
    {"XDG_DATA_HOME", "The home is openjarvis in this folder, where neither of those is given."},
    {"JARVIS_PLUGIN_PATH", "Folders with more plugins, with colons between them."},
    {"NO_COLOR", "No colours, where it is not empty."},
    {"TERM", "Where it is dumb, no colours and nothing that is written over."},
    {"COLUMNS", "The width of a line, where the output is no terminal."},
    {"VISUAL, EDITOR, PAGER", "What 'learning review' opens an edit in."}};

constexpr Row kFiles[] = {
    {"~/.openjarvis", "The home, unless another one is named."},
    {"config.toml, agents/, tools/",
     "In the home: what steers the student, and what edits change. "
     "The git repository of the home tracks these alone."},
    {"traces.db", "In the home: questions and answers of the student."},
    {"learning/", "In the home: sessions, benchmarks, the review queue, costs and logs."}};

/** A byte beyond ASCII begins or continues a character, which roff knows by its number. */
std::string special(const std::string& text, std::size_t& at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const std::size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  unsigned code = first & (0x3Fu >> more);
  for (std::size_t i = 0; i < more && at + 1 < text.size(); ++i)
    code = code << 6 | (static_cast<unsigned char>(text[++at]) & 0x3Fu);
  char name[16];
  std::snprintf(name, sizeof name, "\\[u%04X]", code);
  return name;
}

/** Text that roff shows as it is: a hyphen is one that can be copied, quotes stay straight. */
std::string roff(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) >= 0x80)
      out += special(text, at);
    else if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else if (c == '\'')
      out += "\\(aq";
    else if (c == '`')
      out += "\\(ga";
    else if (c == '^')
      out += "\\(ha";
    else if (c == '~')
      out += "\\(ti";
    else
      out += c;
  }
  if (!out.empty() && out[0] == '.') out.insert(0, "\\&");
  return out;
}

std::string sentence(const std::string& text) {
  const bool ends = !text.empty() && (text.back() == '.' || text.back() == '?');
  return roff(text) + (ends ? "" : ".") + "\n";
}

std::string bold(const std::string& text) {
  return "\\fB" + roff(text) + "\\fR";
}

std::string slanted(const std::string& text) {
  return "\\fI" + roff(text) + "\\fR";
}

std::string item(const std::string& tag, const std::string& meaning) {
  return ".TP\n" + tag + "\n" + sentence(meaning);
}

template <std::size_t N>
std::string section(const std::string& title, const Row (&rows)[N]) {
  std::string text = ".SH " + title + "\n";
  for (const Row& row : rows) text += item(bold(row.name), row.meaning);
  return text;
}

std::string value_name(const Argument& argument) {
  if (!argument.value_name.empty()) return slanted(argument.value_name);
  std::string words;
  for (const std::string& choice : argument.choices)
    words += (words.empty() ? "" : "|") + bold(choice);
  return words;
}

/** "[--limit N]", "SESSION", "FILE…". */
std::string in_synopsis(const Argument& argument) {
  std::string text;
  if (argument.form == Argument::Form::positional)
    text = argument.choices.empty() ? slanted(argument.name) : value_name(argument);
  else
    text = bold(long_name(argument));
  if (argument.form == Argument::Form::value) text += " " + value_name(argument);
  if (!argument.required) text = "[" + text + "]";
  return text + (argument.repeated ? "\\[u2026]" : "");
}

std::string tag_of(const Argument& argument) {
  if (argument.form == Argument::Form::positional)
    return argument.choices.empty() ? slanted(argument.name) : value_name(argument);
  std::string text;
  for (const std::string& name : spellings(argument))
    text += (text.empty() ? "" : ", ") + bold(name);
  if (argument.form == Argument::Form::value) text += " " + value_name(argument);
  return text;
}

std::string name_section(const std::string& path, const std::string& summary) {
  std::string lower = summary;
  if (!lower.empty() && (lower.size() < 2 || lower[1] < 'A' || lower[1] > 'Z'))
    lower[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(lower[0])));
  while (!lower.empty() && lower.back() == '.') lower.pop_back();
  return ".SH NAME\n" + roff(page_name(path)) + " \\- " + roff(lower) + "\n";
}

const Command* command_at(const std::string& path) {
  const auto& table = command_table();
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const Command& command) { return command.path == path; });
  return found == table.end() ? nullptr : &*found;
}

std::string summary_of(const std::string& path, const Command* command) {
  if (command) return command->summary;
  return path.empty() ? kProgramSummary : group_summary(path);
}

std::string synopsis(const std::string& path, const Command* command) {
  std::string text = ".SH SYNOPSIS\n" + bold("jarvis") + " [" + slanted("options") + "]";
  if (!path.empty()) text += " " + bold(path);
  if (!command) text += " " + slanted("command") + " [" + slanted("arguments") + "]";
  if (command)
    for (const Argument& argument : command->arguments) text += " " + in_synopsis(argument);
  return text + "\n";
}

std::string arguments_section(const Command& command) {
  std::string text;
  for (const Argument& argument : command.arguments) text += item(tag_of(argument), argument.help);
  return text.empty() ? "" : ".SH ARGUMENTS\n" + text;
}

std::string global_section() {
  std::string text = ".SH OPTIONS OF ALL COMMANDS\n";
  for (const Argument& option : global_options()) text += item(tag_of(option), option.help);
  return text + item(bold("-h") + ", " + bold("--help"), "Say how a command is used") +
         item(bold("--version"), "Say which version it is");
}

/** All commands of a group, also those further below. */
std::string commands_section(const std::string& group) {
  std::string text = ".SH COMMANDS\n";
  const std::string start = group.empty() ? "" : group + " ";
  for (const Command& command : command_table())
    if (command.path.rfind(start, 0) == 0) text += item(bold(command.path), command.summary);
  return text;
}

std::string examples_section(const std::string& path) {
  std::string text;
  for (const Example& example : examples_of(path))
    text += ".PP\n" + sentence(example.does) + ".PP\n.RS 4\n.EX\n" + roff(example.line) +
            "\n.EE\n.RE\n";
  return text.empty() ? "" : ".SH EXAMPLES\n" + text;
}

std::string see_also(const std::string& path) {
  std::string text;
  const auto refer = [&](const std::string& other) {
    if (other != path)
      text += (text.empty() ? "" : ",\n") + std::string(".BR ") + roff(page_name(other)) + " (1)";
  };
  const std::size_t blank = path.rfind(' ');
  const std::string group = blank == std::string::npos ? "" : path.substr(0, blank);
  refer("");
  if (!group.empty()) refer(group);
  const std::string around = command_at(path) ? group : path;
  if (path.empty() || !around.empty())
    for (const auto& [name, summary] : names_below(around))
      refer(around.empty() ? name : around + " " + name);
  return ".SH SEE ALSO\n" + text + "\n";
}

}  // namespace

std::string page_name(const std::string& path) {
  std::string name = path.empty() ? "jarvis" : "jarvis-" + path;
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

std::vector<std::string> manual_paths() {
  std::vector<std::string> paths;
  for (const Place& place : places()) paths.push_back(place.path);
  return paths;
}

std::string manual_page(const std::string& path) {
  const Command* const command = command_at(path);
  const std::string summary = summary_of(path, command);
  std::string title = page_name(path);
  std::transform(title.begin(), title.end(), title.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  std::string text = ".TH \"" + roff(title) +
                     "\" 1 \"\" \"jarvis " JARVIS_VERSION "\" \"User Commands\"\n.nh\n.ad l\n" +
                     name_section(path, summary) + synopsis(path, command) + ".SH DESCRIPTION\n" +
                     sentence(summary);
  if (path == "learning")
    text += ".PP\nInstalled as " + bold("jarvis-learning") +
            " the program behaves as this command; the names of all other commands mean the same "
            "there.\n";
  text += command ? arguments_section(*command) : commands_section(path);
  return text + global_section() + section("EXIT STATUS", kStatuses) +
         section("ENVIRONMENT", kEnvironment) + section("FILES", kFiles) + examples_section(path) +
         see_also(path);
}

}  // namespace jarvis
