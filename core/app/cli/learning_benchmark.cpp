#include "core/app/cli/commands.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/workshop.hpp"
#include "core/benchmark/statistics.hpp"
#include "core/benchmark/store.hpp"
#include "core/home/paths.hpp"

namespace jarvis {

namespace {

constexpr int kFewTasks = 20;

void print_benchmark(const json::object& statistics, const Output& output) {
  output.heading(sdk::optional_string(statistics, "version"));
  output.line("  tasks    " + std::to_string(sdk::optional_integer(statistics, "task_count")));
  for (const std::string_view group : {"strata", "query_classes", "parts"}) {
    std::string text;
    for (const auto& [name, count] : sdk::optional_object(statistics, group))
      text += (text.empty() ? "" : ", ") + json::serialize(count) + " " + std::string(name);
    output.line("  " + std::string(group) + "  " + text);
  }
  output.line("  made     " + sdk::optional_string(statistics, "created_at") + ", cost " +
              dollars(sdk::optional_number(statistics, "cost_usd").value_or(0)));
}

}  // namespace

Result<int> learning_benchmark_show(Application& application, const Arguments&, Output& output) {
  const auto newest = BenchmarkStore(application.home_path() / kBenchmarksFolder).newest();
  if (!newest) return newest.error();
  if (!*newest)
    return Error{ErrorKind::not_ready, "Personal benchmark is empty",
                 "rate 10 or more answers with 0.7 or better"};
  const Benchmark& benchmark = (*newest)->benchmark;
  const json::object statistics = benchmark_statistics(benchmark);
  output.document(statistics);
  print_benchmark(statistics, output);
  const auto held_out = benchmark.part(Part::held_out).size();
  if (held_out < kFewTasks)
    output.line("  note     only " + std::to_string(held_out) +
                " held-out tasks: they see large changes alone; rate more answers");
  return 0;
}

Result<int> learning_benchmark_refresh(Application& application, const Arguments& arguments,
                                       Output& output) {
  auto workshop = Workshop::open(application, {"learning benchmark refresh", std::nullopt, false});
  if (!workshop) return workshop.error();
  if (auto chosen = (*workshop)->require_engines(); !chosen) return chosen.error();
  const auto refresh = (*workshop)->refresh(arguments.has("--retry-unsure"));
  if (!refresh) return refresh.error();
  json::object document = benchmark_statistics(refresh->benchmark);
  document["changed"] = refresh->changed;
  document["added"] = refresh->added;
  document["unsure_gold"] = refresh->unsure;
  document["waiting"] = refresh->waiting;
  document["refresh_cost_usd"] = refresh->cost_usd;
  document["stopped"] =
      refresh->stopped ? json::value(refresh->stopped->message) : json::value(nullptr);
  output.document(document);
  print_benchmark(document, output);
  output.line(refresh->changed ? "  added    " + std::to_string(refresh->added) + " tasks"
                               : std::string("  nothing new: the benchmark stays as it is"));
  if (refresh->unsure > 0)
    output.line("  unsure   " + std::to_string(refresh->unsure) +
                " wait: two answers of the teacher disagree; --retry-unsure asks again");
  output.line("  spent    " + dollars(refresh->cost_usd) + " by this refresh");
  if (refresh->stopped)
    output.line("  stopped  " + refresh->stopped->message + "; the rest goes on next time");
  return 0;
}

}  // namespace jarvis
