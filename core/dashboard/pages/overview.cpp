#include <algorithm>

#include "core/base/figures.hpp"
#include "core/benchmark/store.hpp"
#include "core/daemon/local_time.hpp"
#include "core/daemon/pid_file.hpp"
#include "core/daemon/state.hpp"
#include "core/dashboard/chart.hpp"
#include "core/dashboard/pages.hpp"
#include "core/dashboard/wording.hpp"
#include "core/home/lock.hpp"
#include "core/home/paths.hpp"

namespace jarvis::dashboard {

namespace {

Html with_small(const Html& value, const Html& small) {
  return {value, element("span", {{"class", "small soft"}}, small)};
}

Html daemon_value(const std::filesystem::path& home) {
  const auto pid = running_daemon(home);
  if (!pid) return with_small("unknown", pid.error().message);
  if (!*pid) return with_small("off", "'jarvis learning daemon start'");
  const auto state = read_daemon_state(home);
  if (!state) return with_small("on", state.error().message);
  if (!state->working.empty()) return with_small("at work", state->working);
  return with_small(
      "on", state->next_at > 0 ? "looks next " + local_text(state->next_at) : std::string());
}

Html last_value(const std::vector<SessionLine>& sessions, const std::string& at_work) {
  if (sessions.empty()) return "none yet";
  const SessionLine& last = sessions.front();
  return with_small(link("/sessions/" + last.id, badge(last.status, last.id == at_work)),
                    moment(last.started_at));
}

Html benchmark_value(const std::filesystem::path& home) {
  const auto newest = BenchmarkStore(home / kBenchmarksFolder).newest();
  if (!newest) return with_small("broken", newest.error().message);
  if (!*newest) return with_small("none yet", "rate 10 or more answers");
  const Benchmark& benchmark = (*newest)->benchmark;
  return with_small(link("/benchmark", benchmark.version),
                    counted(benchmark.tasks.size(), "task", "tasks"));
}

/** Gold answers and ratings by the judge are paid apart from sessions. */
Html money_value(const std::vector<SessionLine>& sessions, double all_usd) {
  double sum = 0;
  for (const SessionLine& session : sessions) sum += session.cost_usd;
  return with_small(dollars(std::max(all_usd, sum)),
                    dollars(sum) + " in " + counted(sessions.size(), "session", "sessions"));
}

Html chart_card(const std::string& title, const Html& chart, const std::string& when_empty) {
  return element("section", {{"class", "card"}},
                 {element("h2", title),
                  chart.empty() ? element("p", {{"class", "empty"}}, when_empty) : chart});
}

Html work_note(const Visit& visit, const std::string& at_work) {
  const auto holder = lock_holder(visit.desk.parts.home);
  if (!holder) return {};
  Html text{"At work now: ", element("strong", holder->command), ", since ", moment(holder->since)};
  if (!at_work.empty()) text += {". ", link("/sessions/" + at_work, "Watch the session")};
  return note("live", element("p", {{"role", "status"}}, text));
}

}  // namespace

Page overview_page(const Visit& visit) {
  Desk& desk = visit.desk;
  const auto content = desk.index.look();
  const std::string at_work = desk.session_at_work();
  std::vector<std::string> broken;
  const std::size_t waiting = desk.recorder.queue().list(broken).size();
  const auto feedback = desk.feedback.look();
  const Html facts{
      fact("Last session", last_value(content->sessions, at_work)),
      fact("Waiting for review",
           waiting > 0 ? link("/review", counted(waiting, "edit", "edits")) : Html("nothing")),
      fact("Benchmark", benchmark_value(desk.parts.home)),
      fact("Spent", money_value(content->sessions, desk.spent.look_usd())),
      fact("Daemon", daemon_value(desk.parts.home))};
  const Html state = element(
      "div", {{"data-live", "overview"}},
      {work_note(visit, at_work), element("dl", {{"class", "facts"}}, facts),
       chart_card("Benchmark score", score_chart(content->sessions),
                  "No session has measured the benchmark yet."),
       chart_card("Money", money_chart(content->sessions), "No session yet."),
       feedback ? chart_card("Feedback", feedback_chart(*feedback), "No answer is rated yet.")
                : error_note(feedback.error().message, feedback.error().hint)});
  const Html run = form(visit, "/run", button("Run a session now"));
  return {"Overview",
          "/",
          {element("h1", "Overview"),
           element("p", {{"class", "lead"}},
                   "What the agent has learned from its own traces, and what it cost."),
           state,
           element("section", {{"class", "card"}},
                   {element("h2", "Learn"),
                    element("p", {{"class", "soft"}},
                            "A session diagnoses failures, plans edits and tries each one on the "
                            "benchmark. It spends money at the teacher, within the cap of the "
                            "settings."),
                    run})},
          200,
          !at_work.empty()};
}

}  // namespace jarvis::dashboard
