#include <jarvis/abi/interfaces.h>

#include <algorithm>
#include <jarvis/sdk/payload/generate.hpp>
#include <jarvis/sdk/payload/http.hpp>
#include <jarvis/sdk/payload/judge.hpp>
#include <jarvis/sdk/payload/student.hpp>
#include <jarvis/sdk/payload/tool.hpp>
#include <optional>

#include "core/host/check/behaviour_check.hpp"
#include "core/host/check/requests.hpp"

namespace jarvis {

namespace {

constexpr int kThreads = 4;
constexpr int kRounds = 3;

using Services = std::map<std::string, Outcome>;

std::vector<std::string> services_of(const std::string& interface) {
  if (interface == JARVIS_DIAGNOSTIC_TOOL_1)
    return {"traces", "benchmark", "student", "teacher", "judge", "home"};
  if (interface == JARVIS_JUDGE_1) return {"http", "engine"};
  return {"http"};
}

Services all_answer(const std::string& interface, const Outcome& answer) {
  Services services;
  for (const std::string& name : services_of(interface)) services.emplace(name, answer);
  return services;
}

json::object http_answer(int status, const std::string& body) {
  return sdk::to_json(sdk::HttpResult{status, {{"content-type", "application/json"}}, body});
}

/** An answer that the usual providers' protocols take for a short one. */
std::string provider_body() {
  const std::string text = R"({"score": 1, "reason": "the same"})";
  const json::object message{{"role", "assistant"}, {"content", text}};
  return json::serialize(json::object{
      {"id", "1"},
      {"model", "model"},
      {"role", "assistant"},
      {"choices", {{{"index", 0}, {"message", message}, {"finish_reason", "stop"}}}},
      {"content", {{{"type", "text"}, {"text", text}}}},
      {"stop_reason", "end_turn"},
      {"data", {{{"id", "model"}}}},
      {"usage",
       {{"prompt_tokens", 9}, {"completion_tokens", 9}, {"input_tokens", 9}, {"output_tokens", 9}}},
  });
}

Services plausible(const std::string& interface) {
  Services services = all_answer(interface, json::object());
  if (services.count("http") != 0)
    services.insert_or_assign("http", http_answer(200, provider_body()));
  if (services.count("engine") != 0) {
    sdk::GenerateResult answer;
    answer.message = {"assistant", R"({"score": 1, "reason": "the same"})", {}, {}, {}};
    answer.stop_reason = "end";
    answer.model = "model";
    services.insert_or_assign("engine", sdk::to_json(answer));
  }
  return services;
}

struct Scene {
  std::string when;
  Services services;
};

std::vector<Scene> scenes_of(const std::string& interface) {
  std::vector<Scene> scenes{
      {"its services are unavailable",
       all_answer(interface, Error{ErrorKind::unavailable, "nobody answers", ""})},
      {"its services fail for a moment",
       all_answer(interface, Error{ErrorKind::retryable, "too many requests", "", 1000})},
      {"its services refuse",
       all_answer(interface, Error{ErrorKind::refused, "this may not be asked", ""})},
      {"its services give an empty object", all_answer(interface, json::object())},
  };
  if (scenes.front().services.count("http") == 0) return scenes;
  for (const auto& [status, body] :
       {std::pair{401, R"({"error":{"type":"authentication_error","message":"no key"}})"},
        std::pair{500, R"({"error":{"message":"overloaded"}})"},
        std::pair{200, "<html><body>Welcome</body></html>"}, std::pair{200, ""},
        std::pair{200, R"({"choices":[],"content":[],"data":[]})"},
        std::pair{200, R"({"choices":"x","content":1,"data":null,"usage":[]})"}})
    scenes.push_back(
        {"the server answers " + std::to_string(status) + " with '" + std::string(body) + "'",
         all_answer(interface, http_answer(status, body))});
  return scenes;
}

/** Why the host could not read an answer, or nothing. */
std::string unreadable(PluginFunction function, const json::object& answer) try {
  if (function == PluginFunction::teacher_generate) sdk::generate_result(answer);
  if (function == PluginFunction::student_run) sdk::student_result(answer);
  if (function == PluginFunction::judge_score) {
    const auto score = sdk::judge_result(answer).score;
    if (score && !(*score >= 0 && *score <= 1)) return "the score is not in 0..1";
  }
  return {};
} catch (const std::exception& error) {
  return error.what();
}

/** The checks of one thing that a plugin offers. */
class ServiceCheck {
 public:
  ServiceCheck(Subject& subject, const Provided& provided, const std::string& home,
               CheckReport& report)
      : subject_(subject),
        provided_(provided),
        home_(home),
        report_(report),
        label_(label_of(provided.interface, provided.id) + ": ") {}

  void run() {
    report_.judge(label_ + "a failing service ends in a status", problem_with_services(),
                  "catch what the service throws and say unavailable or retryable; take nothing "
                  "in an answer for granted");
    Drill cancelled = drill(
        all_answer(provided_.interface, Error{ErrorKind::cancelled, "the user cancelled", ""}));
    cancelled.cancelled = true;
    report_.judge(label_ + "comes back when it is cancelled", fault_of(cancelled),
                  "ask host.cancelled() in every loop and pass a service's failure on");
    Drill crowd = drill(plausible(provided_.interface));
    crowd.threads = kThreads;
    crowd.rounds = kRounds;
    report_.judge(label_ + "answers alike from four threads at once", problem_in_crowd(crowd),
                  "share nothing between calls, or guard it with a mutex");
    check_answers();
  }

 private:
  Drill drill(const Services& services) const {
    Drill drill;
    for (const PluginFunction function : offered_functions(subject_, provided_.interface))
      drill.calls.push_back({function, json::serialize(sound_request(function, provided_, home_))});
    drill.services = services;
    return drill;
  }

  std::string fault_of(const Drill& drill) {
    const auto outcomes = subject_.drill(drill);
    if (!outcomes) return outcomes.error().message;
    for (std::size_t i = 0; i < outcomes->size(); ++i)
      for (const Outcome& outcome : (*outcomes)[i])
        if (const auto fault = subject_.fault_in(outcome); !fault.empty())
          return "'" + std::string(to_string(drill.calls[i].function)) + "': " + fault;
    return {};
  }

  std::string problem_with_services() {
    for (const Scene& scene : scenes_of(provided_.interface))
      if (const auto fault = fault_of(drill(scene.services)); !fault.empty())
        return "when " + scene.when + ", " + fault;
    return {};
  }

  std::string problem_in_crowd(const Drill& crowd) {
    const auto outcomes = subject_.drill(crowd);
    if (!outcomes) return outcomes.error().message;
    for (std::size_t i = 0; i < outcomes->size(); ++i) {
      const std::string name = "'" + std::string(to_string(crowd.calls[i].function)) + "'";
      const auto& seen = (*outcomes)[i];
      for (const Outcome& outcome : seen) {
        if (const auto fault = subject_.fault_in(outcome); !fault.empty())
          return name + ": " + fault;
        if (status_of(outcome) != status_of(seen.front()))
          return name + " ended as '" + status_of(seen.front()) + "' and as '" +
                 status_of(outcome) + "' for the same request";
      }
    }
    return {};
  }

  static std::string status_of(const Outcome& outcome) {
    return outcome ? "ok" : std::string(to_string(outcome.error().kind));
  }

  void check_answers() {
    const std::string name = label_ + "its answers can be read";
    const Drill asked = drill(plausible(provided_.interface));
    const auto outcomes = subject_.drill(asked);
    if (!outcomes) return report_.fail(name, outcomes.error().message, "mend what is above first");
    std::string none;
    for (std::size_t i = 0; i < outcomes->size(); ++i) {
      const Outcome& outcome = (*outcomes)[i].front();
      const std::string function = "'" + std::string(to_string(asked.calls[i].function)) + "'";
      if (!outcome)
        none = function + " gave none to a made-up server: " + outcome.error().message;
      else if (const auto problem = unreadable(asked.calls[i].function, *outcome); !problem.empty())
        return report_.fail(name, function + ": " + problem,
                            "give the result that share/jarvis/schema describes");
    }
    if (none.empty())
      report_.pass(name);
    else
      report_.skip(name, none);
  }

  Subject& subject_;
  const Provided& provided_;
  const std::string& home_;
  CheckReport& report_;
  const std::string label_;
};

}  // namespace

void check_services_and_threads(Subject& subject, const Provided& provided, const std::string& home,
                                CheckReport& report) {
  ServiceCheck(subject, provided, home, report).run();
}

}  // namespace jarvis
