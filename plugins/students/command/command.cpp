#include <jarvis/sdk/payload/student_services.hpp>
#include <jarvis/sdk/plugin.hpp>
#include <jarvis/text/names.hpp>
#include <jarvis/text/student_home.hpp>

#include "plugins/students/command/answer.hpp"
#include "plugins/students/command/words.hpp"

namespace {

namespace command = jarvis::command;
namespace sdk = jarvis::sdk;
namespace text = jarvis::text;
namespace json = boost::json;

std::vector<std::string> configured(const json::object& settings) {
  auto words = sdk::strings_of(sdk::optional_array(settings, "command"));
  if (words.empty())
    throw sdk::refused("no command for the student",
                       "set [learning.distillation.student] command, such as "
                       "[\"/usr/local/bin/my-agent\", \"--\", \"{query}\"]");
  return words;
}

/** Only what the command asks for is looked up: a program may have a home of its own kind. */
command::Values values_for(const sdk::StudentRequest& request,
                           const std::vector<std::string>& words) {
  command::Values values{request.query, request.agent, request.model, request.home};
  if (!values.agent.empty() && !text::is_valid_name(values.agent))
    throw sdk::refused("'" + values.agent + "' is no name of an agent");
  const bool lacks_agent = values.agent.empty() && command::holds(words, "agent");
  const bool lacks_model = values.model.empty() && command::holds(words, "model");
  if (!lacks_agent && !lacks_model) return values;
  const text::StudentHome home = text::read_student_home(request.home);
  const auto chosen = text::student_settings(home, request.query_class, request.agent);
  if (lacks_agent) values.agent = chosen.agent;
  if (lacks_model) values.model = chosen.model;
  return values;
}

sdk::ProcessRequest process_for(const sdk::StudentRequest& request) {
  const auto words = configured(request.settings);
  sdk::ProcessRequest process;
  process.command = command::filled_in(words, values_for(request, words));
  process.home = request.home;
  if (!command::holds(words, "query")) process.input = request.query;
  process.environment = sdk::texts_of(sdk::optional_object(request.settings, "environment"));
  process.environment["OPENJARVIS_HOME"] = request.home;
  process.environment["OPENJARVIS_NO_UPDATE_CHECK"] = "1";
  process.timeout_seconds =
      sdk::optional_integer(request.settings, "timeout_seconds", process.timeout_seconds);
  process.network = sdk::optional_bool(request.settings, "network");
  return process;
}

class CommandStudent : public sdk::StudentRunner {
 public:
  sdk::StudentResult run(const sdk::StudentRequest& request, const sdk::Host& host) override {
    const sdk::ProcessRequest process = process_for(request);
    const auto result = sdk::process_result(host.call("process", sdk::to_json(process)));
    return command::answer_of(result, process.timeout_seconds);
  }

  sdk::ProbeResult probe(const sdk::ProbeRequest& request, const sdk::Host& host) override {
    sdk::ProcessRequest process;
    process.command = configured(request.settings);
    process.home = request.home;
    process.only_check = true;
    host.call("process", sdk::to_json(process));
    return {};
  }
};

}  // namespace

JARVIS_PLUGIN(CommandStudent, "command", "0.1.0")
