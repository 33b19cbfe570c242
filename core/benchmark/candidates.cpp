#include "core/benchmark/candidates.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>

#include "core/base/digest.hpp"
#include "core/model/json.hpp"
#include "core/model/query_class.hpp"

namespace jarvis {

namespace {

bool is_space(unsigned char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_managed_agent(const std::string& agent) {
  return agent.size() == 12 && std::all_of(agent.begin(), agent.end(), [](unsigned char c) {
           return std::isdigit(c) != 0 || (c >= 'a' && c <= 'f');
         });
}

std::optional<Stratum> stratum_of(const Trace& trace, const MiningRule& rule) {
  if (!trace.feedback) return std::nullopt;
  if (*trace.feedback >= rule.liked_at_least) return Stratum::retain;
  if (*trace.feedback <= rule.failed_at_most && rule.include_failures) return Stratum::repair;
  return std::nullopt;
}

bool is_excluded(const Trace& trace, const MiningRule& rule) {
  return is_managed_agent(trace.agent) ||
         std::find(rule.exclude_agents.begin(), rule.exclude_agents.end(), trace.agent) !=
             rule.exclude_agents.end();
}

bool is_better(const Trace& one, const Trace& other) {
  if (*one.feedback != *other.feedback) return *one.feedback > *other.feedback;
  if (one.started_at != other.started_at) return one.started_at > other.started_at;
  return one.id < other.id;
}

/** Whether it survives a way through JSON: bytes that are not UTF-8 do not. */
bool is_text(const std::string& text) {
  boost::system::error_code error;
  json::parse(json::serialize(json::value(text)), error);
  return !error;
}

bool is_blank(const std::string& text) {
  return normalised_query(text).empty();
}

}  // namespace

std::string normalised_query(std::string_view query) {
  std::string text;
  for (const char c : query) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_space(byte)) {
      if (!text.empty() && text.back() != ' ') text += ' ';
    } else {
      text += byte < 0x80 ? static_cast<char>(std::tolower(byte)) : c;
    }
  }
  if (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

std::string task_id_of(std::string_view query) {
  return "task-" + sha256(normalised_query(query)).substr(0, 12);
}

Result<std::vector<Candidate>> mine_candidates(const TraceReader& traces, const MiningRule& rule) {
  const auto count = traces.count();
  if (!count) return count.error();
  TraceFilter filter;
  filter.limit = std::max<std::int64_t>(*count, 1);
  filter.rated_only = true;
  auto rated = traces.list(filter);
  if (!rated) return rated.error();

  std::map<std::string, Candidate> best;
  for (Trace& trace : *rated) {
    const auto stratum = stratum_of(trace, rule);
    if (!stratum || is_excluded(trace, rule) || is_blank(trace.query)) continue;
    if (!is_text(trace.query) || !is_text(trace.agent)) continue;
    if (*stratum == Stratum::retain && (is_blank(trace.result) || !is_text(trace.result))) continue;
    const std::string id = task_id_of(trace.query);
    const auto known = best.find(id);
    if (known != best.end() && !is_better(trace, known->second.trace)) continue;
    const std::string query_class(classify(trace.query));
    best[id] = Candidate{id, query_class, *stratum, std::move(trace)};
  }
  std::vector<Candidate> candidates;
  for (auto& [id, candidate] : best) candidates.push_back(std::move(candidate));
  return candidates;
}

}  // namespace jarvis
