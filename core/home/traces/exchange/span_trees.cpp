#include "core/home/traces/exchange/span_trees.hpp"

#include <algorithm>
#include <optional>

namespace jarvis {

namespace {

constexpr std::size_t kMostHeld = std::size_t{24} << 20;

using Kind = Span::Kind;
using Index = std::optional<std::size_t>;

bool makes_trace(const Span& span) {
  return span.kind == Kind::agent || span.kind == Kind::model;
}

/** For each span the topmost agent or model span at or above it. */
std::vector<Index> tops_of(const std::vector<Span>& spans) {
  std::map<std::string_view, std::size_t> by_id;
  for (std::size_t i = 0; i < spans.size(); ++i) by_id.emplace(spans[i].id, i);
  std::vector<Index> tops(spans.size());
  std::vector<bool> known(spans.size(), false);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    std::vector<std::size_t> path;
    Index at = i;
    // Marked as known on the way up, so that a circle of parents ends.
    while (at && !known[*at]) {
      known[*at] = true;
      path.push_back(*at);
      const auto parent = by_id.find(spans[*at].parent_id);
      at = parent == by_id.end() ? Index() : Index(parent->second);
    }
    Index top = at ? tops[*at] : Index();
    for (auto below = path.rbegin(); below != path.rend(); ++below) {
      if (!top && makes_trace(spans[*below])) top = *below;
      tops[*below] = top;
    }
  }
  return tops;
}

std::optional<StepRow> step_of(const Span& span) {
  StepRow step;
  if (span.kind == Kind::model)
    step = answer_step(span.answer);
  else if (span.kind == Kind::tool)
    step = tool_step(span.tool);
  else if (span.kind == Kind::retrieval)
    step.type = "retrieve",
    step.input = json::serialize(json::object{{"query", json::string_view(span.query)}});
  else
    return std::nullopt;
  step.timestamp = span.begin;
  step.duration_seconds = std::max(0.0, span.end - span.begin);
  return step;
}

/** What the top span does not say itself is taken from the model calls below it. */
TraceRow row_of(const Span& top, const std::vector<const Span*>& spans) {
  TraceRow row;
  row.id = top.trace_id + "-" + top.id;
  row.query = top.query;
  row.result = top.answer.content;
  row.agent = top.agent;
  row.engine = top.engine;
  row.model = top.answer.model;
  row.total_tokens = top.answer.prompt_tokens + top.answer.completion_tokens;
  json::array messages = top.messages;
  std::int64_t tokens_below = 0;
  for (const Span* span : spans) {
    if (auto step = step_of(*span)) {
      step->index = static_cast<std::int64_t>(row.steps.size());
      row.steps.push_back(*std::move(step));
    }
    if (span->kind != Kind::model || span == &top) continue;
    tokens_below += span->answer.prompt_tokens + span->answer.completion_tokens;
    if (row.query.empty()) row.query = span->query;
    if (top.answer.content.empty() && !span->answer.content.empty())
      row.result = span->answer.content;
    if (top.answer.model.empty() && !span->answer.model.empty()) row.model = span->answer.model;
    if (row.engine.empty()) row.engine = span->engine;
    if (top.messages.empty() && !span->messages.empty()) messages = span->messages;
  }
  if (row.total_tokens == 0) row.total_tokens = tokens_below;
  row.messages = json::serialize(messages);
  row.metadata = R"({"source":"otlp"})";
  if (top.failed) row.outcome = "error";
  row.started_at = top.begin;
  row.ended_at = std::max(top.begin, top.end);
  row.total_latency_seconds = row.ended_at - row.started_at;
  return row;
}

}  // namespace

SpanTrees::SpanTrees(RowSink& sink, std::string agent_if_absent)
    : sink_(sink), agent_(std::move(agent_if_absent)) {}

void SpanTrees::add(Span span) {
  auto [place, is_new] = by_id_.try_emplace(span.trace_id);
  if (is_new) place->second = open_.insert(open_.end(), Open{span.trace_id, {}, 0});
  Open& open = *place->second;
  const std::size_t bytes = span.size();
  open.bytes += bytes;
  bytes_ += bytes;
  open.spans.push_back(std::move(span));
  while (bytes_ > kMostHeld) close(open_.begin());
}

void SpanTrees::finish() {
  while (!open_.empty()) close(open_.begin());
}

void SpanTrees::close(Place place) {
  const Open open = std::move(*place);
  by_id_.erase(open.trace_id);
  open_.erase(place);
  bytes_ -= open.bytes;
  const std::vector<Index> tops = tops_of(open.spans);
  std::map<std::size_t, std::vector<const Span*>> members;
  for (std::size_t i = 0; i < open.spans.size(); ++i)
    if (tops[i]) members[*tops[i]].push_back(&open.spans[i]);
  for (auto& [index, spans] : members) {
    const Span& top = open.spans[index];
    std::stable_sort(spans.begin(), spans.end(),
                     [](const Span* a, const Span* b) { return a->begin < b->begin; });
    TraceRow row = row_of(top, spans);
    if (row.agent.empty()) row.agent = agent_;
    if (row.query.empty() || row.result.empty())
      sink_.bad(top.line, "span '" + top.id + "' records no " +
                              (row.query.empty() ? "question" : "answer") +
                              ": switch on the recording of contents where it was made");
    else
      sink_.row(std::move(row));
  }
}

}  // namespace jarvis
