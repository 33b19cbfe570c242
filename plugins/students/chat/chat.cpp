#include <jarvis/sdk/plugin.hpp>

#include "plugins/shared/provider.hpp"
#include "plugins/students/chat/conversation.hpp"
#include "plugins/students/chat/engine_url.hpp"
#include "plugins/students/chat/home_reader.hpp"

namespace {

namespace chat = jarvis::chat;
namespace sdk = jarvis::sdk;
namespace shared = jarvis::shared;
namespace json = boost::json;

shared::Provider provider_for(const std::string& base_url, const jarvis::text::StudentHome& home) {
  return {shared::with_version(base_url.empty() ? chat::engine_url(home.config) : base_url, "/v1"),
          "authorization",
          "Bearer ",
          {},
          "[learning.distillation.student]"};
}

[[noreturn]] void cannot_reach(const shared::Provider& provider, const sdk::Failure& cause) {
  throw sdk::unavailable(
      "the student's server cannot be reached at " + provider.base_url + ": " + cause.what(),
      "start it, or set learning.distillation.student.base_url");
}

class ChatStudent : public sdk::StudentRunner {
 public:
  sdk::StudentResult run(const sdk::StudentRequest& request, const sdk::Host& host) override {
    const auto home = homes_.read(request.home);
    return chat::converse(provider_for(request.base_url, *home), chat::question_for(*home, request),
                          host);
  }

  sdk::ProbeResult probe(const sdk::ProbeRequest& request, const sdk::Host& host) override {
    const shared::Provider provider = provider_for(request.base_url, *homes_.read(request.home));
    sdk::HttpRequest question;
    question.method = "GET";
    question.url = provider.base_url + "/models";
    question.key_header = provider.key_header;
    question.key_prefix = provider.key_prefix;
    try {
      return models_in(sdk::http_result(host.call("http", sdk::to_json(question))));
    } catch (const sdk::Failure& failure) {
      if (failure.status() == JARVIS_UNAVAILABLE || failure.status() == JARVIS_RETRYABLE)
        cannot_reach(provider, failure);
      throw;
    }
  }

 private:
  /** A server that answers anything is there; not every one can list its models. */
  static sdk::ProbeResult models_in(const sdk::HttpResult& answer) {
    sdk::ProbeResult result;
    boost::system::error_code error;
    const json::value body = json::parse(answer.body, error);
    if (answer.status != 200 || error || !body.is_object()) return result;
    for (const json::value& row : sdk::optional_array(body.as_object(), "data"))
      if (row.is_object())
        if (std::string id = sdk::optional_string(row.as_object(), "id"); !id.empty())
          result.models.push_back(std::move(id));
    return result;
  }

  chat::HomeReader homes_;
};

}  // namespace

JARVIS_PLUGIN(ChatStudent, "chat", "0.1.0")
