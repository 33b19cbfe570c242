#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <jarvis/text/names.hpp>
#include <jarvis/text/openjarvis.hpp>
#include <jarvis/text/student_home.hpp>
#include <jarvis/text/student_parameters.hpp>
#include <jarvis/text/tool_list.hpp>
#include <jarvis/text/utf8.hpp>

namespace jarvis::text {

namespace fs = std::filesystem;

namespace {

constexpr const char* kBlanks = " \t\r\n";

/** Nothing when the file does not exist. */
std::optional<std::string> read_text(const fs::path& home, const std::string& name) {
  std::error_code error;
  const fs::file_status status = fs::status(home / name, error);
  if (status.type() == fs::file_type::not_found) return std::nullopt;
  if (status.type() != fs::file_type::regular)
    throw sdk::invalid("'" + name + "' is not a regular file");
  std::ifstream file(home / name, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.is_open() || file.bad()) throw sdk::invalid("cannot read '" + name + "'");
  if (!is_utf8(bytes)) throw sdk::invalid("'" + name + "' is not UTF-8");
  return bytes;
}

std::map<std::string, std::string> descriptions_in(const TomlDocument& document) {
  std::map<std::string, std::string> descriptions;
  for (const auto& entry : document.values()) {
    const std::string tool(entry.key());
    const TomlPath place = tool_description_place(tool);
    const json::value* description = document.find(place);
    if (!description) continue;
    if (!description->is_string())
      throw sdk::invalid(key_place(document, place) + " is not a string");
    descriptions.emplace(tool, std::string(description->get_string()));
  }
  return descriptions;
}

/** No section and no folder bears the empty name, so that the defaults hold. */
std::string agent_named(const TomlDocument& config, const std::string& requested) {
  std::string agent = requested.empty() ? text_of(config, default_agent_setting()) : requested;
  if (agent.empty()) agent = "simple";
  const OpenJarvisAgent* known = openjarvis_agent(agent);
  if (known && dialect_of(config) == Dialect::openjarvis) return std::string(known->name);
  return is_valid_name(agent) ? agent : "";
}

/** The prompt of agents that have none of their own. */
std::string shared_prompt(const StudentHome& home, const std::string& agent, Dialect dialect) {
  const OpenJarvisAgent* known = openjarvis_agent(agent);
  const bool reads_it = dialect == Dialect::jarvis || (known && known->reads_default_prompt);
  return reads_it ? text_of(home.config, default_prompt_setting()) : "";
}

void read_agent_files(const StudentHome& home, StudentSettings& settings) {
  const Dialect dialect = dialect_of(home.config);
  settings.system_prompt = shared_prompt(home, settings.agent, dialect);
  if (settings.agent.empty()) return;
  const auto place = prompt_place(settings.agent, dialect);
  if (place && place->key.empty()) {
    auto prompt = read_text(home.directory, place->file);
    // An empty file counts as absent, as it does to OpenJarvis.
    settings.has_prompt_file = prompt && !prompt->empty();
    if (settings.has_prompt_file) settings.system_prompt = std::move(*prompt);
  }
  if (!reads_exemplars(settings.agent, dialect)) return;
  const std::string file = exemplars_file(settings.agent);
  settings.exemplars = read_exemplars(read_text(home.directory, file).value_or(""), file);
}

}  // namespace

std::vector<Exemplar> read_exemplars(const std::string& text, const std::string& file) {
  if (text.find_first_not_of(kBlanks) == std::string::npos) return {};
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error) throw sdk::invalid("'" + file + "' is not JSON: " + error.message());
  if (!value.is_array()) throw sdk::invalid("'" + file + "' is not a JSON array");
  std::vector<Exemplar> exemplars;
  for (const json::value& item : value.get_array()) {
    const json::object pair = item.is_object() ? item.get_object() : json::object();
    Exemplar exemplar{sdk::optional_string(pair, "input"), sdk::optional_string(pair, "output")};
    if (exemplar.input.empty() || exemplar.output.empty())
      throw sdk::invalid("'" + file + "': item " + std::to_string(exemplars.size() + 1) +
                         " has no text at 'input' or 'output'");
    exemplars.push_back(std::move(exemplar));
  }
  return exemplars;
}

StudentHome read_student_home(const std::string& directory) {
  std::optional<std::string> config = read_text(directory, kConfigFile);
  std::optional<std::string> descriptions = read_text(directory, kDescriptionsFile);
  const bool has_config = config.has_value();
  return {directory, has_config, TomlDocument::parse(std::move(config).value_or(""), kConfigFile),
          TomlDocument::parse(std::move(descriptions).value_or(""), kDescriptionsFile)};
}

StudentSettings student_settings(const StudentHome& home, const std::string& query_class,
                                 const std::string& agent, const std::string& default_model) {
  StudentSettings settings;
  settings.agent = agent_named(home.config, agent);
  settings.model = text_of(home.config, model_setting(query_class, dialect_of(home.config)));
  if (settings.model.empty()) settings.model = default_model;
  const AgentClass& agent_class = agent_class_of(home.config, settings.agent);
  settings.agent_class = agent_class.name;
  settings.text_protocol = agent_class.text_protocol;
  settings.tools = tools_of_agent(home.config, settings.agent).names;
  settings.descriptions = descriptions_in(home.descriptions);
  read_agent_files(home, settings);
  return settings;
}

std::optional<double> parameter_of(const StudentHome& home, const StudentSettings& settings,
                                   const std::string& name) {
  const auto found = value_of(home.config, agent_parameter_setting(settings.agent, settings.model,
                                                                   name, dialect_of(home.config)));
  if (!found) return std::nullopt;
  if (!found->value->is_number() || !std::isfinite(found->value->to_number<double>()))
    throw sdk::invalid(key_place(home.config, found->path) + " is not a number");
  const double number = found->value->to_number<double>();
  if (!find_parameter(name)->takes(number))
    throw sdk::invalid(key_place(home.config, found->path) + " is not " +
                       find_parameter(name)->wanted());
  return number;
}

std::int64_t count_of(const StudentHome& home, const StudentSettings& settings,
                      const std::string& name, std::int64_t otherwise) {
  const std::optional<double> number = parameter_of(home, settings, name);
  return number ? static_cast<std::int64_t>(*number) : otherwise;
}

}  // namespace jarvis::text
