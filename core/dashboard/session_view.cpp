#include "core/dashboard/session_view.hpp"

#include "core/base/figures.hpp"
#include "core/dashboard/access.hpp"
#include "core/dashboard/wording.hpp"

namespace jarvis::dashboard {

namespace {

Html together(const WholeChange& whole) {
  if (!whole.delta) return whole.missing_reason;
  Html text = gain(whole.delta);
  if (whole.interval)
    text += " (90 %: " + points((*whole.interval)[0]) + " to " + points((*whole.interval)[1]) + ")";
  text += " over " + counted(static_cast<std::size_t>(whole.task_count), "task", "tasks");
  return text;
}

Html costs(const Session& session) {
  std::string parts;
  for (const auto& [purpose, usd] : session.cost_by_purpose)
    parts += (parts.empty() ? "" : ", ") + purpose + " " + dollars(usd);
  return dollars(session.teacher_cost_usd) + (parts.empty() ? "" : " (" + parts + ")");
}

Html scores(const Session& session) {
  if (session.benchmark_version.empty()) return "not measured";
  std::string text = session.benchmark_version;
  if (session.before) text += ": " + percent(session.before->overall_score);
  if (session.after) text += " → " + percent(session.after->overall_score);
  if (session.before)
    text += " on " + std::to_string(session.before->task_count) + " held-out tasks";
  return text;
}

Html trace_list(const std::vector<std::string>& ids, bool with_links) {
  Html links;
  for (const std::string& id : ids) {
    if (!links.empty()) links += ", ";
    links +=
        with_links && is_id(id) ? link("/traces/" + id, element("code", id)) : element("code", id);
  }
  return links.empty() ? Html("–") : links;
}

Html cluster_row(const Cluster& cluster, bool with_links) {
  Html what = cluster.description;
  if (!cluster.skill_gap.empty())
    what += element("div", {{"class", "soft small"}}, cluster.skill_gap);
  if (cluster.dropped)
    what += element("div", {{"class", "soft small"}}, "Dropped: " + cluster.drop_reason);
  const auto rate = [](const std::optional<double>& measured,
                       const std::optional<double>& claimed) {
    return Html{percent(measured),
                element("div", {{"class", "soft small"}}, "claimed " + percent(claimed))};
  };
  return element(
      "tr", {row_head(cluster.id), cell(what, "wide"),
             cell(rate(cluster.student_failure_rate, cluster.claimed.student_failure_rate), "num"),
             cell(rate(cluster.teacher_success_rate, cluster.claimed.teacher_success_rate), "num"),
             cell({trace_list(cluster.sample_trace_ids, with_links),
                   element("div", {{"class", "soft small"}},
                           counted(cluster.task_ids.size(), "task", "tasks"))},
                  "wide")});
}

}  // namespace

Html session_summary(const Session& session) {
  Html list{pair("Started", moment(session.started_at)),
            pair("Ended", moment(session.ended_at)),
            pair("Trigger", session.trigger.kind),
            pair("Autonomy", std::string(to_string(session.autonomy))),
            pair("Cost", costs(session)),
            pair("Benchmark", scores(session))};
  if (session.whole) list += pair("Together", together(*session.whole));
  if (!session.redactions.empty()) {
    std::string text;
    for (const auto& [rule, count] : session.redactions)
      text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + rule;
    list += pair("Redacted", text);
  }
  return element("dl", {{"class", "pairs"}}, list);
}

Html cluster_section(const Session& session, bool with_links) {
  if (session.clusters.empty()) return {};
  Html rows;
  for (const Cluster& cluster : session.clusters) rows += cluster_row(cluster, with_links);
  return {
      element("h2", "Clusters of failures"),
      element("div", {{"class", "card"}},
              table("Clusters of failures, as measured and as the teacher claimed",
                    {column("Cluster"), column("What goes wrong"), column("Student fails", "num"),
                     column("Teacher right", "num"), column("Evidence")},
                    rows))};
}

}  // namespace jarvis::dashboard
