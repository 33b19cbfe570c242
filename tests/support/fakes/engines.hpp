#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/ports/judge.hpp"
#include "core/ports/purse.hpp"
#include "core/ports/student.hpp"
#include "core/ports/teacher.hpp"

namespace jarvis::testing {

inline sdk::GenerateResult says(const std::string& text, std::vector<sdk::ToolCall> calls = {}) {
  sdk::GenerateResult result;
  result.stop_reason = calls.empty() ? "end" : "tool_calls";
  result.message = {"assistant", text, std::move(calls), {}, {}};
  result.model = "fake-teacher";
  return result;
}

/** Answers "gold: <question>" unless told otherwise; costs a cent a call. */
class FakeTeacher : public Teacher, public Purse {
 public:
  std::atomic<int> calls{0};
  std::function<Result<std::string>(const std::string& query, int call)> reply;
  /** Takes over from `reply` where it is set. */
  std::function<Result<sdk::GenerateResult>(Purpose, const sdk::GenerateRequest&)> script;
  std::function<void(const sdk::GenerateRequest&)> inspect;
  std::string stop_reason = "end";
  std::vector<SpendingStep> allowed;
  double unsettled = 0;

  Result<sdk::GenerateResult> generate(Purpose purpose, sdk::GenerateRequest request) override {
    const int call = calls++;
    {
      const std::lock_guard lock(mutex_);
      spent_[std::string(to_string(purpose))] += 0.01;
    }
    if (inspect) inspect(request);
    if (script) return script(purpose, request);
    const std::string query = request.messages.at(0).text;
    const Result<std::string> text =
        reply ? reply(query, call) : Result<std::string>("gold: " + query);
    if (!text) return text.error();
    sdk::GenerateResult result = says(*text);
    result.stop_reason = stop_reason;
    return result;
  }
  std::string model() const override { return "fake-teacher"; }

  void allow(SpendingStep step) override { allowed.push_back(step); }
  double cap_usd() const override { return 5; }
  double spent_usd() const override { return calls * 0.01; }
  double unsettled_usd() const override { return unsettled; }
  std::map<std::string, double> spent_by_purpose() const override {
    const std::lock_guard lock(mutex_);
    return spent_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, double> spent_;
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

/** Scores 1 what equals gold and 0 everything else. */
inline Result<Judgement> exact(const std::string&, const std::string& gold,
                               const std::string& answer) {
  return Judgement{gold == answer ? 1.0 : 0.0, ""};
}

/** Answers "answer to <question>" unless told otherwise. */
class FakeStudent : public Student {
 public:
  std::atomic<int> calls{0};
  std::function<Result<std::string>(const HomeView& home, const std::string& query)> reply;

  Result<StudentAnswer> answer(const HomeView& home, const StudentQuestion& question) override {
    ++calls;
    const std::string& query = question.query;
    const auto text = reply ? reply(home, query) : Result<std::string>("answer to " + query);
    if (!text) return text.error();
    StudentAnswer answer;
    answer.result.output = *text;
    answer.result.usage.output_tokens = 7;
    return answer;
  }
  Result<std::vector<std::string>> probe(const HomeView&) override {
    return std::vector<std::string>();
  }
};

}  // namespace jarvis::testing
