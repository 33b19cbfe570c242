#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/host/plugin_host.hpp"
#include "tests/support/temporary_directory.hpp"

namespace jarvis::testing {

/** Told this, a plugin of this folder does what it should. */
inline constexpr const char* kBeGood = "be good";

/** Functions in which every plugin of this folder misbehaves. */
inline constexpr PluginFunction kMisbehaving[] = {
    PluginFunction::edit_apply, PluginFunction::teacher_generate, PluginFunction::tool_call,
    PluginFunction::student_run, PluginFunction::judge_score};

/** A host with the plugins of this folder, in processes of their own unless it is said otherwise,
 * and a home that they may write. */
class FaultWorld {
 public:
  explicit FaultWorld(const IsolationLimits& limits = {}, Isolation where = Isolation::process);

  Result<const Plugin*> load(const std::string& fault);
  /** Calls a function in the way that its interface has, and tells the plugin `words`. */
  Result<json::object> call(const Plugin& plugin, PluginFunction function, const std::string& words,
                            const CallContext& context = {}) const;

  TemporaryDirectory directory;
  std::filesystem::path home;     ///< below a folder that a process may write
  std::filesystem::path outside;  ///< a folder beside it

 private:
  std::unique_ptr<PluginHost> plugins_;
};

/** What becomes of a call: "ok", or the beginning of the message. */
std::string told(const Result<json::object>& outcome);
/** Under a sanitizer a crash ends a process in another way: then without what follows "its
 * process". */
std::string comparable(const std::string& line);

/** Whether this is built with a sanitizer that needs memory of its own. */
bool is_sanitized();

/** The version of Landlock that the kernel offers; 0 for none. */
long landlock_version();
bool has_network_namespaces();

}  // namespace jarvis::testing
