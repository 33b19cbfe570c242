#include "core/host/plugin_judge.hpp"

#include <jarvis/sdk/payload/judge.hpp>

namespace jarvis {

Result<Offer> judge_for_engine(const PluginHost& plugins, const std::string& engine) {
  if (const auto own = plugins.find(JARVIS_JUDGE_1, engine)) return own;
  return plugins.find(JARVIS_JUDGE_1, "llm");
}

// Judges ask an engine rather than HTTP, so that one judge works with every provider.
Result<json::object> PluginJudge::serve_engine(const std::string& service,
                                               const json::object& request,
                                               std::optional<Error>& failed) const try {
  if (service != "engine" || !seat_)
    return Error{ErrorKind::refused, "service '" + service + "' is not offered to this judge", ""};
  json::object with_model = request;
  with_model["model"] = seat_->model();
  auto answer =
      seat_->generate(&purse_, Purpose::judge, sdk::generate_request(with_model), cancelled_);
  if (answer) return sdk::to_json(*answer);
  failed = answer.error();
  return answer.error();
} catch (const std::exception& error) {
  return Error{ErrorKind::invalid, error.what(), ""};
}

Result<Judgement> PluginJudge::score(const std::string& query, const std::string& gold,
                                     const std::string& answer) {
  const auto plugin = plugins_.load(*offer_.plugin);
  if (!plugin) return plugin.error();
  std::optional<Error> failed;
  CallContext context;
  context.cancelled = cancelled_;
  context.services = [&](const std::string& service, const json::object& request) {
    return serve_engine(service, request, failed);
  };
  const sdk::JudgeRequest request{privacy_.redact(query), privacy_.redact(gold),
                                  privacy_.redact(answer)};
  const auto reply = (*plugin)->call(PluginFunction::judge_score, sdk::to_json(request), context);
  if (failed) return *failed;
  if (!reply) return reply.error();
  const auto result = sdk::judge_result(*reply);
  if (result.score && !(*result.score >= 0 && *result.score <= 1))
    return Judgement{std::nullopt, "the judge gave a score outside 0..1"};
  return Judgement{result.score, result.reason};
}

}  // namespace jarvis
