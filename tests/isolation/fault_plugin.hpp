#pragma once

#include <fstream>
#include <jarvis/sdk/plugin.hpp>
#include <string>
#include <vector>

/** What the plugins of this folder share. FAULT is the name of the plugin. */
namespace fault {

namespace sdk = jarvis::sdk;

/** Told this, a plugin does what it should. */
inline constexpr const char* kBeGood = "be good";

/** One call, whatever it is: `words` is what the test tells the plugin. */
struct Call {
  const sdk::Host& host;
  std::string words;
  std::string home;  ///< the staged copy that may be written; empty where there is none
};

/** A plugin that offers everything and misbehaves wherever it is not told to be good. */
class Plugin : public sdk::EditApplier,
               public sdk::DiagnosticTool,
               public sdk::TeacherEngine,
               public sdk::StudentRunner,
               public sdk::Judge {
 public:
  void validate(const sdk::EditRequest&, const sdk::Host&) override {}

  sdk::EditResult apply(const sdk::EditRequest& request, const sdk::Host& host) override {
    behave({host, sdk::optional_string(request.payload, "words"), request.home});
    std::ofstream(request.home + "/config.toml", std::ios::app) << "[agent.simple]\nnote = 1\n";
    return {{"config.toml"}, "agent.simple.note = 1"};
  }

  sdk::json::object call(const sdk::ToolRequest& request, const sdk::Host& host) override {
    behave({host, sdk::optional_string(request.arguments, "words"), ""});
    return {};
  }

  sdk::GenerateResult generate(const sdk::GenerateRequest& request,
                               const sdk::Host& host) override {
    behave({host, request.system, ""});
    sdk::GenerateResult result;
    result.message.role = "assistant";
    result.message.text = request.system;
    result.stop_reason = "end";
    return result;
  }

  sdk::StudentResult run(const sdk::StudentRequest& request, const sdk::Host& host) override {
    behave({host, request.query, ""});
    sdk::StudentResult result;
    result.output = request.query;
    return result;
  }

  sdk::ProbeResult probe(const sdk::ProbeRequest&, const sdk::Host&) override { return {}; }

  sdk::JudgeResult score(const sdk::JudgeRequest& request, const sdk::Host& host) override {
    behave({host, request.query, ""});
    return {1.0, "", {}};
  }

 protected:
  virtual void misbehave(const Call&) {}

 private:
  void behave(const Call& call) {
    if (call.words != kBeGood) misbehave(call);
  }
};

/** Fails with all that should have been kept from the plugin and was not. */
inline void complain(const std::string& about, const std::vector<std::string>& reached) {
  if (reached.empty()) return;
  std::string text = about;
  for (const std::string& one : reached) text += " " + one;
  throw sdk::refused(text);
}

}  // namespace fault

#define FAULT_PLUGIN(Class) JARVIS_PLUGIN(Class, FAULT, "1.0.0")
