#include "plugins/students/chat/engine_url.hpp"

#include <jarvis/text/student_settings.hpp>

namespace jarvis::chat {

namespace {

struct Engine {
  const char* name;
  const char* url;
};

constexpr Engine kEngines[] = {
    {"ollama", "http://localhost:11434"},   {"vllm", "http://localhost:8000"},
    {"uzu", "http://localhost:8000"},       {"sglang", "http://localhost:30000"},
    {"llamacpp", "http://localhost:8080"},  {"mlx", "http://localhost:8080"},
    {"lmstudio", "http://localhost:1234"},  {"exo", "http://localhost:52415"},
    {"nexa", "http://localhost:18181"},     {"apple_fm", "http://localhost:8079"},
    {"lemonade", "http://localhost:13305"},
};

}  // namespace

std::string engine_url(const text::TomlDocument& config) {
  std::string name = text::text_of(config, text::engine_setting());
  if (name.empty()) name = kEngines[0].name;
  if (const auto host = text::text_of(config, text::engine_host_setting(name)); !host.empty())
    return host.find("://") == std::string::npos ? "http://" + host : host;
  for (const Engine& engine : kEngines)
    if (engine.name == name) return engine.url;
  throw sdk::unavailable("nobody knows where the student's engine '" + name + "' listens",
                         "set learning.distillation.student.base_url");
}

}  // namespace jarvis::chat
