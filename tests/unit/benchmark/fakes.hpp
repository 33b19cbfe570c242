#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/ports/clock.hpp"
#include "core/ports/judge.hpp"
#include "core/ports/purse.hpp"
#include "core/ports/teacher.hpp"
#include "core/ports/trace_reader.hpp"

namespace jarvis::testing {

/** Traces held in memory. */
class FakeTraces : public TraceReader {
 public:
  std::vector<Trace> traces;

  Trace& add(const std::string& query, double feedback, const std::string& result = "an answer") {
    Trace trace;
    trace.id = "trace-" + std::to_string(traces.size());
    trace.query = query;
    trace.result = result;
    trace.feedback = feedback;
    trace.agent = "simple";
    trace.started_at = static_cast<double>(traces.size());
    traces.push_back(trace);
    return traces.back();
  }

  /** `count` liked or failed questions that differ. */
  void add_many(int count, double feedback, const std::string& topic) {
    for (int i = 0; i < count; ++i) add(topic + " number " + std::to_string(i) + "?", feedback);
  }

  Result<std::int64_t> count() const override { return static_cast<std::int64_t>(traces.size()); }
  Result<std::vector<Trace>> list(const TraceFilter& filter) const override {
    std::vector<Trace> found;
    for (const Trace& trace : traces)
      if (!filter.rated_only || trace.feedback) found.push_back(trace);
    if (found.size() > static_cast<std::size_t>(filter.limit))
      found.resize(static_cast<std::size_t>(filter.limit));
    return found;
  }
  Result<Trace> get(const std::string& id) const override {
    return Error{ErrorKind::not_found, "no trace '" + id + "'", ""};
  }
  Result<std::vector<Trace>> search(const std::string&, std::int64_t) const override {
    return std::vector<Trace>();
  }
};

/** Answers "gold: <question>" unless told otherwise; costs a cent a call. */
class FakeTeacher : public Teacher, public Purse {
 public:
  std::atomic<int> calls{0};
  std::function<Result<std::string>(const std::string& query, int call)> reply;
  std::function<void(const sdk::GenerateRequest&)> inspect;
  std::string stop_reason = "end";

  Result<sdk::GenerateResult> generate(Purpose, sdk::GenerateRequest request) override {
    const int call = calls++;
    if (inspect) inspect(request);
    const std::string query = request.messages.at(0).text;
    const Result<std::string> text =
        reply ? reply(query, call) : Result<std::string>("gold: " + query);
    if (!text) return text.error();
    sdk::GenerateResult result;
    result.message = {"assistant", *text, {}, {}, {}};
    result.stop_reason = stop_reason;
    return result;
  }
  std::string model() const override { return "fake-teacher"; }

  void allow(SpendingStep) override {}
  double spent_usd() const override { return calls * 0.01; }
  double unsettled_usd() const override { return 0; }
  std::map<std::string, double> spent_by_purpose() const override { return {}; }
};

/** Says 1 unless told otherwise. */
class FakeJudge : public Judge {
 public:
  std::atomic<int> calls{0};
  std::function<Result<Judgement>(const std::string& query, const std::string& gold,
                                  const std::string& answer)>
      reply;

  Result<Judgement> score(const std::string& query, const std::string& gold,
                          const std::string& answer) override {
    ++calls;
    return reply ? reply(query, gold, answer) : Result<Judgement>(Judgement{1.0, ""});
  }
  std::string model() const override { return "fake-judge"; }
};

class FixedClock : public Clock {
 public:
  double now() const override { return 1780000000; }
};

}  // namespace jarvis::testing
