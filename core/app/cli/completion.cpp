#include "core/app/cli/completion.hpp"

#include <algorithm>
#include <set>
#include <sstream>
#include <string_view>

#include "core/app/application.hpp"
#include "core/app/cli/commands.hpp"
#include "core/app/cli/output.hpp"

namespace jarvis {

namespace {

constexpr std::int64_t kTracesOffered = 200;

std::vector<Argument> with_global(std::vector<Argument> arguments, bool is_program) {
  const auto& global = global_options();
  arguments.insert(arguments.end(), global.begin(), global.end());
  arguments.push_back({Argument::Form::flag, "-h,--help", "", "Say how it is used"});
  if (is_program)
    arguments.push_back({Argument::Form::flag, "--version", "", "Say which version it is"});
  return arguments;
}

Result<std::vector<std::string>> traces_of(Application& application) {
  const auto traces = application.traces();
  if (!traces) return traces.error();
  TraceFilter newest;
  newest.limit = kTracesOffered;
  const auto found = (*traces)->list(newest);
  if (!found) return found.error();
  std::vector<std::string> ids;
  for (const Trace& trace : *found) ids.push_back(trace.id);
  return ids;
}

Result<std::vector<std::string>> plugins_of(Application& application) {
  const auto host = application.plugins();
  if (!host) return host.error();
  std::set<std::string> names;
  for (const PluginEntry& entry : (*host)->entries()) names.insert(entry.manifest.id);
  return std::vector<std::string>(names.begin(), names.end());
}

Result<std::vector<std::string>> ids_of(const std::string& kind, Application& application) {
  if (kind == "trace") return traces_of(application);
  if (kind == "plugin") return plugins_of(application);
  std::vector<std::string> ids;
  if (kind == "edit") {
    std::vector<std::string> broken;
    for (const QueuedEdit& queued : application.recorder().queue().list(broken))
      ids.push_back(queued.edit.id);
    return ids;
  }
  std::vector<BrokenSession> broken;
  for (const Session& session : application.recorder().sessions().list(broken))
    ids.push_back(session.id);
  return ids;
}

/** Whether every shell takes it for one word that it neither expands nor reads as an option: what
 * is completed may be inserted as it is, and runs on Enter. */
bool is_plain(const std::string& id) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-";
  return !id.empty() && id[0] != '-' && id.find_first_not_of(kPlain) == std::string::npos;
}

Result<int> print_script(const std::string& script, const Output& output) {
  output.document({{"script", script}});
  if (!output.json()) output.write(script);
  return 0;
}

}  // namespace

std::vector<Place> places() {
  std::vector<Place> all{{"", names_below(""), with_global({}, true)}};
  std::set<std::string> groups;
  for (const Command& command : command_table()) {
    for (std::size_t blank = command.path.find(' '); blank != std::string::npos;
         blank = command.path.find(' ', blank + 1))
      if (const std::string group = command.path.substr(0, blank); groups.insert(group).second)
        all.push_back({group, names_below(group), with_global({}, false)});
    all.push_back({command.path, {}, with_global(command.arguments, false)});
  }
  return all;
}

std::string id_kind(const Argument& argument) {
  switch (argument.names) {
    case Argument::Names::session:
      return "session";
    case Argument::Names::edit:
      return "edit";
    case Argument::Names::trace:
      return "trace";
    case Argument::Names::plugin:
      return "plugin";
    default:
      return "";
  }
}

std::vector<std::string> spellings(const Argument& option) {
  std::istringstream names(option.name);
  std::vector<std::string> all;
  for (std::string name; std::getline(names, name, ',');) all.push_back(name);
  return all;
}

Result<int> completion_bash(Application&, const Arguments&, Output& output) {
  return print_script(bash_script(), output);
}

Result<int> completion_zsh(Application&, const Arguments&, Output& output) {
  return print_script(zsh_script(), output);
}

Result<int> completion_fish(Application&, const Arguments&, Output& output) {
  return print_script(fish_script(), output);
}

Result<int> completion_ids(Application& application, const Arguments& arguments, Output& output) {
  auto ids = ids_of(arguments.text("kind"), application);
  if (!ids) return ids.error();
  std::erase_if(*ids, [](const std::string& id) { return !is_plain(id); });
  output.document({{"ids", json::value_from(*ids)}});
  for (const std::string& id : *ids) output.verbatim(id);
  return 0;
}

}  // namespace jarvis
