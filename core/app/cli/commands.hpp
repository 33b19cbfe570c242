#pragma once

#include "core/app/cli/command.hpp"

namespace jarvis {

// One handler for each row of the command table; each lives in the file of its name.
Result<int> ask(Application&, const Arguments&, Output&);
Result<int> completion_bash(Application&, const Arguments&, Output&);
Result<int> completion_fish(Application&, const Arguments&, Output&);
Result<int> completion_ids(Application&, const Arguments&, Output&);
Result<int> completion_zsh(Application&, const Arguments&, Output&);
Result<int> dashboard_serve(Application&, const Arguments&, Output&);
Result<int> demo(Application&, const Arguments&, Output&);
Result<int> feedback_evaluate(Application&, const Arguments&, Output&);
Result<int> feedback_score(Application&, const Arguments&, Output&);
Result<int> feedback_stats(Application&, const Arguments&, Output&);
Result<int> feedback_thumbs(Application&, const Arguments&, Output&);
Result<int> learning_approve(Application&, const Arguments&, Output&);
Result<int> learning_benchmark_refresh(Application&, const Arguments&, Output&);
Result<int> learning_benchmark_power(Application&, const Arguments&, Output&);
Result<int> learning_benchmark_show(Application&, const Arguments&, Output&);
Result<int> learning_daemon_run(Application&, const Arguments&, Output&);
Result<int> learning_daemon_start(Application&, const Arguments&, Output&);
Result<int> learning_daemon_status(Application&, const Arguments&, Output&);
Result<int> learning_daemon_stop(Application&, const Arguments&, Output&);
Result<int> learning_resume(Application&, const Arguments&, Output&);
Result<int> learning_history(Application&, const Arguments&, Output&);
Result<int> learning_loop(Application&, const Arguments&, Output&);
Result<int> learning_init(Application&, const Arguments&, Output&);
Result<int> learning_reject(Application&, const Arguments&, Output&);
Result<int> learning_review(Application&, const Arguments&, Output&);
Result<int> learning_rollback(Application&, const Arguments&, Output&);
Result<int> learning_run(Application&, const Arguments&, Output&);
Result<int> learning_show(Application&, const Arguments&, Output&);
Result<int> learning_status(Application&, const Arguments&, Output&);
Result<int> manual(Application&, const Arguments&, Output&);
Result<int> plugins_check(Application&, const Arguments&, Output&);
Result<int> plugins_list(Application&, const Arguments&, Output&);
Result<int> plugins_new(Application&, const Arguments&, Output&);
Result<int> plugins_ops(Application&, const Arguments&, Output&);
Result<int> doctor(Application&, const Arguments&, Output&);
Result<int> plugins_show(Application&, const Arguments&, Output&);
Result<int> traces_export(Application&, const Arguments&, Output&);
Result<int> traces_import(Application&, const Arguments&, Output&);
Result<int> traces_list(Application&, const Arguments&, Output&);
Result<int> traces_search(Application&, const Arguments&, Output&);
Result<int> traces_show(Application&, const Arguments&, Output&);

}  // namespace jarvis
