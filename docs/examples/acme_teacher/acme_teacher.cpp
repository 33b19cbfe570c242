#include <jarvis/sdk/plugin.hpp>

#include "acme_wire.hpp"

namespace {

namespace sdk = jarvis::sdk;

constexpr const char* kOwnBaseUrl = "https://api.acme.example";

std::string address_of(std::string base_url) {
  if (base_url.empty()) base_url = kOwnBaseUrl;
  while (!base_url.empty() && base_url.back() == '/') base_url.pop_back();
  return base_url + "/converse";
}

/** Has no state: it is called from many threads at once. */
class AcmeTeacher : public sdk::TeacherEngine {
 public:
  sdk::GenerateResult generate(const sdk::GenerateRequest& request,
                               const sdk::Host& host) override {
    sdk::HttpRequest http;
    http.url = address_of(request.base_url);
    http.headers = {{"content-type", "application/json"}, {"X-Acme-Protocol", "1"}};
    http.key_header = "X-Acme-Key";  // the host fills in the key, which no plugin sees
    http.body = boost::json::serialize(acme::body_of(request));
    const sdk::HttpResult answer = sdk::http_result(host.call("http", sdk::to_json(http)));
    sdk::GenerateResult result = acme::result_of(answer, http.body.size());
    if (result.model.empty()) result.model = request.model;
    return result;
  }
};

}  // namespace

JARVIS_PLUGIN(AcmeTeacher, "acme_teacher", "0.1.0")
