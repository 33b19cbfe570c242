#include "core/host/plugin_host.hpp"

#include <jarvis/abi/plugin.h>

#include <algorithm>
#include <utility>

#include "core/host/isolation/isolated_plugin.hpp"
#include "core/host/loaded_plugin.hpp"
#include "core/host/ownership.hpp"
#include "core/host/payload_schema.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> subfolders(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (fs::exists(entry.path() / "plugin.toml", error)) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

void refuse(PluginEntry& entry, const std::string& why, const std::string& hint) {
  entry.refusal = why;
  entry.hint = hint;
}

}  // namespace

PluginHost::PluginHost(PluginPolicy policy) : policy_(std::move(policy)) {
  read_folder(policy_.built_in, true);
  for (const fs::path& folder : policy_.directories) read_folder(folder, false);
  std::stable_sort(entries_.begin(), entries_.end(),
                   [](const PluginEntry& one, const PluginEntry& other) {
                     return one.manifest.id < other.manifest.id;
                   });
}

void PluginHost::read_folder(const fs::path& folder, bool built_in) {
  for (const fs::path& directory : subfolders(folder)) {
    PluginEntry entry;
    entry.directory = directory;
    entry.built_in = built_in;
    entry.manifest.id = directory.filename().string();
    judge(entry);
    entries_.push_back(std::move(entry));
  }
}

// The checks that need no code of the plugin, cheapest first. Earlier entries win over later ones.
void PluginHost::judge(PluginEntry& entry) const {
  for (const fs::path& path : {entry.directory, entry.directory / "plugin.toml"})
    if (const auto problem = ownership_problem(path); !problem.empty())
      return refuse(entry, problem, kOwnershipHint);
  auto manifest = read_manifest(entry.directory);
  if (!manifest) return refuse(entry, manifest.error().message, manifest.error().hint);
  entry.manifest = std::move(*manifest);
  const std::string& id = entry.manifest.id;
  if (!entry.built_in) {
    const auto& allow = policy_.allow;
    if (std::find(allow.begin(), allow.end(), id) == allow.end() &&
        std::find(allow.begin(), allow.end(), "*") == allow.end())
      return refuse(entry, "it is not on the allow-list",
                    "add \"" + id + "\" to learning.distillation.plugins.allow");
  }
  if (entry.manifest.abi_major != JARVIS_ABI_MAJOR)
    return refuse(entry,
                  "it was built for ABI " + std::to_string(entry.manifest.abi_major) +
                      ", this host speaks " + std::to_string(JARVIS_ABI_MAJOR),
                  "get a version of the plugin for this host");
  const auto pin = policy_.pinned.find(id);
  if (pin != policy_.pinned.end() && pin->second != entry.manifest.sha256)
    return refuse(
        entry, "its sha256 is not the pinned one",
        "install the pinned version, or change learning.distillation.plugins.pinned." + id);
  if (const auto problem = ownership_problem(entry.manifest.library); !problem.empty())
    return refuse(entry, problem, kOwnershipHint);
  entry.isolation = isolation_of(entry);
  const json::object settings = settings_of(entry);
  const std::string table = "[learning.distillation.plugin." + id + "]";
  if (!settings.empty() && entry.manifest.settings_schema.empty())
    return refuse(entry, table + " sets something, but the plugin takes no settings",
                  "take the table out of config.toml");
  if (!entry.manifest.settings_schema.empty())
    if (auto fits = check_against_schema(settings, entry.manifest.settings_schema, table); !fits)
      return refuse(entry, fits.error().message, "mend " + table + " in config.toml");
  for (const PluginEntry& other : entries_) {
    if (!other.refusal.empty()) continue;
    if (other.manifest.id == id)
      return refuse(entry,
                    "the id of '" + entry.directory.string() + "' is taken by '" +
                        other.directory.string() + "'",
                    "remove one of the two");
    for (const Provided& provided : entry.manifest.provides)
      if (other.manifest.find(provided.interface, provided.id))
        return refuse(entry,
                      "'" + provided.id + "' (" + provided.interface +
                          ") is already provided by plugin '" + other.manifest.id + "'",
                      "remove one of the two");
  }
}

std::vector<Offer> PluginHost::offers(const std::string& interface) const {
  std::vector<Offer> found;
  for (const PluginEntry& entry : entries_)
    if (entry.refusal.empty())
      for (const Provided& provided : entry.manifest.provides)
        if (provided.interface == interface) found.push_back({&entry, &provided});
  std::sort(found.begin(), found.end(), [](const Offer& one, const Offer& other) {
    return one.provided->id < other.provided->id;
  });
  return found;
}

Result<Offer> PluginHost::find(const std::string& interface, const std::string& id) const {
  std::string known;
  for (const Offer& offer : offers(interface)) {
    if (offer.provided->id == id) return offer;
    known += (known.empty() ? "" : ", ") + offer.provided->id;
  }
  for (const PluginEntry& entry : entries_)
    if (!entry.refusal.empty() && entry.manifest.find(interface, id))
      return Error{ErrorKind::refused, "plugin '" + entry.manifest.id + "': " + entry.refusal,
                   entry.hint};
  return Error{ErrorKind::not_found, "no plugin provides '" + id + "' (" + interface + ")",
               known.empty() ? "see 'jarvis plugins list'" : "there are: " + known};
}

// The user's word first, then the plugin's own wish. Somebody else's code that the user did not pin
// runs apart: nobody has looked at these very bytes.
Isolation PluginHost::isolation_of(const PluginEntry& entry) const {
  const std::string& id = entry.manifest.id;
  for (const std::string& name : {id, std::string("*")})
    if (const auto chosen = policy_.isolation.find(name); chosen != policy_.isolation.end())
      return chosen->second;
  if (entry.manifest.wants_process) return Isolation::process;
  return entry.built_in || policy_.pinned.count(id) != 0 ? Isolation::in_process
                                                         : Isolation::process;
}

json::object PluginHost::settings_of(const PluginEntry& entry) const {
  const auto found = policy_.settings.find(entry.manifest.id);
  return found == policy_.settings.end() ? json::object() : found->second;
}

Result<std::unique_ptr<Plugin>> PluginHost::open(const PluginEntry& entry) const {
  const json::object settings = settings_of(entry);
  if (entry.isolation == Isolation::in_process) return load_plugin(entry.manifest, settings);
  IsolationLimits limits = policy_.limits;
  const auto& provides = entry.manifest.provides;
  if (std::any_of(provides.begin(), provides.end(), [](const Provided& provided) {
        return provided.interface == JARVIS_STUDENT_RUNNER_1;
      }))
    limits.readable.push_back(policy_.home);
  return isolate_plugin(entry.manifest, settings, limits);
}

Result<const Plugin*> PluginHost::load(const PluginEntry& entry) {
  if (!entry.refusal.empty())
    return Error{ErrorKind::refused, "plugin '" + entry.manifest.id + "': " + entry.refusal,
                 entry.hint};
  const std::lock_guard lock(mutex_);
  auto [slot, fresh] = loaded_.try_emplace(&entry);
  if (fresh) {
    auto plugin = open(entry);
    if (plugin)
      slot->second.plugin = std::move(*plugin);
    else
      slot->second.refusal = plugin.error();
  }
  if (!slot->second.plugin) return slot->second.refusal;
  return static_cast<const Plugin*>(slot->second.plugin.get());
}

fs::path built_in_plugins() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return program.parent_path().parent_path() / "lib" / "jarvis" / "plugins";
}

}  // namespace jarvis
