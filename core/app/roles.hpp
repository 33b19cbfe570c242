#pragma once

#include <optional>
#include <string>

#include "core/benchmark/candidates.hpp"
#include "core/home/settings/settings.hpp"
#include "core/host/engine_seat.hpp"
#include "core/host/plugin_student.hpp"

namespace jarvis {

/** Who works for the user, as config.toml says. */
EngineSettings teacher_settings(const Settings& settings);
/** The judge's own settings, or the teacher's where none are given. */
EngineSettings judge_settings(const Settings& settings);
/** `home` is the live one: its MCP servers are the only ones that may be started. configuration for
 * servers that it describes wrongly. */
Result<StudentSettings> student_settings(const Settings& settings, const HomeView& home);

/** The judge's plugin, and the engine that it asks; nothing where it needs none. */
struct JudgeRole {
  Offer offer;
  std::optional<EngineSettings> engine;

  /** See CallParts. A judge's plugin holds its prompt: another build of it judges anew. */
  std::string identity() const;
};

/** Needs no key. not_found where no plugin is the one that the settings name. */
Result<JudgeRole> judge_role(const PluginHost& plugins, const Settings& settings);

/** Which answers make the benchmark. */
MiningRule mining_rule(const Settings& settings);

}  // namespace jarvis
