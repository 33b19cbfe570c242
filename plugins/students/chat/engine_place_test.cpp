#include <doctest/doctest.h>

#include "plugins/students/chat/chat_fixture.hpp"

namespace sdk = jarvis::sdk;
using namespace jarvis::chat::testing;

namespace {

/** Where the runner asks for the models, which names engine, address and protocol. */
std::string probed(const std::string& config, const std::string& base_url = "",
                   const char* ollama_host = nullptr) {
  Student student(config);
  json::object environment;
  if (ollama_host) environment["OLLAMA_HOST"] = ollama_host;
  const Answer answer = student.probe(base_url, {{"environment", std::move(environment)}});
  return answer.ok() ? student.sent.at(0).url : answer.message;
}

std::string engine(const std::string& name) {
  return "[engine]\ndefault = \"" + name + "\"\n";
}

}  // namespace

TEST_CASE("engine: one that nobody knows needs an address") {
  for (const char* name : {"homemade", "openai-compatible"}) {
    Student student(engine(name));
    const Answer answer = student.probe("");
    CHECK(answer.status == JARVIS_UNAVAILABLE);
    CHECK(answer.message ==
          "nobody knows where the student's engine '" + std::string(name) + "' listens");
    CHECK(answer.hint == "set learning.distillation.student.base_url");
    CHECK(probed(engine(name), "http://h:1") == "http://h:1/v1/models");
  }
}

TEST_CASE("engine: without an address it is asked at its usual one") {
  const std::pair<const char*, const char*> rows[] = {
      {"ollama", "http://localhost:11434/api/tags"},
      {"vllm", "http://localhost:8000/v1/models"},
      {"uzu", "http://localhost:8000/models"},
      {"sglang", "http://localhost:30000/v1/models"},
      {"llamacpp", "http://localhost:8080/v1/models"},
      {"mlx", "http://localhost:8080/v1/models"},
      {"lmstudio", "http://localhost:1234/v1/models"},
      {"exo", "http://localhost:52415/v1/models"},
      {"nexa", "http://localhost:18181/v1/models"},
      {"apple_fm", "http://localhost:8079/v1/models"},
      {"lemonade", "http://localhost:13305/v1/models"}};
  for (const auto& [name, url] : rows) CHECK(probed(engine(name)) == url);
  CHECK(probed("") == "http://localhost:11434/api/tags");
}

TEST_CASE("engine: the home's host wins over the usual one, in either of its two places") {
  CHECK(probed(engine("vllm") + "[engine.vllm]\nhost = \"http://10.0.0.9:9000/\"\n") ==
        "http://10.0.0.9:9000/v1/models");
  CHECK(probed(engine("vllm") + "ollama_host = \"box:1\"\n") == "http://localhost:8000/v1/models");
  CHECK(probed(engine("ollama") + "ollama_host = \"box:1\"\n") == "http://box:1/api/tags");
  CHECK(probed(engine("ollama") + "[engine.ollama]\nhost = \"http://box:1/v1\"\n") ==
        "http://box:1/v1/models");
  CHECK(probed("[engine]\ndefault = \"vllm\"\n[intelligence]\npreferred_engine = \"ollama\"\n") ==
        "http://localhost:11434/api/tags");
}

TEST_CASE("engine: an address without an engine is one of chat completions") {
  CHECK(probed("", "http://h:1") == "http://h:1/v1/models");
  CHECK(probed("", "http://h:1/v1/") == "http://h:1/v1/models");
  CHECK(probed(engine("vllm"), "http://h:1") == "http://h:1/v1/models");
  CHECK(probed(engine("uzu"), "http://h:1") == "http://h:1/models");
}

TEST_CASE("engine: Ollama speaks its own protocol unless the address says otherwise") {
  CHECK(probed(engine("ollama"), "http://h:1") == "http://h:1/api/tags");
  CHECK(probed(engine("ollama"), "http://h:1/") == "http://h:1/api/tags");
  CHECK(probed(engine("ollama"), "http://h:1/v1") == "http://h:1/v1/models");
}

TEST_CASE("engine: OLLAMA_HOST is read as the server reads it") {
  const std::pair<const char*, const char*> rows[] = {
      {"10.0.0.9:9000", "http://10.0.0.9:9000"},
      {"10.0.0.9", "http://10.0.0.9:11434"},
      {"0.0.0.0", "http://127.0.0.1:11434"},
      {"0.0.0.0:9000", "http://127.0.0.1:9000"},
      {"http://0.0.0.0:9000/", "http://127.0.0.1:9000"},
      {":9000", "http://localhost:9000"},
      {"[::]:9000", "http://[::1]:9000"},
      {"[::1]", "http://[::1]:11434"},
      {"https://box", "https://box"},
      {"", "http://localhost:11434"}};
  for (const auto& [variable, url] : rows) {
    CAPTURE(variable);
    CHECK(probed(engine("ollama"), "", variable) == std::string(url) + "/api/tags");
  }
  CHECK(probed(engine("ollama") + "ollama_host = \"box:1\"\n", "", "other:2") ==
        "http://box:1/api/tags");
  CHECK(probed(engine("vllm"), "", "other:2") == "http://localhost:8000/v1/models");
  CHECK(probed(engine("ollama"), "http://h:1", "other:2") == "http://h:1/api/tags");
}
