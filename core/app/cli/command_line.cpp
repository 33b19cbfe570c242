#include "core/app/cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>
#include <filesystem>
#include <map>
#include <sstream>

namespace jarvis {

namespace {

constexpr char kVersion[] = JARVIS_VERSION;

const std::map<std::string, std::string>& group_summaries() {
  static const std::map<std::string, std::string> summaries{
      {"learning", "Sessions, the review queue, the benchmark"},
      {"learning benchmark", "The personal benchmark"},
      {"feedback", "Rate answers"},
      {"traces", "The trace store"},
      {"plugins", "What is loaded and why not"}};
  return summaries;
}

/** Where CLI11 puts what it reads, for one command. */
struct Bound {
  const Command* command;
  CLI::App* app;
  std::deque<std::pair<const Argument*, std::vector<std::string>>> values;
  std::deque<std::pair<const Argument*, bool>> flags;
};

void bind(Bound& bound) {
  for (const Argument& argument : bound.command->arguments) {
    if (argument.form == Argument::Form::flag) {
      auto& slot = bound.flags.emplace_back(&argument, false);
      bound.app->add_flag(argument.name, slot.second, argument.help);
      continue;
    }
    auto& slot = bound.values.emplace_back(&argument, std::vector<std::string>());
    CLI::Option* option = bound.app->add_option(argument.name, slot.second, argument.help);
    if (!argument.repeated) option->expected(1);
    option->allow_extra_args(argument.repeated && argument.form == Argument::Form::positional);
    if (argument.required) option->required();
    if (!argument.choices.empty()) option->check(CLI::IsMember(argument.choices));
    option->type_name(argument.value_name.empty() ? "" : argument.value_name);
  }
}

/** "--score" of "-s,--score". */
std::string long_name(const std::string& name) {
  return name.substr(name.rfind(',') + 1);
}

Arguments arguments_of(const Bound& bound) {
  Arguments arguments;
  for (const auto& [argument, set] : bound.flags)
    if (set) arguments.add(long_name(argument->name), "true");
  for (const auto& [argument, values] : bound.values)
    for (const std::string& value : values) arguments.add(long_name(argument->name), value);
  return arguments;
}

/** Makes the subcommands of a path such as "learning benchmark show"; `made` are those that there
 * are. */
CLI::App* subcommand(CLI::App& root, const std::string& path, const std::string& summary,
                     std::map<std::string, CLI::App*>& made) {
  CLI::App* app = &root;
  std::istringstream words(path);
  std::string so_far;
  for (std::string word; words >> word;) {
    so_far += (so_far.empty() ? "" : " ") + word;
    CLI::App*& next = made[so_far];
    if (!next) {
      const auto group = group_summaries().find(so_far);
      next = app->add_subcommand(word, group == group_summaries().end() ? summary : group->second);
      next->fallthrough();
      if (group != group_summaries().end()) next->require_subcommand(1);
    }
    app = next;
  }
  return app;
}

constexpr std::size_t kPageWidth = 80;
constexpr std::size_t kHelpColumn = 30;  ///< where CLI11 begins the descriptions

/** The lines of a help text broken at blanks so that they fit a page; what follows an option's name
 * goes on below its beginning. */
std::string fitted(const std::string& help) {
  std::istringstream lines(help);
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t indent = line.rfind("  ", 0) == 0 ? kHelpColumn : 0;
    while (line.size() > kPageWidth) {
      const std::size_t end = line.rfind(' ', kPageWidth);
      if (end == std::string::npos || end <= indent) break;
      out += line.substr(0, end) + "\n";
      line = std::string(indent, ' ') + line.substr(end + 1);
    }
    out += line + "\n";
  }
  return out;
}

/** CLI11 says only that a subcommand is missing where one is misspelt. */
std::string message_of(const CLI::ParseError& error, const CLI::App& root) {
  const auto extras = root.remaining(true);
  const bool missing_command =
      error.get_name() == "RequiredError" &&
      std::string_view(error.what()).find("subcommand") != std::string_view::npos;
  if (missing_command && !extras.empty()) return "there is no command '" + extras.front() + "'";
  std::string message = error.what();
  std::replace(message.begin(), message.end(), '\n', ' ');
  if (!message.empty())
    message[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(message[0])));
  return message;
}

std::vector<std::string> words_of(int count, char** words) {
  std::vector<std::string> list(words + 1, words + count);
  if (std::filesystem::path(words[0]).filename() == "jarvis-learning")
    list.insert(list.begin(), "learning");
  std::reverse(list.begin(), list.end());
  return list;
}

}  // namespace

Result<Invocation> read_command_line(int count, char** words, bool& wants_json) {
  CLI::App root(
      "Lets a local agent learn from its own traces: a teacher proposes edits, your benchmark "
      "decides.",
      "jarvis");
  Invocation invocation;
  std::string home;
  root.add_option(
          "--home", home,
          "The home directory (else $OPENJARVIS_HOME, $XDG_DATA_HOME/openjarvis, ~/.openjarvis)")
      ->type_name("DIR");
  root.add_flag("--json", wants_json, "Print exactly one JSON document on stdout");
  root.add_flag("--no-color", invocation.no_color, "No colours (NO_COLOR works too)");
  root.add_flag("-v,--verbose", invocation.verbosity, "Say more on stderr; twice for everything");
  root.set_version_flag("--version", std::string("jarvis ") + kVersion);
  root.require_subcommand(1);

  std::deque<Bound> bounds;
  std::map<std::string, CLI::App*> made;
  for (const Command& command : command_table()) {
    Bound& bound = bounds.emplace_back(
        Bound{&command, subcommand(root, command.path, command.summary, made), {}, {}});
    bind(bound);
  }
  try {
    auto list = words_of(count, words);
    root.parse(list);
  } catch (const CLI::CallForHelp&) {
    invocation.text = fitted(root.help());
    invocation.json = wants_json;
    return invocation;
  } catch (const CLI::CallForAllHelp&) {
    invocation.text = fitted(root.help("", CLI::AppFormatMode::All));
    invocation.json = wants_json;
    return invocation;
  } catch (const CLI::CallForVersion& version) {
    invocation.text = std::string(version.what()) + "\n";
    invocation.json = wants_json;
    return invocation;
  } catch (const CLI::ParseError& error) {
    return Error{ErrorKind::usage, message_of(error, root), "see 'jarvis --help'"};
  }
  for (const Bound& bound : bounds)
    if (bound.app->parsed()) {
      invocation.command = bound.command;
      invocation.arguments = arguments_of(bound);
    }
  if (!home.empty()) invocation.home = home;
  invocation.json = wants_json;
  return invocation;
}

}  // namespace jarvis
