#include "core/app/cli/demo_home.hpp"

#include <string>

#include "core/base/atomic_file.hpp"
#include "core/base/digest.hpp"
#include "plugins/shared/rehearsal_student.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kTraces = 60;
constexpr double kFirstTrace = 1767607200;  // 2026-01-05 10:00 UTC
constexpr double kBetweenTraces = 1800;

constexpr const char* kConfig =
    R"(# A made-up home: its student, its teacher and its judge are rehearsals, no language models.

[intelligence]
default_model = "rehearsal-small"   # quick, but it often leaves out the second step
temperature = 0.2
max_tokens = 512

[agent]
default_agent = "simple"
max_turns = 4

# The only agent of this home.
[agent.simple]
tools = []

# Which model answers which class of question; the rest goes to default_model.
[learning.routing.policy_map]
short = "rehearsal-small"

[learning.distillation]
teacher_model = "rehearsal-teacher"
min_traces = 20

[learning.distillation.teacher]
engine = "rehearsal"

[learning.distillation.student]
runner = "rehearsal"

[learning.distillation.judge]
engine = "rehearsal"
model = "rehearsal-judge"
)";

constexpr const char* kPrompt =
    "You are a helpful assistant.\n\n"
    "Answer briefly. End with a line that begins with \"A: \" and holds the answer alone.\n";

constexpr const char* kDescriptions =
    "[calculator]\n"
    "description = \"Evaluates an arithmetic expression, for example 12 * 7 - 5.\"\n";

Result<void> write(const fs::path& path, const char* text) {
  if (auto made = make_private_directory(path.parent_path()); !made) return made;
  return write_file_atomically(path, text);
}

TraceStep generate_step(const Trace& trace) {
  TraceStep step;
  step.type = "generate";
  step.timestamp = trace.started_at;
  step.duration_seconds = trace.total_latency_seconds;
  step.input = json::object{{"model", trace.model}};
  step.output = json::object{{"tokens", trace.total_tokens},
                             {"content", trace.result},
                             {"tool_calls", json::array{}},
                             {"finish_reason", "stop"}};
  step.metadata = json::object{{"engine", trace.engine}};
  return step;
}

TraceStep respond_step(const Trace& trace) {
  TraceStep step;
  step.index = 1;
  step.type = "respond";
  step.timestamp = trace.ended_at;
  step.input = json::object{};
  step.output = json::object{{"content", trace.result}, {"turns", 1}};
  step.metadata = json::object{};
  return step;
}

Trace demo_trace(std::size_t index) {
  Trace trace;
  trace.query = rehearsal::question_text(index);
  trace.id = sha256("demo trace " + std::to_string(index)).substr(0, 16);
  trace.agent = "simple";
  trace.model = rehearsal::kSmallModel;
  trace.engine = "rehearsal";
  trace.result = rehearsal::student_answer(trace.query, rehearsal::Skill{});
  const auto working = rehearsal::work_out(*rehearsal::parse_question(trace.query));
  const bool right = trace.result == rehearsal::written(working.steps, working.answer);
  trace.feedback = right ? 1.0 : 0.0;
  trace.total_latency_seconds = 0.4;
  trace.started_at = kFirstTrace + kBetweenTraces * static_cast<double>(index);
  trace.ended_at = trace.started_at + trace.total_latency_seconds;
  trace.total_tokens = rehearsal::tokens_of(trace.query) + rehearsal::tokens_of(trace.result);
  trace.metadata = json::object{};
  trace.messages = json::array{};
  trace.steps = {generate_step(trace), respond_step(trace)};
  return trace;
}

}  // namespace

Result<std::vector<Trace>> make_demo_home(const fs::path& home) {
  const fs::path config = home / "config.toml";
  std::error_code error;
  if (fs::exists(home, error) && !fs::is_empty(home, error))
    return Error{ErrorKind::refused, "'" + home.string() + "' is not empty",
                 "name an empty directory for the demo's home"};
  for (const auto& [path, text] :
       {std::pair{home / "agents" / "simple" / "system_prompt.md", kPrompt},
        std::pair{home / "tools" / "descriptions.toml", kDescriptions}, std::pair{config, kConfig}})
    if (auto written = write(path, text); !written) return written.error();
  std::vector<Trace> traces;
  for (std::size_t index = 0; index < kTraces; ++index) traces.push_back(demo_trace(index));
  return traces;
}

}  // namespace jarvis
