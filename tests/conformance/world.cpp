#include "tests/conformance/world.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <stdexcept>

namespace jarvis::conformance {

namespace {

constexpr const char* kKeyVariable = "JARVIS_CONFORMANCE_KEY";
constexpr double kInputPrice = 1.0;
constexpr double kOutputPrice = 2.0;
constexpr double kCapUsd = 100;

Ledger ledger_in(const testing::TemporaryDirectory& folder) {
  auto ledger = Ledger::open(folder.path() / "ledger.jsonl");
  if (!ledger) throw std::runtime_error(ledger.error().message);
  return *ledger;
}

EngineSettings settings_for(const EngineRow& row, const std::string& url,
                            const WorldOptions& options) {
  EngineSettings settings;
  settings.section = "learning.distillation.teacher";
  settings.engine = row.engine;
  settings.model = row.model;
  settings.base_url = url;
  settings.timeout_seconds = options.timeout_seconds;
  settings.max_retries = options.max_retries;
  settings.prices = {kInputPrice, kOutputPrice};
  if (!row.key.empty()) settings.api_key_env = kKeyVariable;
  ::setenv(kKeyVariable, row.key.c_str(), 1);
  return settings;
}

std::atomic<World*> current_world{nullptr};

ScriptedReply serve_current_world(const RecordedRequest& request) {
  return current_world.load()->serve(request);
}

testing::LoopbackServer& shared_server() {
  static testing::LoopbackServer server(serve_current_world);
  return server;
}

sdk::ToolDefinition list_traces() {
  return {"list_traces", "Lists traces.",
          json::parse(R"({"type": "object", "additionalProperties": false,
            "required": ["limit"],
            "properties": {
              "limit": {"type": "integer", "minimum": 1, "maximum": 50, "default": 20},
              "order": {"type": "string", "enum": ["new", "old"]},
              "agents": {"type": "array", "items": {"type": "string"}},
              "filter": {"type": "object", "properties": {"liked": {"type": "boolean"}},
                         "additionalProperties": false}}})")
              .as_object()};
}

sdk::ToolDefinition get_config() {
  return {"get_current_config", "The configuration.", {{"type", "object"}}};
}

}  // namespace

Step answers(Turn turn) {
  return [turn = std::move(turn)](const Protocol& protocol, const RecordedRequest& request) {
    return protocol.answer(request, turn);
  };
}

Step fails(int status, const std::string& message,
           const std::vector<std::pair<std::string, std::string>>& headers) {
  return [=](const Protocol& protocol, const RecordedRequest&) {
    ScriptedReply reply = protocol.error(status, message);
    reply.headers.insert(reply.headers.end(), headers.begin(), headers.end());
    return reply;
  };
}

Step sends(ScriptedReply reply) {
  return [reply = std::move(reply)](const Protocol&, const RecordedRequest&) { return reply; };
}

Step breaks_off(Turn turn) {
  return [turn = std::move(turn)](const Protocol& protocol, const RecordedRequest& request) {
    ScriptedReply reply = protocol.answer(request, turn);
    const std::size_t half = reply.body.size() / 2;
    // A stream ends after an event, as if nothing were amiss.
    if (reply.chunked)
      reply.body.resize(reply.body.rfind('\n', half) + 1);
    else
      reply.missing_bytes = static_cast<int>(reply.body.size() - half);
    if (!reply.chunked) reply.body.resize(half);
    reply.close = true;
    return reply;
  };
}

World::World(const EngineRow& row, std::vector<Step> steps, const WorldOptions& options)
    : row_(row),
      steps_(std::move(steps)),
      http_([this](std::chrono::milliseconds time) { waited_ += time; }) {
  purse_.emplace(ledger_in(folder_), "conformance", kCapUsd);
  purse_->allow(SpendingStep::execute);
  current_world = this;
  if (options.own_server) own_server_.emplace(serve_current_world);
  const std::string url = own_server_ ? own_server_->url() : shared_server().url();
  auto seat = EngineSeat::make(built_in_plugin_host(), http_, settings_for(row, url, options));
  if (!seat) throw std::runtime_error(seat.error().message);
  seat_.emplace(std::move(*seat));
}

World::~World() {
  current_world = nullptr;
}

std::size_t World::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_.size();
}

RecordedRequest World::last_request() const {
  const std::lock_guard lock(mutex_);
  return requests_.back();
}

Result<sdk::GenerateResult> World::ask(const sdk::GenerateRequest& request) {
  return seat_->generate(&*purse_, Purpose::diagnosis, request, {});
}

std::vector<std::string> World::complaints() const {
  const std::lock_guard lock(mutex_);
  return complaints_;
}

ScriptedReply World::serve(const RecordedRequest& request) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(request);
  try {
    row_.protocol->check(request);
  } catch (const Complaint& complaint) {
    complaints_.push_back(complaint.text);
    return row_.protocol->error(complaint.status, complaint.text);
  }
  const std::size_t step = std::min(next_++, steps_.size() - 1);
  return steps_[step](*row_.protocol, request);
}

sdk::GenerateRequest question(bool with_tools) {
  sdk::GenerateRequest request;
  request.system = "You teach a student.";
  request.messages.push_back({"user", "Why does it fail?", {}, {}, {}});
  request.max_output_tokens = 1000;
  request.temperature = 0;
  if (with_tools) request.tools = {list_traces(), get_config()};
  return request;
}

sdk::GenerateRequest long_question() {
  sdk::GenerateRequest request = question();
  request.max_output_tokens = 8192;
  return request;
}

void each_engine(const std::function<void(const EngineRow&)>& run) {
  static const std::vector<EngineRow> rows = engine_rows(built_in_plugin_host());
  for (const EngineRow& row : rows) {
    CAPTURE(row.engine);
    run(row);
  }
}

sdk::Usage usage_of(const EngineRow& row, const Turn& turn) {
  sdk::Usage usage;
  usage.cache_read_tokens = row.reads_cache ? turn.cache_read_tokens : 0;
  usage.cache_write_tokens = row.writes_cache ? turn.cache_write_tokens : 0;
  usage.input_tokens = turn.prompt_tokens - usage.cache_read_tokens - usage.cache_write_tokens;
  usage.output_tokens = turn.answer_tokens + turn.reasoning_tokens;
  if (row.reports_cost) usage.reported_cost_usd = kReportedCost;
  return usage;
}

double price_of(const EngineRow& row, const Turn& turn) {
  if (row.reports_cost) return kReportedCost;
  return (turn.prompt_tokens * kInputPrice +
          (turn.answer_tokens + turn.reasoning_tokens) * kOutputPrice) /
         1e6;
}

}  // namespace jarvis::conformance
