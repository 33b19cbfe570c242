#include "core/app/asking.hpp"

#include <jarvis/text/student_settings.hpp>

#include "core/app/interrupt.hpp"
#include "core/app/roles.hpp"
#include "core/base/digest.hpp"
#include "core/home/live_home.hpp"
#include "core/home/paths.hpp"
#include "core/home/traces/trace_writer.hpp"
#include "core/host/plugin_student.hpp"
#include "core/model/query_class.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kIdDigits = 16;
constexpr const char* kSimple = "simple";  // what answers where nothing else is set

/** What the trace calls the agent: the home's default one where none was named. */
Result<std::string> agent_name(const LiveHome& home, const std::string& asked) try {
  if (!asked.empty()) return asked;
  const auto content = home.read(text::kConfigFile);
  if (!content && content.error().kind != ErrorKind::not_found) return content.error();
  const auto config = text::TomlDocument::parse(content ? *content : "", text::kConfigFile);
  const std::string agent = text::text_of(config, text::default_agent_setting());
  return agent.empty() ? std::string(kSimple) : agent;
} catch (const sdk::Failure& failure) {
  return Error{ErrorKind::configuration, failure.what(), "mend config.toml"};
}

TraceStep step_of(const sdk::StudentStep& step, std::int64_t index, double began) {
  TraceStep recorded;
  recorded.index = index;
  recorded.type = step.type;
  recorded.timestamp = began + step.started_seconds;
  recorded.duration_seconds = step.duration_seconds;
  recorded.input = step.input;
  recorded.output = step.output;
  recorded.metadata = json::object();
  return recorded;
}

/** As OpenJarvis ends a trace. */
TraceStep respond_step(const sdk::StudentResult& result, std::int64_t index, double ended) {
  TraceStep step;
  step.index = index;
  step.type = "respond";
  step.timestamp = ended;
  step.input = json::object();
  step.output = json::object{{"content", result.output}, {"turns", result.turns}};
  step.metadata = json::object();
  return step;
}

Trace trace_of(const Asking& asking, const StudentAnswer& answer, double began) {
  const sdk::StudentResult& result = answer.result;
  Trace trace;
  trace.id = random_hex(kIdDigits);
  trace.query = asking.query;
  trace.agent = asking.agent;
  trace.model = result.model;
  trace.engine = result.engine;
  trace.result = result.output;
  trace.started_at = began;
  trace.ended_at = began + answer.latency_seconds;
  trace.total_tokens = result.usage.input_tokens + result.usage.output_tokens;
  trace.total_latency_seconds = answer.latency_seconds;
  trace.metadata = json::object();
  trace.messages = json::array();
  for (const sdk::StudentStep& step : result.steps)
    trace.steps.push_back(step_of(step, static_cast<std::int64_t>(trace.steps.size()), began));
  trace.steps.push_back(
      respond_step(result, static_cast<std::int64_t>(trace.steps.size()), trace.ended_at));
  return trace;
}

}  // namespace

Result<Asked> ask_student(Application& application, const Asking& asking) {
  const auto settings = application.settings();
  if (!settings) return settings.error();
  const auto plugins = application.plugins();
  if (!plugins) return plugins.error();
  const auto agent = agent_name(application.home(), asking.agent);
  if (!agent) return agent.error();
  auto ledger = Ledger::open(application.home_path() / kLedgerFile);
  if (!ledger) return ledger.error();
  HttpService http;
  SessionPurse purse(*std::move(ledger), "ask-" + random_hex(kIdDigits),
                     (*settings)->max_cost_per_session_usd);
  purse.allow(SpendingStep::execute);
  const auto wanted = student_settings(**settings, application.home());
  if (!wanted) return wanted.error();
  const auto student = PluginStudent::make(**plugins, http, *wanted, purse, interrupted);
  if (!student) return student.error();
  const double began = application.clock().now();
  const auto answer = (*student)->answer(application.home(), {asking.query,
                                                              std::string(classify(asking.query)),
                                                              asking.agent,
                                                              asking.model,
                                                              {"*"},
                                                              asking.heard});
  if (!answer) return answer.error();
  Asked asked{trace_of(asking, *answer, began), answer->result.turns, purse.spent_usd()};
  asked.trace.agent = *agent;
  if (auto kept = insert_traces(application.home_path() / kTracesFile, {asked.trace}); !kept)
    return kept.error();
  return asked;
}

}  // namespace jarvis
