#include "tests/command/world.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/home/live_home.hpp"
#include "tests/isolation/processes.hpp"

namespace jarvis::testing {

namespace fs = std::filesystem;

namespace {

constexpr const char* kConfig =
    "[agent]\ndefault_agent = \"clerk\"\n"
    "[intelligence]\ndefault_model = \"local-1\"\n";

PluginPolicy policy() {
  PluginPolicy policy;
  policy.built_in = built_in_plugins();
  return policy;
}

std::string words_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/cmdline", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

CommandWorld::CommandWorld() : plugins_(policy()), http_([](std::chrono::milliseconds) {}) {
  directory.write("home/config.toml", kConfig);
  directory.write("outside/file", "theirs");
  purse_ = std::make_unique<SessionPurse>(*Ledger::open(directory.path() / "ledger.jsonl"),
                                          "session", 1);
  home_ = std::make_unique<LiveHome>(directory.path() / "home");
}

std::unique_ptr<PluginStudent> CommandWorld::agent(const std::vector<std::string>& words) {
  std::vector<std::string> command{COMMAND_AGENT};
  command.insert(command.end(), words.begin(), words.end());
  return student(command);
}

std::unique_ptr<PluginStudent> CommandWorld::student(const std::vector<std::string>& command) {
  StudentSettings settings;
  settings.section = "learning.distillation.student";
  settings.runner = "command";
  settings.timeout_seconds = timeout_seconds;
  settings.own = {{"command", json::value_from(command)},
                  {"network", network},
                  {"timeout_seconds", timeout_seconds},
                  {"environment", json::object{{"OLLAMA_HOST", "box:1"}}}};
  auto made = PluginStudent::make(plugins_, http_, settings, *purse_, {});
  if (!made) throw std::runtime_error(made.error().message);
  return std::move(*made);
}

std::vector<std::string> CommandWorld::processes() const {
  std::vector<std::string> found;
  for (const Process& process : all_processes())
    if (const std::string words = words_of(process.id);
        !process.ended && words.find(directory.path().string()) != std::string::npos)
      found.push_back(words);
  return found;
}

std::set<std::string> CommandWorld::files() const {
  std::set<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(directory.path()))
    found.insert(entry.path().string());
  return found;
}

std::string said(const Result<StudentAnswer>& answer) {
  return answer ? answer->result.output : "error: " + answer.error().message;
}

NoPath::NoPath() : path_(std::getenv("PATH") ? std::getenv("PATH") : "") {
  ::setenv("PATH", "/nowhere", 1);
}
NoPath::~NoPath() {
  ::setenv("PATH", path_.c_str(), 1);
}

bool has_bubblewrap() {
  return std::system(
             "bwrap --ro-bind / / --unshare-net --unshare-pid --unshare-user-try "
             "--proc /proc --dev /dev true 2>/dev/null") == 0;
}

int runs() {
  const char* wanted = std::getenv("JARVIS_COMMAND_RUNS");
  return wanted ? std::atoi(wanted) : 2;
}

}  // namespace jarvis::testing
