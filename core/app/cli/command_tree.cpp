#include <algorithm>
#include <map>

#include "core/app/cli/command.hpp"

namespace jarvis {

const char* const kProgramSummary =
    "Lets a local agent learn from its own traces: a teacher proposes edits, your benchmark "
    "decides.";

const std::vector<Argument>& global_options() {
  using Form = Argument::Form;
  static const std::vector<Argument> options{
      {Form::value,
       "--home",
       "DIR",
       "The home directory (else $OPENJARVIS_HOME, $XDG_DATA_HOME/openjarvis, ~/.openjarvis)",
       false,
       false,
       {},
       Argument::Names::folder},
      {Form::flag, "--json", "", "Print exactly one JSON document on stdout"},
      {Form::flag, "--no-color", "", "No colours (NO_COLOR works too)"},
      {Form::flag, "-v,--verbose", "", "Say more on stderr; twice for everything", false, true}};
  return options;
}

std::string group_summary(const std::string& path) {
  static const std::map<std::string, std::string> summaries{
      {"learning", "Sessions, the review queue, the benchmark"},
      {"learning benchmark", "The personal benchmark"},
      {"learning daemon", "Sessions by schedule and after alike failures"},
      {"feedback", "Rate answers"},
      {"traces", "The trace store"},
      {"plugins", "What is loaded and why not"},
      {"completion", "Let a shell complete commands, options and ids"}};
  const auto found = summaries.find(path);
  return found == summaries.end() ? "" : found->second;
}

std::vector<std::pair<std::string, std::string>> names_below(const std::string& group) {
  const std::string start = group.empty() ? "" : group + " ";
  std::vector<std::pair<std::string, std::string>> names;
  for (const Command& command : command_table()) {
    if (command.path.rfind(start, 0) != 0) continue;
    const std::string path = command.path.substr(0, command.path.find(' ', start.size()));
    const std::string name = path.substr(start.size());
    const bool is_known = std::any_of(names.begin(), names.end(),
                                      [&](const auto& known) { return known.first == name; });
    if (!is_known)
      names.emplace_back(name, path == command.path ? command.summary : group_summary(path));
  }
  return names;
}

std::string long_name(const Argument& argument) {
  return argument.name.substr(argument.name.rfind(',') + 1);
}

}  // namespace jarvis
