#include <jarvis/sdk/plugin.hpp>

#include "plugins/rehearsal/home_settings.hpp"
#include "plugins/rehearsal/judge.hpp"
#include "plugins/rehearsal/teacher.hpp"

namespace {

namespace sdk = jarvis::sdk;
namespace rehearsal = jarvis::rehearsal;

class Rehearsal : public sdk::TeacherEngine, public sdk::StudentRunner, public sdk::Judge {
 public:
  sdk::GenerateResult generate(const sdk::GenerateRequest& request, const sdk::Host&) override {
    return rehearsal::teach(request);
  }

  sdk::StudentResult run(const sdk::StudentRequest& request, const sdk::Host&) override {
    const rehearsal::HomeSettings settings = rehearsal::read_settings(request);
    sdk::StudentResult result;
    result.output = rehearsal::student_answer(request.query, settings.skill);
    result.model = settings.model;
    const auto question = rehearsal::parse_question(request.query);
    if (settings.skill.calculator && question && question->is_math()) {
      result.turns = 2;
      const auto steps = rehearsal::work_out(*question).steps;
      const std::string& step = steps.front();
      result.tool_calls.push_back(
          {"rehearsal_1", "calculator", {{"expression", step.substr(0, step.find(" ="))}}});
    }
    result.usage.input_tokens = rehearsal::tokens_of(settings.prompt + request.query);
    result.usage.output_tokens = rehearsal::tokens_of(result.output);
    return result;
  }

  sdk::ProbeResult probe(const sdk::ProbeRequest&, const sdk::Host&) override {
    return {{rehearsal::kSmallModel, rehearsal::kLargeModel}};
  }

  sdk::JudgeResult score(const sdk::JudgeRequest& request, const sdk::Host&) override {
    return rehearsal::compare(request);
  }
};

}  // namespace

JARVIS_PLUGIN(Rehearsal, "rehearsal", "0.1.0")
