#include "core/app/cli/review_walk.hpp"

#include <cstdlib>
#include <memory>

#include "core/app/cli/evidence.hpp"
#include "core/app/cli/review_actions.hpp"
#include "core/app/cli/session_view.hpp"
#include "core/app/cli/terminal_question.hpp"
#include "core/app/cli/when.hpp"
#include "core/app/interrupt.hpp"

namespace jarvis {

namespace {

constexpr int kFileColumns = 100;

void print_trial(const Application& application, const QueuedTrial& tried, const Output& output) {
  print_evidence(tried.outcome,
                 VerdictEvidence(application.home_path(), application.clock(), tried.session),
                 output);
}

void print_body(const Application& application, const QueuedEdit& queued, const Output& output) {
  const auto session = application.recorder().sessions().find(queued.session_id);
  output.line("    from " + queued.session_id +
              (session ? ", " + when(session->started_at, application.clock().now()) : ""));
  output.line("    " + queued.reason);
  if (!queued.edit.rationale.empty()) output.line("    why: " + queued.edit.rationale);
  if (const auto tried = trial_of(application, queued)) print_trial(application, *tried, output);
  output.diff(queued.diff);
}

/** What print_queued prints, as it is without a terminal. */
std::string text_of(const Application& application, const QueuedEdit& queued) {
  char* bytes = nullptr;
  std::size_t size = 0;
  std::FILE* const stream = ::open_memstream(&bytes, &size);
  if (!stream) return queued.diff;
  print_queued(application, queued, Output({false, false, kFileColumns}, stream));
  std::fclose(stream);
  const std::unique_ptr<char, decltype(&std::free)> owned(bytes, &std::free);
  return {bytes, size};
}

class ReviewWalk {
 public:
  ReviewWalk(Application& application, const std::vector<std::string>& allowed_tools,
             const Output& output)
      : application_(application), allowed_tools_(allowed_tools), output_(output) {}

  void run(const std::vector<QueuedEdit>& queue) {
    std::size_t seen = 0;
    for (const QueuedEdit& queued : queue) {
      place_ = "[" + std::to_string(++seen) + "/" + std::to_string(queue.size()) + "]";
      output_.heading(place_ + " " + title_of(queued.edit));
      print_body(application_, queued, output_);
      if (!decide(queued)) break;
      output_.line();
    }
    output_.line(summary(queue.size()));
  }

 private:
  /** False when the user wants no more. */
  bool decide(const QueuedEdit& queued) {
    for (;;) {
      const auto answer = ask(place_ + " [a]pprove, [r]eject, [s]kip, [o]pen, [q]uit, [?]: ");
      if (!answer) return false;
      if (*answer == "?") {
        explain();
        continue;
      }
      const std::string word = meant_word(*answer, {"approve", "reject", "skip", "open", "quit"});
      if (word == "quit") return false;
      if (word == "skip") return true;
      if (word == "open") open(queued);
      if (word == "approve" && approve(queued)) return true;
      if (word == "reject" && reject(queued)) return true;
      if (interrupted()) return false;
      if (word.empty() && !answer->empty()) output_.line("'" + *answer + "' is none of these.");
      if (word.empty()) explain();
    }
  }

  std::optional<std::string> ask(const std::string& question) const {
    output_.write(question);
    output_.flush();
    auto answer = typed_line();
    if (!answer) output_.line();
    return answer;
  }

  void explain() const {
    output_.line("  approve  try it on your benchmark, and apply it where it helps");
    output_.line("  reject   drop it; the next plans are told your reason");
    output_.line("  skip     leave it in the queue, and go on to the next one");
    output_.line("  open     show all of it in $VISUAL, $EDITOR or a pager");
    output_.line("  quit     leave this one and the rest in the queue");
  }

  void open(const QueuedEdit& queued) const {
    const std::string problem =
        show_in_viewer(queued.edit.id + ".diff", text_of(application_, queued));
    if (!problem.empty()) output_.line("cannot show it: " + problem);
  }

  bool approve(const QueuedEdit& queued) {
    const auto outcome = approve_queued(application_, queued, allowed_tools_);
    // Whoever typed while the trial ran has not seen the next edit.
    forget_typed();
    if (!outcome) return failed(outcome.error());
    // Its rationale and its diff stand above.
    print_decision(*outcome, output_);
    if (const auto tried = trial_of(application_, queued))
      print_trial(application_, *tried, output_);
    ++tried_;
    if (outcome->status == EditStatus::applied) ++applied_;
    if (outcome->status == EditStatus::pending_review) ++undecided_;
    return true;
  }

  bool reject(const QueuedEdit& queued) {
    const auto reason = ask("why (Enter for no reason, Ctrl-D to keep it): ");
    if (!reason) return false;
    const auto outcome = reject_queued(application_, queued.edit.id, *reason);
    if (!outcome) return failed(outcome.error());
    output_.line("Rejected " + outcome->edit.id + ".");
    ++rejected_;
    return true;
  }

  bool failed(const Error& error) const {
    output_.flush();
    output_.error(error);
    return false;
  }

  std::string summary(std::size_t all) const {
    const std::size_t left = all - (tried_ - undecided_) - rejected_;
    return std::to_string(tried_) + " tried, " + std::to_string(applied_) + " of them applied, " +
           std::to_string(rejected_) + " rejected, " + std::to_string(left) + " left in the queue.";
  }

  Application& application_;
  const std::vector<std::string>& allowed_tools_;
  const Output& output_;
  std::string place_;
  std::size_t tried_ = 0, applied_ = 0, undecided_ = 0, rejected_ = 0;
};

}  // namespace

void print_queued(const Application& application, const QueuedEdit& queued, const Output& output) {
  output.heading(title_of(queued.edit));
  print_body(application, queued, output);
}

void walk_through(Application& application, const std::vector<QueuedEdit>& queue,
                  const std::vector<std::string>& allowed_tools, const Output& output) {
  ReviewWalk(application, allowed_tools, output).run(queue);
}

}  // namespace jarvis
