#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/digest.hpp"
#include "core/ports/progress.hpp"
#include "core/ports/session_files.hpp"
#include "core/ports/toolbox.hpp"

namespace jarvis::testing {

class SilentProgress : public Progress {
 public:
  void step(const std::string&) override {}
  void count(const WorkCount&) override {}
  void money(double, double) override {}
};

/** A session's artifacts, in memory. */
class MemoryFiles : public SessionFiles {
 public:
  std::map<std::string, std::string> texts;
  std::map<std::string, std::vector<json::object>> lines;
  bool full = false;  ///< nothing more can be written

  Result<void> write(const std::string& name, const std::string& text) override {
    if (full) return Error{ErrorKind::io, "no space left", ""};
    texts[name] = text;
    return {};
  }
  Result<std::string> freeze(const std::string& name, const std::string& text) override {
    if (auto written = write(name, text); !written) return written.error();
    return sha256(text);
  }
  Result<void> append(const std::string& name, const json::object& line) override {
    if (full) return Error{ErrorKind::io, "no space left", ""};
    const std::lock_guard lock(mutex_);
    lines[name].push_back(line);
    return {};
  }
  std::string path_of(const std::string& name) const override { return "session/" + name; }

 private:
  std::mutex mutex_;
};

/** Each tool asks one service: "run_student_on_task" and so on as the real ones do, any other name
 * is the service itself. */
class FakeToolbox : public Toolbox {
 public:
  std::atomic<int> calls{0};
  std::function<Result<sdk::json::object>(const sdk::ToolCall&)> answer;

  std::vector<sdk::ToolDefinition> tools() const override { return {{"traces", "", {}}}; }

  Result<sdk::json::object> call(const sdk::ToolCall& call, const ServiceTable& services) override {
    ++calls;
    if (answer) return answer(call);
    static const std::map<std::string, std::string> known{{"run_student_on_task", "student"},
                                                          {"run_self_on_task", "teacher"},
                                                          {"compare_outputs", "judge"}};
    const auto service = known.find(call.name);
    return services(service == known.end() ? call.name : service->second, call.arguments);
  }
};

}  // namespace jarvis::testing
