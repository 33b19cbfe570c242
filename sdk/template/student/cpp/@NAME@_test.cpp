#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <jarvis/sdk/payload/http.hpp>
#include <jarvis/sdk/payload/student.hpp>
#include <jarvis/testing/check.hpp>
#include <jarvis/testing/loaded_plugin.hpp>

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
namespace sdk = jarvis::sdk;
using jarvis::testing::Answer;

/** The plugin with a home of its own and a server that gives one answer. */
struct Student {
  jarvis::testing::LoadedPlugin plugin{PLUGIN_FILE};
  jarvis::testing::FakeHost host;
  sdk::HttpRequest sent;
  fs::path home;

  Student() {
    std::string pattern = (fs::temp_directory_path() / "student-XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary directory");
    home = pattern;
    fs::create_directories(home / "agents/simple");
    std::ofstream(home / "config.toml") << "[intelligence]\ndefault_model = 'small'\n";
    std::ofstream(home / "agents/simple/system_prompt.md") << "Be brief.\n";
  }
  ~Student() { fs::remove_all(home); }

  const jarvis_student_runner_1& table() const {
    return plugin.of<jarvis_student_runner_1>(JARVIS_STUDENT_RUNNER_1);
  }

  void serve(int status, const std::string& body) {
    host.services["http"] = [this, status, body](const json::object& request) {
      sent = sdk::http_request(request);
      return sdk::to_json(sdk::HttpResult{status, {}, body});
    };
  }

  Answer run(const std::string& base_url = "http://127.0.0.1:9") {
    const sdk::StudentRequest request{home.string(), "Hello?", "", "simple", base_url};
    return plugin.call(table().run, sdk::to_json(request), host);
  }
};

void says_what_is_wrong_with_the_server() {
  Student student;
  JARVIS_CHECK(student.run("").status == JARVIS_UNAVAILABLE);
  student.serve(503, "");
  JARVIS_CHECK(student.run().status == JARVIS_RETRYABLE);
  student.serve(404, "");
  JARVIS_CHECK(student.run().status == JARVIS_UNAVAILABLE);
  student.serve(200, R"({"choices":[]})");
  JARVIS_CHECK(student.run().status == JARVIS_RETRYABLE);
}

void sends_the_prompt_and_the_query_and_reads_the_answer() {
  Student student;
  student.serve(200, R"({"model":"small","choices":[{"message":{"content":"Hi."}}]})");
  const Answer answer = student.run("http://127.0.0.1:9/v1/");
  JARVIS_CHECK(answer.ok());
  JARVIS_CHECK(answer.result.at("output") == "Hi.");
  JARVIS_CHECK(student.sent.url == "http://127.0.0.1:9/v1/chat/completions");
  const json::object body = sdk::parse_object(student.sent.body, "body");
  JARVIS_CHECK(body.at("model") == "small");
  JARVIS_CHECK(json::serialize(body.at("messages").at(0)).find("Be brief.") != std::string::npos);
  JARVIS_CHECK(body.at("messages").at(1).at("content") == "Hello?");
}

void lists_the_models_of_the_server() {
  Student student;
  student.serve(200, R"({"data":[{"id":"small"},{"id":"large"}]})");
  const sdk::ProbeRequest request{student.home.string(), "http://127.0.0.1:9"};
  const Answer answer =
      student.plugin.call(student.table().probe, sdk::to_json(request), student.host);
  JARVIS_CHECK(answer.ok());
  JARVIS_CHECK(json::serialize(answer.result.at("models")) == R"(["small","large"])");
}

}  // namespace

int main() {
  says_what_is_wrong_with_the_server();
  sends_the_prompt_and_the_query_and_reads_the_answer();
  lists_the_models_of_the_server();
  return jarvis::testing::test_result();
}
