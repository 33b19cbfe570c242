#include <jarvis/sdk/plugin.hpp>

namespace {

namespace sdk = jarvis::sdk;

class LetsServicesFail : public sdk::TeacherEngine {
 public:
  sdk::GenerateResult generate(const sdk::GenerateRequest& request,
                               const sdk::Host& host) override {
    sdk::HttpRequest asked;
    asked.url = request.base_url;
    const auto answer = sdk::http_result(host.call("http", sdk::to_json(asked)));
    sdk::GenerateResult result;
    result.message.role = "assistant";
    result.message.text = sdk::json::parse(answer.body).at("content").at(0).at("text").as_string();
    result.stop_reason = "end";
    return result;
  }
};

}  // namespace

JARVIS_PLUGIN(LetsServicesFail, "lets_services_fail", "1.0.0")
