#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "core/app/application.hpp"
#include "core/app/cli/commands.hpp"
#include "core/app/cli/documents.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/workshop.hpp"
#include "core/base/json_text.hpp"
#include "core/home/paths.hpp"
#include "core/home/traces/trace_writer.hpp"
#include "core/ports/feedback_stats.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kQueryShown = 60;

std::string one_decimal(double value, const char* form = "%.1f") {
  char text[32];
  std::snprintf(text, sizeof text, form, value);
  return text;
}

Result<Trace> newest_trace(const TraceReader& traces) {
  TraceFilter filter;
  filter.limit = 1;
  auto newest = traces.list(filter);
  if (!newest) return newest.error();
  if (newest->empty())
    return Error{ErrorKind::not_found, "there are no traces yet",
                 "ask something: jarvis ask \"…\", or jarvis traces import FILE"};
  return std::move(newest->front());
}

Result<int> rate(Application& application, const Trace& trace, double score, Output& output) {
  if (auto set = set_feedback(application.home_path() / kTracesFile, trace.id, score); !set)
    return set.error();
  output.document({{"trace_id", trace.id}, {"feedback", score}});
  output.line("Rated " + trace.id + " " + one_decimal(score, "%.2f") + ": " +
              shortened(trace.query, kQueryShown));
  return 0;
}

/** Seconds of "7d", "12h", "30m" or "45s". */
Result<double> seconds_of(const std::string& text) {
  int count = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, count);
  const std::string unit(end, last);
  const double seconds = unit == "d"   ? 86400
                         : unit == "h" ? 3600
                         : unit == "m" ? 60
                         : unit == "s" ? 1
                                       : 0;
  if (error != std::errc() || count <= 0 || seconds == 0)
    return Error{ErrorKind::usage, "'" + text + "' is no time for --since", "write 7d, 12h or 30m"};
  return count * seconds;
}

}  // namespace

Result<int> feedback_score(Application& application, const Arguments& arguments, Output& output) {
  const auto score = arguments.number("--score");
  if (!score) return score.error();
  const auto traces = application.traces();
  if (!traces) return traces.error();
  const auto trace = (*traces)->get(arguments.text("trace"));
  if (!trace) return trace.error();
  return rate(application, *trace, score->value_or(0), output);
}

Result<int> feedback_thumbs(Application& application, const Arguments& arguments, Output& output) {
  if (arguments.has("--up") == arguments.has("--down"))
    return Error{ErrorKind::usage, "give either --up or --down", ""};
  if (arguments.has("trace") && arguments.has("--last"))
    return Error{ErrorKind::usage, "give either a trace or --last", ""};
  const auto traces = application.traces();
  if (!traces) return traces.error();
  const auto trace =
      arguments.has("trace") ? (*traces)->get(arguments.text("trace")) : newest_trace(**traces);
  if (!trace) return trace.error();
  return rate(application, *trace, arguments.has("--up") ? 1.0 : 0.0, output);
}

Result<int> feedback_stats(Application& application, const Arguments&, Output& output) {
  const auto settings = application.settings();
  if (!settings) return settings.error();
  const auto traces = application.traces();
  if (!traces) return traces.error();
  const auto stats =
      feedback_stats_of(**traces, {(*settings)->benchmark.synthesis_feedback_threshold,
                                   (*settings)->triggers.cluster_failure_threshold});
  if (!stats) return stats.error();
  json::object agents;
  std::vector<std::vector<std::string>> rows;
  for (const auto& [agent, count] : stats->by_agent) {
    agents[agent] = {{"rated", count.rated}, {"liked", count.liked}, {"disliked", count.disliked}};
    rows.push_back({agent.empty() ? "–" : agent, std::to_string(count.rated),
                    std::to_string(count.liked), std::to_string(count.disliked)});
  }
  const json::value mean = number_or_null(stats->mean());
  output.document({{"traces", stats->traces},
                   {"rated", stats->all.rated},
                   {"liked", stats->all.liked},
                   {"disliked", stats->all.disliked},
                   {"rated_by_judge", stats->by_judge},
                   {"mean", mean},
                   {"agents", std::move(agents)}});
  output.line(std::to_string(stats->traces) + " traces, " + std::to_string(stats->all.rated) +
              " rated (" + std::to_string(stats->by_judge) + " by the judge): " +
              std::to_string(stats->all.liked) + " liked, " + std::to_string(stats->all.disliked) +
              " disliked" + (stats->mean() ? ", mean " + one_decimal(*stats->mean(), "%.2f") : ""));
  if (!rows.empty()) output.table({"AGENT", "RATED", "LIKED", "DISLIKED"}, rows);
  return 0;
}

Result<int> feedback_evaluate(Application& application, const Arguments& arguments,
                              Output& output) {
  Evaluating wanted;
  if (arguments.has("--since")) {
    const auto seconds = seconds_of(arguments.text("--since"));
    if (!seconds) return seconds.error();
    wanted.since = application.clock().now() - *seconds;
  }
  const auto limit = arguments.count("--limit");
  if (!limit) return limit.error();
  if (*limit) wanted.most = static_cast<std::size_t>(**limit);
  const auto cap = arguments.number("--max-cost");
  if (!cap) return cap.error();
  auto workshop = Workshop::open(application, {"feedback evaluate", *cap, false});
  if (!workshop) return workshop.error();
  if (auto chosen = (*workshop)->require_engines(); !chosen) return chosen.error();
  const auto evaluated = (*workshop)->evaluate(wanted);
  if (!evaluated) return evaluated.error();
  output.document({{"evaluated", evaluated->rated},
                   {"unreadable", evaluated->unreadable},
                   {"left", evaluated->left},
                   {"cost_usd", evaluated->cost_usd},
                   {"stopped_by", text_or_null(evaluated->stopped_by)}});
  output.line("The judge rated " + std::to_string(evaluated->rated) +
              (evaluated->rated == 1 ? " trace, for " : " traces, for ") +
              dollars(evaluated->cost_usd) + ".");
  if (evaluated->unreadable > 0)
    output.line(std::to_string(evaluated->unreadable) +
                " of its replies could not be read; those traces stay unrated.");
  if (!evaluated->stopped_by.empty())
    output.line(std::to_string(evaluated->left) + " are left: " + evaluated->stopped_by + ".");
  return 0;
}

}  // namespace jarvis
