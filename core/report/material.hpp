#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/dashboard/timeline.hpp"
#include "core/home/settings/settings.hpp"
#include "core/insight/verdict_evidence.hpp"
#include "core/model/result.hpp"
#include "core/model/session.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/home_view.hpp"
#include "core/ports/trace_reader.hpp"
#include "core/privacy/privacy_policy.hpp"
#include "core/report/paid_calls.hpp"

namespace jarvis {

/** Where a report comes from. All parts are borrowed. */
struct ReportSource {
  const HomeView& home;
  const TraceReader& traces;
  const Clock& clock;
  const PrivacySettings& privacy;
  std::string version;  ///< of the program
};

/** The tasks that edits changed, redacted. */
class ReportedTasks : public TaskEvidence {
 public:
  void add(const std::string& edit_id, std::vector<ChangedTask> tasks);
  std::vector<ChangedTask> changed_tasks(const EditOutcome& outcome) const override;

 private:
  std::map<std::string, std::vector<ChangedTask>> by_edit_;
};

/** All that a report tells of a session, ready to be read by somebody else: secrets are replaced as
 * they are for the teacher, and the texts of tasks are left out that no teacher may see. */
struct ReportMaterial {
  Session session;
  std::string diagnosis;
  dashboard::SessionSteps steps;
  ReportedTasks tasks;
  std::vector<SpendingLine> spending;
  bool is_redacted = true;                   ///< false: the user has switched it off
  std::map<std::string, std::size_t> found;  ///< different secrets by rule
  std::string written_at;                    ///< ISO 8601 UTC
  std::string version;
};

/** What is kept from others, as in a session of this home. */
Result<PrivacyPolicy> report_privacy(const ReportSource& source);

/** Fails where it cannot be told what is private: the settings or the traces cannot be read. */
Result<ReportMaterial> gather_material(const ReportSource& source, const Session& session);

/** "Secrets and personal data are replaced: 2 email, 1 password." */
std::string redaction_text(const ReportMaterial& material);

}  // namespace jarvis
