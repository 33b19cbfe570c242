// One plugin with all five interfaces, built in many ways: by other compilers, with another
// standard library, with the old strings, against the headers of 1.0. It uses what the SDK had
// in 1.0 and nothing newer. VARIANT is its id, and the id of everything that it offers.
#include <fstream>
#include <jarvis/sdk/plugin.hpp>
#include <map>
#include <sstream>

namespace {

using namespace jarvis::sdk;

[[noreturn]] void misbehave(const std::string& how) {
  if (how == "throw") throw std::logic_error("thrown in " VARIANT ", too long for a small string");
  if (how == "throw a number") throw 42;
  if (how == "throw from the library") std::map<std::string, int>().at(how);
  if (how == "refuse") throw refused("it is refused for good", "ask for something else");
  if (how == "want more memory") throw std::bad_alloc();
  throw invalid("there is no way to '" + how + "'");
}

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw unavailable("'" + path + "' cannot be read", "look at it");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class Variant : public EditApplier,
                public DiagnosticTool,
                public TeacherEngine,
                public StudentRunner,
                public Judge {
 public:
  void validate(const EditRequest& request, const Host&) override { note_of(request); }

  EditResult apply(const EditRequest& request, const Host& host) override {
    const std::string note = note_of(request);
    std::ofstream(request.home + "/config.toml", std::ios::app)
        << "[agent]\nnote = \"" << note << "\"\n";
    host.info("wrote a note");
    return {{"config.toml"}, "agent.note = \"" + note + "\""};
  }

  json::object call(const ToolRequest& request, const Host& host) override {
    if (const std::string how = optional_string(request.arguments, "do"); !how.empty())
      misbehave(how);
    if (request.arguments.contains("service"))
      return host.call(required_string(request.arguments, "service"), {{"from", VARIANT}});
    return host.settings();
  }

  GenerateResult generate(const GenerateRequest& request, const Host& host) override {
    if (host.cancelled()) throw Failure(JARVIS_CANCELLED, "nobody wants the answer");
    HttpRequest http;
    http.url = request.base_url + "/generate";
    http.headers = {{"content-type", "application/json"}};
    http.body = json::serialize(json::object{{"model", request.model}});
    const HttpResult answer = http_result(host.call("http", to_json(http)));
    if (answer.status != 200) throw refused("the provider says " + answer.body);
    GenerateResult result;
    result.message.role = "assistant";
    result.message.text = answer.body;
    result.stop_reason = "end";
    result.model = request.model;
    result.usage.input_tokens = 3;
    result.usage.output_tokens = 2;
    return result;
  }

  StudentResult run(const StudentRequest& request, const Host&) override {
    StudentResult result;
    result.output = request.query + ": " + text_of(request.home + "/config.toml");
    return result;
  }

  ProbeResult probe(const ProbeRequest&, const Host&) override { return {{"first", "second"}}; }

  JudgeResult score(const JudgeRequest& request, const Host&) override {
    JudgeResult result;
    result.reason = "compared";
    if (request.query != "unreadable") result.score = request.answer == request.gold ? 1.0 : 0.25;
    return result;
  }

 private:
  static std::string note_of(const EditRequest& request) {
    const std::string note = required_string(request.payload, "note");
    if (const std::string how = optional_string(request.payload, "do"); !how.empty())
      misbehave(how);
    return note;
  }
};

}  // namespace

JARVIS_PLUGIN(Variant, VARIANT, "1.0.0")
