#include "core/app/cli/autonomy.hpp"
#include "core/app/cli/commands.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/cli/session_report.hpp"
#include "core/app/session_start.hpp"
#include "core/app/watching.hpp"
#include "core/app/workshop.hpp"
#include "core/base/json_text.hpp"

namespace jarvis {

namespace {

/** The traces that the user flags, by full id. */
Result<Trigger> trigger_of(Application& application, const Arguments& arguments) {
  Trigger trigger;
  if (!arguments.has("--trace")) return trigger;
  const auto traces = application.traces();
  if (!traces) return traces.error();
  trigger.kind = "user_flag";
  for (const std::string& id : arguments.list("--trace")) {
    const auto trace = (*traces)->get(id);
    if (!trace) return trace.error();
    trigger.trace_ids.push_back(trace->id);
  }
  trigger.metadata["trace_id"] = trigger.trace_ids.front();
  return trigger;
}

}  // namespace

Result<int> learning_run(Application& application, const Arguments& arguments, Output& output) {
  const auto autonomy = autonomy_of(application, arguments);
  if (!autonomy) return autonomy.error();
  const auto max_cost = arguments.number("--max-cost");
  if (!max_cost) return max_cost.error();
  if (!arguments.has("--preview")) watch_first(application);
  auto workshop = Workshop::open(application, {"learning run", *max_cost, arguments.has("--local"),
                                               arguments.list("--allow-side-effects")});
  if (!workshop) return workshop.error();
  Workshop& work = **workshop;
  if (!work.notice().empty()) output.line(work.notice());
  const auto trigger = trigger_of(application, arguments);
  if (!trigger) return trigger.error();
  if (auto enough = work.require_traces(); !enough) return enough.error();
  if (arguments.has("--preview")) {
    const auto preview = work.preview(*trigger);
    if (!preview) return preview.error();
    output.document(*preview);
    output.verbatim(pretty(*preview));
    return 0;
  }
  const auto session = start_session(work, *autonomy, *trigger);
  if (!session) return session.error();
  return report_session(application, *session, output);
}

}  // namespace jarvis
