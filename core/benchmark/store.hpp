#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/model/result.hpp"
#include "core/model/task.hpp"

namespace jarvis {

/** How the gold answers that one version added were made. */
struct Provenance {
  std::string version;
  std::string created_at;
  std::string teacher_model;
  std::string judge_model;
  std::string gold_prompt_sha256;
  double cost_usd = 0;
  std::vector<std::string> task_ids;   ///< added by this version
  std::vector<std::string> trace_ids;  ///< where they come from, in the same order
};

/** All that `personal_vN.json` holds. */
struct BenchmarkFile {
  Benchmark benchmark;
  std::vector<Provenance> provenance;  ///< oldest first, one for each version up to this one
  /** Tasks that wait because two teacher answers did not agree. */
  std::vector<std::string> unsure_task_ids;
};

/** The versions in `learning/benchmarks/`. A file is written once, whole or not at all, and never
 * again. Not for two writers at once: the home's lock sees to that. */
class BenchmarkStore {
 public:
  explicit BenchmarkStore(std::filesystem::path directory);

  /** The version with the highest number; nothing when there is none. A broken file is an error
   * that names it: an older version is never taken in its place. */
  Result<std::optional<BenchmarkFile>> newest() const;
  /** not_found when there is no such version. */
  Result<BenchmarkFile> load(int number) const;
  Result<BenchmarkFile> load(const std::string& version) const;
  /** Writes the version that `file.benchmark.number` says (0600). Refused when it exists. */
  Result<void> write(const BenchmarkFile& file) const;

  std::filesystem::path path_of(int number) const;
  /** Where what refreshes have paid for is kept between them. */
  std::filesystem::path journal_path() const { return directory_ / "golds.jsonl"; }

 private:
  std::filesystem::path directory_;
};

}  // namespace jarvis
