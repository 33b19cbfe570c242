#include "core/app/cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>
#include <filesystem>
#include <map>
#include <sstream>

#include "core/app/cli/spelling.hpp"

namespace jarvis {

namespace {

constexpr char kVersion[] = JARVIS_VERSION;

/** Where CLI11 puts what it reads, for one command. */
struct Bound {
  const Command* command;
  CLI::App* app;
  std::deque<std::pair<const Argument*, std::vector<std::string>>> values = {};
  std::deque<std::pair<const Argument*, std::int64_t>> flags = {};
  std::vector<std::pair<const Argument*, const CLI::Option*>> options = {};
};

void bind(Bound& bound, const std::vector<Argument>& arguments) {
  for (const Argument& argument : arguments) {
    if (argument.form == Argument::Form::flag) {
      auto& slot = bound.flags.emplace_back(&argument, 0);
      bound.options.emplace_back(&argument,
                                 bound.app->add_flag(argument.name, slot.second, argument.help));
      continue;
    }
    auto& slot = bound.values.emplace_back(&argument, std::vector<std::string>());
    CLI::Option* option = bound.app->add_option(argument.name, slot.second, argument.help);
    if (!argument.repeated) option->expected(1);
    option->allow_extra_args(argument.repeated && argument.form == Argument::Form::positional);
    if (argument.required) option->required();
    if (!argument.choices.empty()) option->check(CLI::IsMember(argument.choices));
    option->type_name(argument.value_name.empty() ? "" : argument.value_name);
    bound.options.emplace_back(&argument, option);
  }
}

Arguments arguments_of(const Bound& bound) {
  Arguments arguments;
  for (const auto& [argument, times] : bound.flags)
    for (std::int64_t i = 0; i < times; ++i) arguments.add(long_name(*argument), "true");
  for (const auto& [argument, values] : bound.values)
    for (const std::string& value : values) arguments.add(long_name(*argument), value);
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
      const std::string group = group_summary(so_far);
      next = app->add_subcommand(word, group.empty() ? summary : group);
      next->fallthrough();
      if (!group.empty()) next->require_subcommand(1);
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

/** For a value that is none of the choices; empty when all are. */
std::string meant_choice(const Bound& bound) {
  for (const auto& [argument, option] : bound.options) {
    const auto& choices = argument->choices;
    if (choices.empty()) continue;
    for (const std::string& given : option->results())
      if (std::count(choices.begin(), choices.end(), given) == 0)
        return did_you_mean(given, choices);
  }
  return {};
}

/** The command, or the group of commands, that the words named; empty when none. */
std::string place_of(const CLI::App& root) {
  std::string place;
  for (const CLI::App* app = &root; !app->get_subcommands().empty();) {
    app = app->get_subcommands().front();
    place += (place.empty() ? "" : " ") + app->get_name();
  }
  return place;
}

/** The command of this name that is least deep below others; empty when there is none. */
std::string command_named(const std::string& word) {
  std::string found;
  for (const Command& command : command_table()) {
    const auto blank = command.path.rfind(' ');
    if (blank == std::string::npos || command.path.substr(blank + 1) != word) continue;
    if (found.empty() || command.path.size() < found.size()) found = command.path;
  }
  return found;
}

/** For a word that names nothing below the place; one that is right elsewhere counts as well. */
std::string meant_command(const std::string& word, const CLI::App& root) {
  std::vector<std::string> names;
  for (const auto& [name, summary] : names_below(place_of(root))) names.push_back(name);
  if (const std::string meant = did_you_mean(word, names); !meant.empty()) return meant;
  const std::string elsewhere = command_named(word);
  return elsewhere.empty() ? elsewhere : "did you mean '" + elsewhere + "'?";
}

/** What could have been meant where a name is unknown. */
std::string suggestion(const CLI::App& root, const std::deque<Bound>& bounds) {
  std::vector<std::string> options;
  for (const Bound& bound : bounds) {
    if (!bound.app->parsed() && bound.app != &root) continue;
    if (const std::string meant = meant_choice(bound); !meant.empty()) return meant;
    for (const auto& [argument, option] : bound.options)
      if (argument->form != Argument::Form::positional) options.push_back(long_name(*argument));
  }
  const auto extras = root.remaining(true);
  if (extras.empty()) return {};
  const std::string& unknown = extras.front();
  return unknown.rfind('-', 0) == 0 ? did_you_mean(unknown.substr(0, unknown.find('=')), options)
                                    : meant_command(unknown, root);
}

std::string help_hint(const std::string& meant, const std::string& place) {
  const std::string help = "see 'jarvis " + place + (place.empty() ? "" : " ") + "--help'";
  return meant.empty() ? help : meant + " else " + help;
}

/** The examples of a command, as the end of its help. */
std::string examples_text(const std::string& path) {
  std::string text;
  for (const Example& example : examples_of(path))
    text += (text.empty() ? "Examples:\n  " : "\n  ") + example.line + "\n      " + example.does;
  return text;
}

/** Whether the words lead to a command of the program itself: the first one that is no option. */
bool names_command(const std::vector<std::string>& words) {
  std::string first;
  for (std::size_t i = 0; i < words.size() && first.empty(); ++i) {
    if (words[i] == "--home")
      ++i;
    else if (words[i].rfind('-', 0) != 0)
      first = words[i];
  }
  const auto names = names_below("");
  return std::any_of(names.begin(), names.end(),
                     [&](const auto& name) { return name.first == first; });
}

std::vector<std::string> words_of(int count, char** words) {
  std::vector<std::string> list(words + 1, words + count);
  if (std::filesystem::path(words[0]).filename() == "jarvis-learning" && !names_command(list))
    list.insert(list.begin(), "learning");
  std::reverse(list.begin(), list.end());
  return list;
}

}  // namespace

Result<Invocation> read_command_line(int count, char** words, bool& wants_json) {
  CLI::App root(kProgramSummary, "jarvis");
  root.require_subcommand(1);

  std::deque<Bound> bounds;
  bind(bounds.emplace_back(Bound{nullptr, &root}), global_options());
  // Behind the others, which are read before it ends the parsing.
  root.set_version_flag("--version", std::string("jarvis ") + kVersion);
  std::map<std::string, CLI::App*> made;
  for (const Command& command : command_table()) {
    CLI::App* const app = subcommand(root, command.path, command.summary, made);
    app->footer(examples_text(command.path));
    bind(bounds.emplace_back(Bound{&command, app}), command.arguments);
  }
  Invocation invocation;
  try {
    auto list = words_of(count, words);
    root.parse(list);
  } catch (const CLI::CallForHelp&) {
    invocation.text = fitted(root.help());
  } catch (const CLI::CallForAllHelp&) {
    invocation.text = fitted(root.help("", CLI::AppFormatMode::All));
  } catch (const CLI::CallForVersion& version) {
    invocation.text = std::string(version.what()) + "\n";
  } catch (const CLI::ParseError& error) {
    wants_json = arguments_of(bounds.front()).has("--json");
    return Error{ErrorKind::usage, message_of(error, root),
                 help_hint(suggestion(root, bounds), place_of(root))};
  }
  const Arguments global = arguments_of(bounds.front());
  wants_json = invocation.json = global.has("--json");
  invocation.no_color = global.has("--no-color");
  invocation.verbosity = static_cast<int>(global.list("--verbose").size());
  if (global.has("--home")) invocation.home = global.text("--home");
  if (!invocation.text.empty()) return invocation;
  for (const Bound& bound : bounds)
    if (bound.command && bound.app->parsed()) {
      invocation.command = bound.command;
      invocation.arguments = arguments_of(bound);
    }
  return invocation;
}

}  // namespace jarvis
