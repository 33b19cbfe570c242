#include <jarvis/abi/interfaces.h>

#include <map>

#include "core/app/application.hpp"
#include "core/app/cli/commands.hpp"
#include "core/app/cli/output.hpp"

namespace jarvis {

namespace {

/** "edit-applier/1" → "edit-applier". */
std::string kind_of(const Provided& provided) {
  return provided.interface.substr(0, provided.interface.find('/'));
}

json::value tier_of(const Registry& catalogue, const Provided& provided) {
  if (provided.interface != JARVIS_EDIT_APPLIER_1) return nullptr;
  for (const Op& op : catalogue.ops())
    if (op.name == provided.id) return json::value(to_string(op.tier));
  return nullptr;
}

json::object plugin_document(PluginHost& plugins, const Registry& catalogue,
                             const PluginEntry& entry) {
  json::array provides;
  for (const Provided& provided : entry.manifest.provides) {
    json::object what{
        {"kind", kind_of(provided)}, {"id", provided.id}, {"tier", tier_of(catalogue, provided)}};
    if (provided.interface == JARVIS_TEACHER_ENGINE_1)
      what["serves"] = json::value_from(provided.serves);
    provides.push_back(std::move(what));
  }
  const auto loaded = plugins.load(entry);
  const std::string hint = loaded ? "" : loaded.error().hint;
  return {{"name", entry.manifest.id},
          {"version", entry.manifest.version},
          {"path", entry.manifest.library.empty() ? entry.directory.string()
                                                  : entry.manifest.library.string()},
          {"sha256", entry.manifest.sha256},
          {"provides", std::move(provides)},
          {"built_in", entry.built_in},
          {"isolation", entry.isolation == Isolation::process ? "process" : "in-process"},
          {"status", loaded ? "loaded" : "refused"},
          {"reason", loaded ? json::value(nullptr) : json::value(loaded.error().message)},
          {"hint", hint.empty() ? json::value(nullptr) : json::value(hint)}};
}

/** Which models an engine is found for by their names. */
std::string served_models(const PluginEntry& entry, const Provided& provided) {
  std::string text;
  for (const std::string& rule : provided.serves)
    text += (text.empty() ? "" : ", ") + (rule.empty() ? "all that no other engine serves" : rule);
  if (text.empty() || !entry.built_in)
    return "only where learning.distillation.teacher.engine names it";
  return text;
}

/** "edit-applier add_tool_to_agent; judge llm", after the folder of a plugin that is not built in.
 */
std::string provided_names(const PluginEntry& entry) {
  std::map<std::string, std::string> by_kind;
  for (const Provided& provided : entry.manifest.provides) {
    std::string& names = by_kind[kind_of(provided)];
    names += (names.empty() ? "" : ", ") + provided.id;
  }
  std::string text;
  for (const auto& [kind, names] : by_kind) text += (text.empty() ? "" : "; ") + kind + " " + names;
  return text;
}

/** What stands in the last column of a plugin's row. */
std::string details(const PluginEntry& entry, const json::object& document) {
  const std::string what = document.at("status") == "loaded"
                               ? provided_names(entry)
                               : sdk::optional_string(document, "reason") + " (" +
                                     sdk::optional_string(document, "hint", "see its author") + ")";
  return entry.built_in ? what : "from " + entry.directory.string() + ": " + what;
}

struct Parts {
  PluginHost* plugins;
  Registry* catalogue;
};

Result<Parts> parts_of(Application& application) {
  const auto plugins = application.plugins();
  if (!plugins) return plugins.error();
  const auto catalogue = application.catalogue();
  if (!catalogue) return catalogue.error();
  return Parts{*plugins, *catalogue};
}

}  // namespace

Result<int> plugins_list(Application& application, const Arguments&, Output& output) {
  const auto parts = parts_of(application);
  if (!parts) return parts.error();
  json::array documents;
  std::vector<std::vector<std::string>> rows;
  for (const PluginEntry& entry : parts->plugins->entries()) {
    const json::object document = plugin_document(*parts->plugins, *parts->catalogue, entry);
    rows.push_back({entry.manifest.id, entry.manifest.version,
                    sdk::optional_string(document, "status"), details(entry, document)});
    documents.push_back(document);
  }
  output.document({{"plugins", std::move(documents)}});
  output.table({"PLUGIN", "VERSION", "STATUS", "PROVIDES, OR WHY NOT"}, rows);
  output.line();
  output.line("Built-in plugins are in " + built_in_plugins().string() + ".");
  return 0;
}

Result<int> plugins_show(Application& application, const Arguments& arguments, Output& output) {
  const auto parts = parts_of(application);
  if (!parts) return parts.error();
  const std::string id = arguments.text("plugin");
  for (const PluginEntry& entry : parts->plugins->entries()) {
    if (entry.manifest.id != id) continue;
    const json::object document = plugin_document(*parts->plugins, *parts->catalogue, entry);
    output.document({{"plugin", document}});
    output.heading(id + " " + entry.manifest.version);
    output.line("  " + entry.manifest.summary);
    output.line("  status  " + sdk::optional_string(document, "status") +
                (entry.built_in ? ", built in" : ", third-party") +
                (entry.isolation == Isolation::process ? ", in a process of its own" : ""));
    if (const auto reason = sdk::optional_string(document, "reason"); !reason.empty())
      output.line("  reason  " + reason);
    if (const auto hint = sdk::optional_string(document, "hint"); !hint.empty())
      output.line("  mend    " + hint);
    output.line("  path    " + sdk::optional_string(document, "path"));
    output.line("  sha256  " + entry.manifest.sha256);
    for (const Provided& provided : entry.manifest.provides) {
      output.line("  " + provided.interface + "  " + provided.id + ": " + provided.summary);
      if (provided.interface == JARVIS_TEACHER_ENGINE_1)
        output.line("    serves  " + served_models(entry, provided));
    }
    return 0;
  }
  return Error{ErrorKind::not_found, "no plugin '" + id + "'", "see 'jarvis plugins list'"};
}

Result<int> plugins_ops(Application& application, const Arguments&, Output& output) {
  const auto catalogue = application.catalogue();
  if (!catalogue) return catalogue.error();
  json::array documents;
  std::vector<std::vector<std::string>> rows;
  for (const Op& op : (*catalogue)->ops()) {
    documents.push_back(json::object{{"op", op.name},
                                     {"pillar", op.pillar},
                                     {"tier", to_string(op.tier)},
                                     {"tier_source", op.tier_source},
                                     {"applier", op.plugin},
                                     {"summary", op.description},
                                     {"payload_schema", op.payload_schema},
                                     {"example", op.example}});
    rows.push_back({op.name, std::string(to_string(op.tier)), op.tier_source, op.plugin});
  }
  output.document({{"ops", std::move(documents)}});
  output.table({"OP", "TIER", "FROM", "APPLIER"}, rows);
  return 0;
}

}  // namespace jarvis
