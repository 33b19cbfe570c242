#include "core/report/session_spans.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/base/digest.hpp"
#include "core/dashboard/json_lines.hpp"
#include "core/home/paths.hpp"
#include "core/ports/clock.hpp"
#include "core/report/paid_calls.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kTraceDigits = 32;
constexpr std::size_t kSpanDigits = 16;

using Spans = std::vector<SessionSpan>;

class SpanWriter {
 public:
  SpanWriter(const SpanSource& source, const Session& session)
      : source_(source), session_(session) {}

  Spans written() {
    add_session();
    add_steps();
    add_paid_calls();
    add_conversation("diagnose", "diagnosis");
    add_conversation("plan", "planning");
    finish();
    return std::move(spans_);
  }

 private:
  SessionSpan& add(const std::string& path, const std::string& name, double begin) {
    SessionSpan span;
    span.id = sha256("span " + session_.id + "/" + path).substr(0, kSpanDigits);
    span.name = name;
    span.begin = begin;
    span.attributes["jarvis.session.id"] = session_.id;
    spans_.push_back(std::move(span));
    latest_ = std::max(latest_, begin);
    return spans_.back();
  }

  std::string safe(const std::string& text) const { return source_.privacy.redact(text); }

  void add_session() {
    SessionSpan& span = add("session", "learning session", time_of_iso8601(session_.started_at));
    span.end = time_of_iso8601(session_.ended_at);
    latest_ = std::max(latest_, span.end);
    json::object& attributes = span.attributes;
    attributes["jarvis.session.status"] = json::value(to_string(session_.status));
    attributes["jarvis.session.autonomy"] = json::value(to_string(session_.autonomy));
    attributes["jarvis.session.trigger"] = safe(session_.trigger.kind);
    attributes["jarvis.session.cost_usd"] = session_.teacher_cost_usd;
    if (!session_.benchmark_version.empty())
      attributes["jarvis.benchmark.version"] = session_.benchmark_version;
    if (session_.before)
      attributes["jarvis.benchmark.score_before"] = session_.before->overall_score;
    if (session_.after) attributes["jarvis.benchmark.score_after"] = session_.after->overall_score;
    if (!session_.error.empty()) span.error = safe(session_.error);
  }

  // A session that was gone on with has a phase more than once.
  void add_steps() {
    dashboard::each_json_line(source_.home / kSessionsFolder / session_.id / "steps.jsonl", 0,
                              [this](const json::object& step) {
                                const double at = time_of_iso8601(sdk::optional_string(step, "at"));
                                if (at <= 0) return;
                                latest_ = std::max(latest_, at);
                                const std::string state = sdk::optional_string(step, "state");
                                if (state == "begin") begin_step(step, at);
                                if (state == "end") end_step(step, at);
                              });
  }

  static std::string key_of(const json::object& step) {
    return sdk::optional_string(step, "step") + " " + sdk::optional_string(step, "edit_id");
  }

  void begin_step(const json::object& step, double at) {
    const std::string name = sdk::optional_string(step, "step");
    if (name != "diagnose" && name != "plan" && name != "execute" && name != "edit" &&
        name != "apply")
      return;
    const std::string key = key_of(step);
    close(key, at);
    const std::string edit_id = sdk::optional_string(step, "edit_id");
    const std::size_t above = name == "edit"    ? open_or_session("execute ")
                              : name == "apply" ? open_or_session("edit " + edit_id)
                                                : 0;
    if (name == "apply") end_gate(edit_id, at);
    const std::string parent = spans_[above].id;
    SessionSpan& span =
        add(key + "/" + std::to_string(++attempts_[key]), name == "edit" ? "trial" : name, at);
    span.parent = parent;
    if (!edit_id.empty()) add_edit(edit_id, span.attributes);
    open_[key] = spans_.size() - 1;
    if (name == "edit") begin_gate(edit_id, at);
  }

  void end_step(const json::object& step, double at) {
    const std::string name = sdk::optional_string(step, "step");
    const auto open = open_.find(key_of(step));
    if (open == open_.end()) return;
    SessionSpan& span = spans_[open->second];
    if (name == "edit") {
      end_gate(sdk::optional_string(step, "edit_id"), at);
      span.attributes["jarvis.edit.status"] = safe(sdk::optional_string(step, "status"));
    }
    span.end = at;
    open_.erase(open);
  }

  void close(const std::string& key, double at) {
    const auto open = open_.find(key);
    if (open == open_.end()) return;
    spans_[open->second].end = at;
    open_.erase(open);
  }

  std::size_t open_or_session(const std::string& key) const {
    const auto open = open_.find(key);
    return open == open_.end() ? 0 : open->second;
  }

  const EditOutcome* outcome_of(const std::string& edit_id) const {
    const auto found =
        std::find_if(session_.outcomes.begin(), session_.outcomes.end(),
                     [&](const EditOutcome& outcome) { return outcome.edit.id == edit_id; });
    return found == session_.outcomes.end() ? nullptr : &*found;
  }

  void add_edit(const std::string& edit_id, json::object& attributes) const {
    attributes["jarvis.edit.id"] = safe(edit_id);
    const EditOutcome* outcome = outcome_of(edit_id);
    if (!outcome) return;
    attributes["jarvis.edit.op"] = safe(outcome->edit.op);
    attributes["jarvis.edit.tier"] = json::value(to_string(outcome->edit.tier));
    if (!outcome->commit.empty()) attributes["jarvis.edit.commit"] = outcome->commit;
  }

  void begin_gate(const std::string& edit_id, double at) {
    const EditOutcome* outcome = outcome_of(edit_id);
    if (!outcome || !outcome->verdict) return;
    const Verdict& verdict = *outcome->verdict;
    const std::string parent = spans_.back().id;
    const std::string key = "gate " + edit_id;
    SessionSpan& span = add(key + "/" + std::to_string(++attempts_[key]), "gate", at);
    span.parent = parent;
    json::object& attributes = span.attributes;
    attributes["jarvis.edit.id"] = safe(edit_id);
    attributes["jarvis.gate.verdict"] = json::value(to_string(verdict.decision));
    if (verdict.benchmark_delta) attributes["jarvis.gate.delta"] = *verdict.benchmark_delta;
    if (verdict.interval) {
      attributes["jarvis.gate.interval_low"] = (*verdict.interval)[0];
      attributes["jarvis.gate.interval_high"] = (*verdict.interval)[1];
    }
    attributes["jarvis.gate.tasks"] = static_cast<std::int64_t>(verdict.tasks.size());
    attributes["jarvis.gate.student_runs"] = outcome->cost.student_runs;
    attributes["jarvis.gate.judgements"] = outcome->cost.judgements;
    attributes["jarvis.gate.cost_usd"] = outcome->cost.usd;
    open_[key] = spans_.size() - 1;
  }

  void end_gate(const std::string& edit_id, double at) { close("gate " + edit_id, at); }

  /** The smallest piece of the steps' work that a time lies in. */
  std::string parent_at(double time) const {
    std::size_t best = 0;
    for (std::size_t i = 1; i < steps_end_; ++i) {
      const SessionSpan& span = spans_[i];
      const bool is_within = span.begin <= time && (span.end <= 0 || time <= span.end);
      if (is_within && (best == 0 || span.begin >= spans_[best].begin)) best = i;
    }
    return spans_[best].id;
  }

  std::string phase(const std::string& name, double time) const {
    for (std::size_t i = steps_end_; i-- > 1;)
      if (spans_[i].name == name && spans_[i].begin <= time) return spans_[i].id;
    return parent_at(time);
  }

  std::string parent_of_call(const std::string& purpose, double time) const {
    if (purpose == "diagnosis" || purpose == "run_self") return phase("diagnose", time);
    return purpose == "planning" ? phase("plan", time) : parent_at(time);
  }

  SessionSpan& add_chat(const std::string& path, const std::string& purpose,
                        const std::string& model, double begin) {
    const std::string name = safe(model);
    const std::string parent = parent_of_call(purpose, begin);
    SessionSpan& span = add(path, name.empty() ? "chat" : "chat " + name, begin);
    span.parent = parent;
    span.kind = SessionSpan::Kind::client;
    span.attributes["gen_ai.operation.name"] = "chat";
    span.attributes["jarvis.purpose"] = safe(purpose);
    if (!name.empty()) span.attributes["gen_ai.request.model"] = name;
    const std::string provider = source_.provider_of(model);
    const std::string known = provider.empty() ? "unknown" : provider;
    // The second name is that of older receivers.
    for (const char* key : {"gen_ai.provider.name", "gen_ai.system"}) span.attributes[key] = known;
    return span;
  }

  void add_paid_calls() {
    steps_end_ = spans_.size();
    std::size_t number = 0;
    for (const PaidCall& call : paid_calls(source_.home, session_.id)) {
      paid_purposes_.insert(call.purpose);
      const double begin = call.began > 0 ? call.began : call.ended;
      SessionSpan& span =
          add_chat("call/" + std::to_string(++number), call.purpose, call.model, begin);
      span.end = call.ended;
      span.attributes["jarvis.cost_usd"] = call.usd;
      if (call.ended <= 0) {
        span.error = "its end was not seen";
        continue;
      }
      span.attributes["gen_ai.usage.input_tokens"] = call.usage.input_tokens;
      span.attributes["gen_ai.usage.output_tokens"] = call.usage.output_tokens;
      latest_ = std::max(latest_, call.ended);
    }
  }

  /** The tools of the conversation, and its calls where the ledger has none of them: they were
   * free.
   */
  void add_conversation(const std::string& step, const std::string& purpose) {
    const bool is_paid = paid_purposes_.count(purpose) > 0;
    double before = 0;
    for (std::size_t i = 1; i < steps_end_ && before <= 0; ++i)
      if (spans_[i].name == step) before = spans_[i].begin;
    std::size_t number = 0;
    const auto log =
        source_.home / kSessionsFolder / session_.id / "teacher_traces" / (step + ".jsonl");
    dashboard::each_json_line(log, 0, [&](const json::object& line) {
      const double at = time_of_iso8601(sdk::optional_string(line, "timestamp"));
      if (at <= 0) return;
      const std::string path = step + "/" + std::to_string(++number);
      if (line.contains("tool"))
        add_tool(path, purpose, line, at);
      else if (!is_paid)
        add_free_call(path, purpose, line, before > 0 ? before : at, at);
      before = at;
      latest_ = std::max(latest_, at);
    });
  }

  void add_tool(const std::string& path, const std::string& purpose, const json::object& line,
                double at) {
    const std::string tool = safe(sdk::optional_string(line, "tool"));
    const double took = sdk::optional_number(line, "latency_ms").value_or(0) / 1000;
    const std::string parent = parent_of_call(purpose, at);
    SessionSpan& span = add(path, "execute_tool " + tool, at - std::max(took, 0.0));
    span.parent = parent;
    span.end = at;
    span.attributes["gen_ai.operation.name"] = "execute_tool";
    span.attributes["gen_ai.tool.name"] = tool;
    span.attributes["gen_ai.tool.type"] = "function";
  }

  void add_free_call(const std::string& path, const std::string& purpose, const json::object& line,
                     double begin, double end) {
    if (const std::string model = sdk::optional_string(line, "model"); !model.empty())
      teacher_ = model;
    SessionSpan& span = add_chat(path, purpose, teacher_, begin);
    span.end = end;
    const json::object usage = sdk::optional_object(line, "usage");
    if (usage.empty()) return;
    span.attributes["gen_ai.usage.input_tokens"] = sdk::optional_integer(usage, "input_tokens");
    span.attributes["gen_ai.usage.output_tokens"] = sdk::optional_integer(usage, "output_tokens");
  }

  /** What has no end yet ends with the last thing that is known; nothing ends before it begins, and
   * nothing begins before the session. */
  void finish() {
    const double first = spans_.front().begin;
    for (SessionSpan& span : spans_) {
      span.begin = std::max(span.begin, first);
      if (span.end <= 0) span.end = latest_;
      span.end = std::max(span.end, span.begin);
    }
    spans_.front().end = std::max(spans_.front().end, latest_);
    for (std::size_t i = 1; i < spans_.size(); ++i)
      if (spans_[i].parent.empty()) spans_[i].parent = spans_.front().id;
  }

  const SpanSource& source_;
  const Session& session_;
  Spans spans_;
  double latest_ = 0;
  std::size_t steps_end_ = 1;
  std::map<std::string, std::size_t> open_;  ///< by step and edit
  std::map<std::string, int> attempts_;
  std::set<std::string> paid_purposes_;
  std::string teacher_;
};

}  // namespace

std::string trace_id_of(const Session& session) {
  return sha256("trace " + session.id).substr(0, kTraceDigits);
}

std::vector<SessionSpan> session_spans(const SpanSource& source, const Session& session) {
  return SpanWriter(source, session).written();
}

}  // namespace jarvis
