#include "plugins/students/chat/student_home.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <jarvis/sdk/failure.hpp>
#include <jarvis/text/names.hpp>
#include <jarvis/text/toml_document.hpp>
#include <jarvis/text/utf8.hpp>

namespace jarvis::chat {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostHomes = 16;
constexpr const char* kConfig = "config.toml";
constexpr const char* kDescriptions = "tools/descriptions.toml";

std::vector<std::string> agents_in(const fs::path& home) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(home / "agents", error), end; !error && at != end;
       at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (text::is_valid_name(name) && at->is_directory(error)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string prompt_of(const std::string& agent) {
  return "agents/" + agent + "/system_prompt.md";
}
std::string exemplars_of(const std::string& agent) {
  return "agents/" + agent + "/few_shot.json";
}

/** Which bytes a file has, without reading them. */
std::string state_of_file(const fs::path& file) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) return "-";
  std::string state;
  for (const long long part :
       {static_cast<long long>(facts.st_ino), static_cast<long long>(facts.st_size),
        static_cast<long long>(facts.st_mtim.tv_sec), static_cast<long long>(facts.st_mtim.tv_nsec),
        static_cast<long long>(facts.st_ctim.tv_sec),
        static_cast<long long>(facts.st_ctim.tv_nsec)})
    state += std::to_string(part) + ",";
  return state;
}

std::string state_of(const fs::path& home, const std::vector<std::string>& agents) {
  std::string state = state_of_file(home / kConfig) + ";" + state_of_file(home / kDescriptions);
  for (const std::string& agent : agents)
    state += ";" + agent + ":" + state_of_file(home / prompt_of(agent)) + ":" +
             state_of_file(home / exemplars_of(agent));
  return state;
}

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
  if (!text::is_utf8(bytes)) throw sdk::invalid("'" + name + "' is not UTF-8");
  return bytes;
}

json::object read_toml(const fs::path& home, const std::string& name) {
  auto content = read_text(home, name);
  if (!content) return {};
  return text::TomlDocument::parse(std::move(*content), name).values();
}

std::vector<Exemplar> read_exemplars(const fs::path& home, const std::string& agent) {
  const std::string name = exemplars_of(agent);
  const auto content = read_text(home, name);
  if (!content || content->find_first_not_of(" \t\r\n") == std::string::npos) return {};
  boost::system::error_code error;
  const json::value value = json::parse(*content, error);
  if (error) throw sdk::invalid("'" + name + "' is not JSON: " + error.message());
  if (!value.is_array()) throw sdk::invalid("'" + name + "' is not a JSON array");
  std::vector<Exemplar> exemplars;
  for (const json::value& item : value.as_array()) {
    const json::object pair = item.is_object() ? item.as_object() : json::object();
    Exemplar exemplar{sdk::optional_string(pair, "input"), sdk::optional_string(pair, "output")};
    if (exemplar.input.empty() || exemplar.output.empty())
      throw sdk::invalid("'" + name + "': item " + std::to_string(exemplars.size() + 1) +
                         " has no text at 'input' or 'output'");
    exemplars.push_back(std::move(exemplar));
  }
  return exemplars;
}

std::shared_ptr<const StudentHome> read_all(const fs::path& home,
                                            const std::vector<std::string>& agents) {
  auto content = std::make_shared<StudentHome>();
  if (!fs::exists(home / kConfig))
    throw sdk::unavailable("there is no config.toml in '" + home.string() + "'");
  content->config = read_toml(home, kConfig);
  content->descriptions = read_toml(home, kDescriptions);
  for (const std::string& agent : agents) {
    AgentFiles files{read_text(home, prompt_of(agent)), read_exemplars(home, agent)};
    if (files.system_prompt && files.system_prompt->empty()) files.system_prompt.reset();
    content->agents.emplace(agent, std::move(files));
  }
  return content;
}

}  // namespace

std::shared_ptr<const StudentHome> HomeReader::read(const std::string& home) {
  const std::vector<std::string> agents = agents_in(home);
  const std::string state = state_of(home, agents);
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto known = std::find_if(latest_first_.begin(), latest_first_.end(),
                                  [&](const Entry& entry) { return entry.home == home; });
  if (known != latest_first_.end()) {
    if (known->state == state) {
      latest_first_.splice(latest_first_.begin(), latest_first_, known);
      return known->content;
    }
    latest_first_.erase(known);
  }
  latest_first_.push_front({home, state, read_all(home, agents)});
  if (latest_first_.size() > kMostHomes) latest_first_.pop_back();
  return latest_first_.front().content;
}

}  // namespace jarvis::chat
