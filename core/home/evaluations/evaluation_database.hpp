#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "core/ports/clock.hpp"
#include "core/ports/evaluation_ledger.hpp"

namespace jarvis {

/** `<home>/learning/evaluations.db` (0600). What was kept is found after kill −9; a power cut may
 * cost the last few rows, whose calls are then made again. */
class EvaluationDatabase : public EvaluationLedger {
 public:
  /** Makes the file, and its folder, where there is none. An older version's file is brought up to
   * date and keeps its rows. A file that is damaged, is no such database or was made by a newer
   * program is an error and stays as it is. `clock` is borrowed. `patience`: how long another
   * program may hold it. */
  static Result<std::unique_ptr<EvaluationDatabase>> open(
      const std::filesystem::path& file, const Clock& clock,
      std::chrono::milliseconds patience = std::chrono::seconds(5));
  ~EvaluationDatabase() override;

  Result<std::optional<KeptAnswer>> answer(const RunKey& key) override;
  Result<void> keep_answer(const RunKey& key, const std::string& session_id,
                           const KeptAnswer& answer) override;
  Result<std::vector<std::string>> newest_outputs(const std::string& task_id, int limit) override;
  Result<std::optional<double>> score(const JudgeKey& key) override;
  Result<void> keep_score(const JudgeKey& key, const std::string& session_id,
                          double score) override;
  Result<CallCounts> counts(const std::string& session_id) override;
  /** What the first run of a task said in the home of this fingerprint; nothing: there is none. */
  Result<std::optional<std::string>> first_output(const std::string& fingerprint,
                                                  const std::string& task_id);

 private:
  struct Reader;
  struct Writer;

  EvaluationDatabase(const Clock& clock, std::unique_ptr<Reader> reader,
                     std::unique_ptr<Writer> writer);

  const Clock& clock_;
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<Writer> writer_;
};

}  // namespace jarvis
