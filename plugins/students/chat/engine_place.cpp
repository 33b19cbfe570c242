#include "plugins/students/chat/engine_place.hpp"

#include <algorithm>
#include <jarvis/text/student_settings.hpp>

#include "plugins/shared/provider.hpp"

namespace jarvis::chat {

namespace {

constexpr const char* kOllama = "ollama";
constexpr const char* kOllamaPort = ":11434";
constexpr const char* kVersion = "/v1";

struct KnownEngine {
  const char* name;
  const char* url;
  const char* version = kVersion;
};

constexpr KnownEngine kEngines[] = {
    {kOllama, "http://localhost:11434"},    {"vllm", "http://localhost:8000"},
    {"uzu", "http://localhost:8000", ""},   {"sglang", "http://localhost:30000"},
    {"llamacpp", "http://localhost:8080"},  {"mlx", "http://localhost:8080"},
    {"lmstudio", "http://localhost:1234"},  {"exo", "http://localhost:52415"},
    {"nexa", "http://localhost:18181"},     {"apple_fm", "http://localhost:8079"},
    {"lemonade", "http://localhost:13305"},
};

const KnownEngine* known_engine(const std::string& name) {
  const auto found = std::find_if(std::begin(kEngines), std::end(kEngines),
                                  [&](const KnownEngine& engine) { return engine.name == name; });
  return found == std::end(kEngines) ? nullptr : found;
}

bool has_scheme(const std::string& address) {
  return address.find("://") != std::string::npos;
}

std::string with_scheme(const std::string& address) {
  return has_scheme(address) ? address : "http://" + address;
}

std::string without_slashes(std::string url) {
  while (!url.empty() && url.back() == '/') url.pop_back();
  return url;
}

/** The variable tells the server where to listen: "every address" is this machine to a client. */
std::string address_of_listener(const std::string& listener) {
  std::string url = without_slashes(with_scheme(listener));
  const std::size_t host = url.find("://") + 3;
  for (const auto& [every, own] : {std::pair{"0.0.0.0", "127.0.0.1"}, std::pair{"[::]", "[::1]"}}) {
    const std::string all(every);
    if (url.compare(host, all.size(), all) == 0) url.replace(host, all.size(), own);
  }
  if (url.compare(host, 1, ":") == 0) url.insert(host, "localhost");
  const std::size_t bracket = url.find(']', host);
  const std::size_t colon = url.find(':', bracket == std::string::npos ? host : bracket);
  if (colon == std::string::npos && !has_scheme(listener)) url += kOllamaPort;
  return url;
}

std::string url_of(const text::TomlDocument& config, const std::string& name,
                   const std::string& ollama_host) {
  if (const auto host = text::text_of(config, text::engine_host_setting(name)); !host.empty())
    return with_scheme(host);
  if (name == kOllama && !ollama_host.empty()) return address_of_listener(ollama_host);
  if (const KnownEngine* engine = known_engine(name)) return engine->url;
  throw sdk::unavailable("nobody knows where the student's engine '" + name + "' listens",
                         "set learning.distillation.student.base_url");
}

}  // namespace

EnginePlace engine_place(const text::TomlDocument& config, const std::string& base_url,
                         const std::string& ollama_host) {
  std::string name = text::text_of(config, text::engine_setting());
  if (name.empty()) name = base_url.empty() ? kOllama : "openai-compatible";
  const std::string url =
      without_slashes(base_url.empty() ? url_of(config, name, ollama_host) : base_url);
  const KnownEngine* engine = known_engine(name);
  const std::string versioned = shared::with_version(url, engine ? engine->version : kVersion);
  if (name == kOllama && versioned != url) return {name, url, EnginePlace::Protocol::ollama};
  return {name, versioned, EnginePlace::Protocol::completions};
}

}  // namespace jarvis::chat
