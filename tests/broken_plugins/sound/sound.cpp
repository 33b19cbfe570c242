#include <fstream>
#include <jarvis/sdk/plugin.hpp>
#include <sstream>

namespace {

namespace sdk = jarvis::sdk;

class Sound : public sdk::EditApplier,
              public sdk::DiagnosticTool,
              public sdk::TeacherEngine,
              public sdk::StudentRunner,
              public sdk::Judge {
 public:
  void validate(const sdk::EditRequest& request, const sdk::Host&) override {
    sdk::required_string(request.payload, "agent");
  }

  sdk::EditResult apply(const sdk::EditRequest& request, const sdk::Host&) override {
    const std::string table = "[agent." + sdk::required_string(request.payload, "agent") + "]\n";
    const std::string file = request.home + "/config.toml";
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    std::string config = text.str();
    const std::size_t begin = config.find(table);
    if (begin == std::string::npos) throw sdk::refused("there is no such agent");
    const std::string old = "note = \"old\"\n";
    const std::size_t note = begin + table.size();
    config.replace(note, config.compare(note, old.size(), old) == 0 ? old.size() : 0,
                   "note = \"new\"\n");
    std::ofstream(file, std::ios::binary) << config;
    return {{"config.toml"}, "agent.a.note = \"new\""};
  }

  sdk::json::object call(const sdk::ToolRequest& request, const sdk::Host&) override {
    return request.arguments;
  }

  sdk::GenerateResult generate(const sdk::GenerateRequest& request, const sdk::Host&) override {
    sdk::GenerateResult result;
    result.message.role = "assistant";
    result.message.text = request.messages.empty() ? "" : request.messages.back().text;
    result.stop_reason = "end";
    result.model = request.model;
    return result;
  }

  sdk::StudentResult run(const sdk::StudentRequest& request, const sdk::Host& host) override {
    sdk::StudentResult result;
    result.output = ask(request.base_url + "/run", host).body;
    return result;
  }

  sdk::ProbeResult probe(const sdk::ProbeRequest& request, const sdk::Host& host) override {
    return {{ask(request.base_url + "/probe", host).body}};
  }

  sdk::JudgeResult score(const sdk::JudgeRequest& request, const sdk::Host&) override {
    return {request.gold == request.answer ? 1.0 : 0.0, "compared", {}};
  }

 private:
  static sdk::HttpResult ask(const std::string& url, const sdk::Host& host) {
    sdk::HttpRequest request;
    request.url = url;
    return sdk::http_result(host.call("http", sdk::to_json(request)));
  }
};

}  // namespace

JARVIS_PLUGIN(Sound, "sound", "1.0.0")
