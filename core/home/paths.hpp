#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/model/result.hpp"

namespace jarvis {

/** Places in a home, relative to it. */
inline constexpr const char* kConfigFile = "config.toml";
inline constexpr const char* kAgentsFolder = "agents";
inline constexpr const char* kToolsFolder = "tools";
inline constexpr const char* kTracesFile = "traces.db";
inline constexpr const char* kLearningFolder = "learning";
inline constexpr const char* kLearningDatabase = "learning/learning.db";
inline constexpr const char* kEvaluationsDatabase = "learning/evaluations.db";
inline constexpr const char* kLedgerFile = "learning/ledger.jsonl";
inline constexpr const char* kLockFile = "learning/lock";
inline constexpr const char* kSessionsFolder = "learning/sessions";
inline constexpr const char* kBenchmarksFolder = "learning/benchmarks";
inline constexpr const char* kPendingReviewFolder = "learning/pending_review";
inline constexpr const char* kStagingFolder = "learning/staging";
inline constexpr const char* kLogsFolder = "learning/logs";
inline constexpr const char* kDaemonPidFile = "learning/daemon.pid";
inline constexpr const char* kDaemonStateFile = "learning/daemon.json";

/** The home: `given` (--home), else $OPENJARVIS_HOME, else $XDG_DATA_HOME/openjarvis, else
 * ~/.openjarvis. A leading ~ is expanded; the path is absolute and its links are resolved. It need
 * not exist. A home that was chosen (all but the last) and lies inside a source checkout is a
 * configuration error. */
Result<std::filesystem::path> resolve_home(const std::optional<std::string>& given);

/** Refuses a directory that is, or lies below, a source checkout of OpenJarvis or of this project.
 */
Result<void> check_outside_source_tree(const std::filesystem::path& home);

}  // namespace jarvis
