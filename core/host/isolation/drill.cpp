#include "core/host/isolation/drill.hpp"

#include <exception>
#include <latch>
#include <thread>

#include "core/host/isolation/frames.hpp"
#include "core/host/loaded_plugin.hpp"

namespace jarvis {

namespace {

json::object to_json(const Outcome& outcome) {
  if (outcome) return {{"result", *outcome}};
  return {{"failure", failure_body(outcome.error())}};
}

Outcome outcome_from(const json::value& value) {
  const json::object& object = value.as_object();
  if (const json::value* result = object.if_contains("result")) return result->as_object();
  return failure_from(sdk::required_string(object, "failure"));
}

CallContext context_of(const Drill& drill) {
  CallContext context;
  context.cancelled = [&drill] { return drill.cancelled; };
  context.services = [&drill](const std::string& service, const json::object&) -> Outcome {
    auto answer = drill.services.find(service);
    if (answer == drill.services.end()) answer = drill.services.find("*");
    if (answer != drill.services.end()) return answer->second;
    return Error{ErrorKind::refused, "service '" + service + "' is not offered here", ""};
  };
  return context;
}

Outcome outcome_of(const Plugin& plugin, const Drill::Call& call, const CallContext& context) try {
  return call_with_text(plugin, call.function, call.request, context);
} catch (const std::exception& error) {
  return Error{ErrorKind::internal, error.what(), ""};
}

Outcomes calls_of_one_thread(const Plugin& plugin, const Drill& drill) {
  const CallContext context = context_of(drill);
  Outcomes outcomes(drill.calls.size());
  for (int round = 0; round < drill.rounds; ++round)
    for (std::size_t i = 0; i < drill.calls.size(); ++i)
      outcomes[i].push_back(outcome_of(plugin, drill.calls[i], context));
  return outcomes;
}

/** What each thread saw. They start their calls together. */
std::vector<Outcomes> calls_of_all_threads(const Plugin& plugin, const Drill& drill) {
  const auto count = static_cast<std::size_t>(drill.threads);
  std::vector<Outcomes> seen(count);
  if (count == 1) {
    seen[0] = calls_of_one_thread(plugin, drill);
    return seen;
  }
  std::latch start(drill.threads);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < count; ++i)
    threads.emplace_back([&, i] {
      start.arrive_and_wait();
      seen[i] = calls_of_one_thread(plugin, drill);
    });
  for (std::thread& thread : threads) thread.join();
  return seen;
}

}  // namespace

json::object to_json(const Drill& drill) {
  json::array calls;
  for (const Drill::Call& call : drill.calls)
    calls.push_back(
        json::object{{"function", static_cast<int>(call.function)}, {"request", call.request}});
  json::object services;
  for (const auto& [name, answer] : drill.services) services[name] = to_json(answer);
  return {{"calls", std::move(calls)},
          {"threads", drill.threads},
          {"rounds", drill.rounds},
          {"cancelled", drill.cancelled},
          {"services", std::move(services)}};
}

Drill drill_from(const json::object& object) {
  Drill drill;
  for (const json::value& call : sdk::optional_array(object, "calls"))
    drill.calls.push_back(
        {static_cast<PluginFunction>(sdk::optional_integer(call.as_object(), "function")),
         sdk::required_string(call.as_object(), "request")});
  drill.threads = static_cast<int>(sdk::optional_integer(object, "threads", 1));
  drill.rounds = static_cast<int>(sdk::optional_integer(object, "rounds", 1));
  drill.cancelled = sdk::optional_bool(object, "cancelled");
  for (const auto& [name, answer] : sdk::optional_object(object, "services"))
    drill.services.emplace(name, outcome_from(answer));
  return drill;
}

json::object run_drill(const Plugin& plugin, const Drill& drill) {
  const std::vector<Outcomes> seen = calls_of_all_threads(plugin, drill);
  json::array calls;
  for (std::size_t i = 0; i < drill.calls.size(); ++i) {
    json::array outcomes;
    for (const Outcomes& of_thread : seen)
      for (const Outcome& outcome : of_thread[i]) outcomes.push_back(to_json(outcome));
    calls.push_back(std::move(outcomes));
  }
  return {{"outcomes", std::move(calls)}};
}

Outcomes outcomes_from(const json::object& object) {
  Outcomes outcomes;
  for (const json::value& call : sdk::optional_array(object, "outcomes")) {
    outcomes.emplace_back();
    for (const json::value& outcome : call.as_array())
      outcomes.back().push_back(outcome_from(outcome));
  }
  return outcomes;
}

}  // namespace jarvis
