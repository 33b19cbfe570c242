#include <jarvis/sdk/plugin.hpp>

#include "plugins/students/chat/conversation.hpp"
#include "plugins/students/chat/home_reader.hpp"

namespace {

namespace chat = jarvis::chat;
namespace sdk = jarvis::sdk;

class ChatStudent : public sdk::StudentRunner {
 public:
  sdk::StudentResult run(const sdk::StudentRequest& request, const sdk::Host& host) override {
    const auto home = homes_.read(request.home);
    const chat::Question question = chat::question_for(*home, request);
    const auto engine = chat::engine_for(*home, request.base_url, request.settings, refusals_);
    return chat::converse(*engine, question, request, host);
  }

  sdk::ProbeResult probe(const sdk::ProbeRequest& request, const sdk::Host& host) override {
    const auto home = homes_.read(request.home);
    return chat::engine_for(*home, request.base_url, request.settings, refusals_)->probe(host);
  }

 private:
  chat::HomeReader homes_;
  jarvis::shared::Refusals refusals_;
};

}  // namespace

JARVIS_PLUGIN(ChatStudent, "chat", "0.1.0")
