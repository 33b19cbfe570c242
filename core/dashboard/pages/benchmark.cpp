#include <cmath>

#include "core/base/figures.hpp"
#include "core/benchmark/statistics.hpp"
#include "core/benchmark/store.hpp"
#include "core/dashboard/pages.hpp"
#include "core/dashboard/wording.hpp"
#include "core/home/paths.hpp"
#include "core/home/settings/settings.hpp"
#include "core/insight/benchmark_power.hpp"

namespace jarvis::dashboard {

namespace {

Html count_table(const std::string& title, const std::string& name, const json::object& counts) {
  Html rows;
  for (const auto& [key, count] : counts)
    rows += element("tr", {row_head(std::string(key)), cell(json::serialize(count), "num")});
  return element(
      "section", {{"class", "card"}},
      {element("h2", title), table(title, {column(name), column("Tasks", "num")}, rows)});
}

Html power_row(const std::string& name, const GatePower& power) {
  return element(
      "tr",
      {row_head(name),
       cell(power.detectable ? points(*power.detectable) + " points" : std::string("none"), "num"),
       cell(std::to_string(std::lround(power.runs_at_detectable)), "num"),
       cell(std::to_string(std::lround(power.runs_at_nothing)), "num")});
}

/** What the index knows: reading all sessions again would take long. */
std::optional<SeenNoise> newest_noise(const Visit& visit) {
  for (const SessionLine& session : visit.desk.index.look()->sessions)
    if (session.noise) return session.noise;
  return std::nullopt;
}

Html power_card(const Visit& visit, const Benchmark& benchmark) {
  const auto settings = load_settings(visit.desk.home);
  if (!settings) return error_note(settings.error().message, settings.error().hint);
  const BenchmarkPower power = benchmark_power(benchmark, settings->gate, newest_noise(visit));
  return element(
      "section", {{"class", "card"}},
      {element("h2", "What it can see"),
       element("p", std::to_string(power.tasks) + " of " + std::to_string(power.held_out) +
                        " held-out tasks decide in a session. Noise: " + power.noise_source + "."),
       table("The smallest gain that is seen with 80 %",
             {column("Edits in a session"), column("Smallest gain", "num"),
              column("Runs for it", "num"), column("Runs for an edit that does nothing", "num")},
             {power_row("one", power.one_edit), power_row("each of five", power.each_of_five)})});
}

}  // namespace

Page benchmark_page(const Visit& visit) {
  const auto newest = BenchmarkStore(visit.desk.parts.home / kBenchmarksFolder).newest();
  if (!newest) {
    Page page = error_page(newest.error());
    page.section = "/benchmark";
    return page;
  }
  if (!*newest)
    return {"Benchmark", "/benchmark",
            Html{element("h1", "Benchmark"),
                 element("p", {{"class", "card empty"}},
                         "There is no personal benchmark yet. Rate 10 or more answers with 0.7 or "
                         "better: it is made from them.")}};
  const Benchmark& benchmark = (*newest)->benchmark;
  const json::object counts = benchmark_statistics(benchmark);
  const Html summary{
      pair("Version", benchmark.version),
      pair("Made", moment(benchmark.created_at)),
      pair("Cost", dollars(benchmark.cost_usd)),
      pair("Teacher", benchmark.teacher_model.empty() ? "–" : benchmark.teacher_model),
      pair("Judge", benchmark.judge_model.empty() ? "–" : benchmark.judge_model),
      pair("Waiting", counted((*newest)->unsure_task_ids.size(), "task", "tasks") +
                          " without an agreed answer")};
  return {
      "Benchmark", "/benchmark",
      Html{element("h1", "Benchmark"),
           element("p", {{"class", "lead"}},
                   counted(benchmark.tasks.size(), "question", "questions") +
                       " from your own traces, with gold answers. Held-out ones decide about "
                       "edits and are never shown to the teacher."),
           element("section", {{"class", "card"}}, element("dl", {{"class", "pairs"}}, summary)),
           power_card(visit, benchmark),
           element("div", {{"class", "cards"}},
                   {count_table("Strata", "Stratum", sdk::optional_object(counts, "strata")),
                    count_table("Parts", "Part", sdk::optional_object(counts, "parts")),
                    count_table("Classes of questions", "Class",
                                sdk::optional_object(counts, "query_classes")),
                    count_table("Gold answers", "From",
                                sdk::optional_object(counts, "gold_sources"))})}};
}

}  // namespace jarvis::dashboard
