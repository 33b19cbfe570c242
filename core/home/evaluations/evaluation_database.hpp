#pragma once

#include <filesystem>
#include <memory>

#include "core/ports/clock.hpp"
#include "core/ports/evaluation_ledger.hpp"

namespace jarvis {

/** `<home>/learning/evaluations.db` (0600). What was kept is found after kill −9; a power cut may
 * cost the last few rows, whose calls are then made again. */
class EvaluationDatabase : public EvaluationLedger {
 public:
  /** Makes the file, and its folder, where there is none. A file that is damaged, is no such
   * database or was made by a newer program is an error and stays as it is. `clock` is borrowed. */
  static Result<std::unique_ptr<EvaluationDatabase>> open(const std::filesystem::path& file,
                                                          const Clock& clock);
  ~EvaluationDatabase() override;

  Result<std::optional<std::string>> output(const RunKey& key) override;
  Result<void> keep_output(const RunKey& key, const std::string& session_id,
                           const std::string& output) override;
  Result<std::optional<double>> score(const JudgeKey& key) override;
  Result<void> keep_score(const JudgeKey& key, const std::string& session_id,
                          double score) override;
  Result<CallCounts> counts(const std::string& session_id) override;

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
