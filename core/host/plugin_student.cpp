#include "core/host/plugin_student.hpp"

#include <algorithm>
#include <chrono>
#include <jarvis/sdk/payload/student.hpp>
#include <jarvis/sdk/payload/student_services.hpp>

#include "core/host/engine_seat.hpp"

namespace jarvis {

namespace {

/** Free on this machine and its network; elsewhere the user says what it costs. */
Result<Price> student_price(const Provided& provided, const StudentSettings& settings) {
  const bool priced = settings.prices.input_price_per_mtok || settings.prices.output_price_per_mtok;
  const bool is_private =
      std::all_of(settings.base_urls.begin(), settings.base_urls.end(), is_private_address);
  if (provided.offline || (is_private && !priced)) return Price::nothing();
  return price_of("the student", settings.prices, settings.section);
}

Result<Secret> student_key(const StudentSettings& settings) {
  if (settings.api_key_env.empty()) return Secret();
  auto key = Secret::from_environment({settings.api_key_env});
  if (key || key.error().kind != ErrorKind::unavailable) return key;
  return Error{
      ErrorKind::unavailable,
      "no API key for the student: the environment variable " + settings.api_key_env +
          " is not set",
      "export " + settings.api_key_env + "=…, or change [" + settings.section + "] api_key_env"};
}

/** Nothing where the user configured no command. */
std::unique_ptr<ProcessService> process_service(const StudentSettings& settings) {
  auto command = sdk::strings_of(sdk::optional_array(settings.own, "command"));
  if (command.empty()) return nullptr;
  return std::make_unique<ProcessService>(
      CommandPolicy{std::move(command), sdk::optional_bool(settings.own, "network"),
                    static_cast<double>(settings.timeout_seconds)});
}

Result<json::object> serve_process(ProcessService& processes, const json::object& request,
                                   const HomeView& home,
                                   const std::function<bool()>& cancelled) try {
  const auto result = processes.run(sdk::process_request(request), home, cancelled);
  if (!result) return result.error();
  return sdk::to_json(*result);
} catch (const std::exception& error) {
  return Error{ErrorKind::invalid, error.what(), ""};
}

Result<json::object> serve_mcp(McpService& servers, const json::object& request,
                               const HomeView& home, const std::vector<std::string>& allowed,
                               const std::function<bool()>& cancelled) try {
  const auto result = servers.serve(sdk::mcp_request(request), home, allowed, cancelled);
  if (!result) return result.error();
  return sdk::to_json(*result);
} catch (const std::exception& error) {
  return Error{ErrorKind::invalid, error.what(), ""};
}

}  // namespace

Result<std::unique_ptr<PluginStudent>> PluginStudent::make(PluginHost& plugins, HttpService& http,
                                                           const StudentSettings& settings,
                                                           SessionPurse& purse,
                                                           std::function<bool()> cancelled) {
  const auto offer = plugins.find(JARVIS_STUDENT_RUNNER_1, settings.runner);
  if (!offer) return offer.error();
  std::unique_ptr<PluginStudent> student(
      new PluginStudent(plugins, http, purse, std::move(cancelled)));
  student->offer_ = *offer;
  const auto price = student_price(*offer->provided, settings);
  if (!price) return price.error();
  student->price_ = *price;
  student->own_ = settings.own;
  student->processes_ = process_service(settings);
  student->mcp_ = std::make_unique<McpService>(settings.mcp_servers);
  student->own_["mcp_servers"] = student->mcp_->listed();
  student->own_["began_at"] = std::chrono::duration_cast<std::chrono::seconds>(
                                  std::chrono::system_clock::now().time_since_epoch())
                                  .count();
  const auto key = student_key(settings);
  if (!key) return key.error();
  const std::vector<std::string> urls =
      settings.base_urls.empty() ? std::vector<std::string>{""} : settings.base_urls;
  for (const std::string& url : urls) {
    auto replica = std::make_unique<Replica>();
    replica->endpoint.base_url = url;
    replica->endpoint.key = *key;
    replica->endpoint.timeout_seconds = settings.timeout_seconds;
    replica->endpoint.max_retries = settings.max_retries;
    student->replicas_.push_back(std::move(replica));
  }
  return student;
}

bool PluginStudent::is_local() const {
  if (processes_ && processes_->reaches_network()) return false;
  // Without an address of its own a runner reaches private addresses alone.
  return std::all_of(replicas_.begin(), replicas_.end(), [](const auto& replica) {
    return replica->endpoint.base_url.empty() || is_private_address(replica->endpoint.base_url);
  });
}

PluginStudent::Replica& PluginStudent::least_loaded() {
  return **std::min_element(
      replicas_.begin(), replicas_.end(),
      [](const auto& one, const auto& other) { return one->under_way < other->under_way; });
}

Result<json::object> PluginStudent::call(PluginFunction function, const json::object& request,
                                         const HomeView& home, const Endpoint& endpoint,
                                         CallMeter& meter, const StudentQuestion& question) const {
  const auto plugin = plugins_.load(*offer_.plugin);
  if (!plugin) return plugin.error();
  std::optional<Error> denied;
  CallContext context;
  context.cancelled = cancelled_;
  context.services = [&](const std::string& service,
                         const json::object& wanted) -> Result<json::object> {
    if (service == "process" && processes_)
      return serve_process(*processes_, wanted, home, cancelled_);
    if (service == "mcp") return serve_mcp(*mcp_, wanted, home, question.allowed_tools, cancelled_);
    if (service != "http")
      return Error{ErrorKind::refused, "service '" + service + "' is not offered to students", ""};
    return serve_http(http_, wanted, endpoint, meter, cancelled_, denied, question.heard);
  };
  // A runner that offers no probe is taken for reachable.
  if (function == PluginFunction::student_probe && !(*plugin)->offers(function))
    return json::object();
  auto answer = (*plugin)->call(function, request, context);
  if (denied) return *denied;
  return answer;
}

Result<StudentAnswer> PluginStudent::answer(const HomeView& home, const StudentQuestion& question) {
  Replica& replica = least_loaded();
  ++replica.under_way;
  CallMeter meter(price_.free ? nullptr : &purse_, Purpose::student, "student", price_);
  const auto start = std::chrono::steady_clock::now();
  const auto answer = call(
      PluginFunction::student_run,
      sdk::to_json(sdk::StudentRequest{home.root().string(), question.query, question.query_class,
                                       question.agent, replica.endpoint.base_url, question.model,
                                       question.allowed_tools, bool(question.heard), own_}),
      home, replica.endpoint, meter, question);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  --replica.under_way;
  if (!answer) return answer.error();
  try {
    StudentAnswer result{sdk::student_result(*answer), seconds};
    if (auto settled = meter.finish(result.result.usage); !settled) return settled.error();
    return result;
  } catch (const std::exception& error) {
    return Error{
        ErrorKind::internal,
        "runner '" + offer_.provided->id + "' gave an answer that cannot be read: " + error.what(),
        ""};
  }
}

// What every replica offers: an edit must hold wherever a request goes.
Result<std::vector<std::string>> PluginStudent::probe(const HomeView& home) {
  std::optional<std::vector<std::string>> common;
  for (const auto& replica : replicas_) {
    CallMeter free(nullptr, Purpose::student, "student", Price::nothing());
    const auto reached = call(
        PluginFunction::student_probe,
        sdk::to_json(sdk::ProbeRequest{home.root().string(), replica->endpoint.base_url, own_}),
        home, replica->endpoint, free);
    if (!reached) return reached.error();
    const auto models = sdk::probe_result(*reached).models;
    if (!common) common = models;
    std::erase_if(*common, [&](const std::string& model) {
      return std::find(models.begin(), models.end(), model) == models.end();
    });
  }
  return common.value_or(std::vector<std::string>());
}

}  // namespace jarvis
