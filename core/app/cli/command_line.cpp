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
    if (argument.repeated) option->allow_extra_args(false);
    if (argument.required) option->required();
    if (!argument.choices.empty()) option->check(CLI::IsMember(argument.choices));
    option->type_name(argument.value_name.empty() ? "" : argument.value_name);
  }
}

Arguments arguments_of(const Bound& bound) {
  Arguments arguments;
  for (const auto& [argument, set] : bound.flags)
    if (set) arguments.add(argument->name, "true");
  for (const auto& [argument, values] : bound.values)
    for (const std::string& value : values) arguments.add(argument->name, value);
  return arguments;
}

/** Makes the subcommands of a path such as "learning benchmark show"; `made` are those that there are. */
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

std::vector<std::string> words_of(int count, char** words) {
  std::vector<std::string> list(words + 1, words + count);
  if (std::filesystem::path(words[0]).filename() == "jarvis-learning") list.insert(list.begin(), "learning");
  std::reverse(list.begin(), list.end());
  return list;
}

}  // namespace

Result<Invocation> read_command_line(int count, char** words, bool& wants_json) {
  CLI::App root("Lets a local agent learn from its own traces: a teacher proposes edits, your benchmark decides.",
                "jarvis");
  Invocation invocation;
  std::string home;
  root.add_option("--home", home, "The home directory (else $OPENJARVIS_HOME, $XDG_DATA_HOME/openjarvis, ~/.openjarvis)")
      ->type_name("DIR");
  root.add_flag("--json", wants_json, "Print exactly one JSON document on stdout");
  root.add_flag("--no-color", invocation.no_color, "No colours (NO_COLOR works too)");
  root.add_flag("-v,--verbose", invocation.verbosity, "Say more on stderr; twice for everything");
  root.set_version_flag("--version", std::string("jarvis ") + kVersion);
  root.require_subcommand(1);

  std::deque<Bound> bounds;
  std::map<std::string, CLI::App*> made;
  for (const Command& command : command_table()) {
    Bound& bound = bounds.emplace_back(Bound{&command, subcommand(root, command.path, command.summary, made), {}, {}});
    bind(bound);
  }
  try {
    auto list = words_of(count, words);
    root.parse(list);
  } catch (const CLI::CallForHelp&) {
    invocation.text = root.help();
    return invocation;
  } catch (const CLI::CallForAllHelp&) {
    invocation.text = root.help("", CLI::AppFormatMode::All);
    return invocation;
  } catch (const CLI::CallForVersion& version) {
    invocation.text = std::string(version.what()) + "\n";
    return invocation;
  } catch (const CLI::ParseError& error) {
    std::string message = error.what();
    std::replace(message.begin(), message.end(), '\n', ' ');
    if (!message.empty()) message[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(message[0])));
    return Error{ErrorKind::usage, message, "see 'jarvis --help'"};
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
