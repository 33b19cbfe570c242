#pragma once

#include <string>
#include <vector>

#include "core/model/task.hpp"
#include "core/ports/trace_reader.hpp"

namespace jarvis {

/** Which traces may ever leave this machine. */
class Eligibility {
 public:
  explicit Eligibility(std::vector<std::string> exclude_agents)
      : exclude_agents_(std::move(exclude_agents)) {}

  /** False for traces of excluded agents and for traces that are marked private in their metadata:
   * {"private": true} or {"privacy": "private"}. */
  bool may_leave(const Trace& trace) const;
  /** The benchmark without tasks of excluded agents and of traces that may not leave. A task whose
   * trace is gone from the store stays. */
  Benchmark eligible(Benchmark benchmark, const TraceReader& all) const;

 private:
  bool excludes(const std::string& agent) const;

  std::vector<std::string> exclude_agents_;
};

/** A trace store of which nothing is seen but what may leave. */
class EligibleTraces : public TraceReader {
 public:
  /** Both must outlive it. */
  EligibleTraces(const TraceReader& all, const Eligibility& eligibility)
      : all_(all), eligibility_(eligibility) {}

  /** Looks at every trace: ask `list` with a limit where "enough" is all that counts. */
  Result<std::int64_t> count() const override;
  Result<std::vector<Trace>> list(const TraceFilter& filter) const override;
  Result<Trace> get(const std::string& id) const override;
  Result<std::vector<Trace>> search(const std::string& words, std::int64_t limit) const override;
  Result<void> scan(const TraceFilter& filter, const Visit& visit) const override;
  Result<Trace> find(const std::string& id) const override;

 private:
  Result<Trace> checked(Result<Trace> trace) const;
  template <class Source>
  Result<std::vector<Trace>> some(std::int64_t limit, Source newest) const;

  const TraceReader& all_;
  const Eligibility& eligibility_;
};

}  // namespace jarvis
