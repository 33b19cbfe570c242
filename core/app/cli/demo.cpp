#include <filesystem>

#include "core/app/cli/commands.hpp"
#include "core/app/cli/demo_home.hpp"
#include "core/app/cli/documents.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/cli/session_view.hpp"
#include "core/app/workshop.hpp"
#include "core/base/atomic_file.hpp"
#include "core/base/digest.hpp"
#include "core/home/checkpoint/commit_log.hpp"
#include "core/home/live_home.hpp"
#include "core/home/paths.hpp"
#include "core/home/traces/trace_writer.hpp"
#include "core/session/rollback.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

/** A directory for the demo: the user's, which stays, or one of its own, which goes with the
 * object. */
class DemoDirectory {
 public:
  explicit DemoDirectory(const std::string& wanted)
      : path_(wanted.empty() ? fs::temp_directory_path() / ("jarvis-demo-" + random_hex(8))
                             : fs::absolute(wanted)),
        keep_(!wanted.empty()) {}
  ~DemoDirectory() {
    std::error_code ignored;
    if (!keep_) fs::remove_all(path_, ignored);
  }
  DemoDirectory(const DemoDirectory&) = delete;
  DemoDirectory& operator=(const DemoDirectory&) = delete;

  const fs::path& path() const { return path_; }
  bool kept() const { return keep_; }

 private:
  fs::path path_;
  bool keep_;
};

Result<void> make_home(const fs::path& path) {
  if (auto made = make_private_directory(path); !made) return made;
  const auto traces = make_demo_home(path);
  if (!traces) return traces.error();
  const fs::path store = path / kTracesFile;
  if (auto created = create_trace_database(store); !created) return created;
  return insert_traces(store, *traces);
}

Result<Session> run_demo_session(Application& application) {
  auto workshop = Workshop::open(application, {"demo", std::nullopt, true});
  if (!workshop) return workshop.error();
  if (auto chosen = (*workshop)->require_engines(); !chosen) return chosen.error();
  const auto benchmark = (*workshop)->benchmark({});
  if (!benchmark) return benchmark.error();
  auto session = (*workshop)->run_session(Autonomy::tiered, {}, *benchmark);
  if (session && !session->error.empty())
    return Error{ErrorKind::internal, "the demo's session failed: " + session->error,
                 session->error_hint};
  return session;
}

void print_log(const std::vector<CommitLine>& log, const Output& output) {
  for (const CommitLine& commit : log)
    output.line("  " + commit.id.substr(0, 8) + "  " + commit.subject);
}

Result<int> show(Application& application, const DemoDirectory& directory, Output& output) {
  output.line("A made-up home with rehearsal plugins: no network, no language model, no money.");
  const auto session = run_demo_session(application);
  if (!session) return session.error();
  output.line();
  print_session(*session, VerdictEvidence(application.home_path(), application.clock(), *session),
                output);

  output.line();
  output.heading("The checkpoint repository after the session");
  const auto log = commit_log(application.home_path(), 10);
  if (!log) return log.error();
  print_log(*log, output);

  output.line();
  output.heading("Rollback");
  const auto back = roll_back(*session, application.checkpoint(), application.recorder());
  if (!back) return back.error();
  for (const RolledBackEdit& edit : back->reverted)
    output.line("  " + edit.edit_id + ": commit " + edit.commit.substr(0, 8) + " taken back by " +
                edit.revert_commit.substr(0, 8));
  const auto log_after = commit_log(application.home_path(), 10);
  if (!log_after) return log_after.error();
  print_log(*log_after, output);

  output.line();
  output.heading("History");
  std::vector<BrokenSession> broken;
  print_history(application.recorder().sessions().list(broken), application.clock().now(), output);
  output.line();
  if (directory.kept()) output.line("The home stays in " + directory.path().string() + ".");

  json::object document = session_document(*session, diagnosis_of(application.home(), *session));
  document["rollback"] = rollback_document(*back);
  document["home"] = directory.path().string();
  output.document(document);
  return 0;
}

}  // namespace

Result<int> demo(Application& caller, const Arguments& arguments, Output& output) {
  const DemoDirectory directory(arguments.text("--dir"));
  if (auto made = make_home(directory.path()); !made) return made.error();
  Application application(directory.path(), caller.progress(), 0);
  return show(application, directory, output);
}

}  // namespace jarvis
