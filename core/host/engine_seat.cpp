#include "core/host/engine_seat.hpp"

#include <algorithm>
#include <cctype>

namespace jarvis {

namespace {

std::string joined(const std::vector<std::string>& names, const std::string& separator) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : separator) + name;
  return text;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/** A private endpoint needs no key unless the user names one; no key is sent to it unasked. Nor
 * does somebody else's plugin choose one of the user's: its manifest names the server as well. */
Result<Secret> key_for(const Offer& offer, const EngineSettings& settings, bool is_private) {
  const Provided& provided = *offer.provided;
  if (settings.api_key_env.empty() &&
      (provided.key_env.empty() || (is_private && provided.free_on_private_address)))
    return Secret();
  if (settings.api_key_env.empty() && !offer.plugin->built_in)
    return Error{
        ErrorKind::unavailable,
        "engine '" + provided.id + "' of plugin '" + offer.plugin->manifest.id +
            "' asks for the key in " + joined(provided.key_env, " or ") +
            ", and you have not named it",
        "set api_key_env = \"" + provided.key_env.front() + "\" in [" + settings.section + "]"};
  const std::vector<std::string> names =
      settings.api_key_env.empty() ? provided.key_env : std::vector{settings.api_key_env};
  auto key = Secret::from_environment(names);
  if (key || key.error().kind != ErrorKind::unavailable) return key;
  return Error{ErrorKind::unavailable,
               "no API key for " + settings.model + ": the environment variable " +
                   joined(names, " or ") + " is not set",
               "export " + names.front() + "=…, or name another variable in [" + settings.section +
                   "] api_key_env"};
}

/** How well a rule of a manifest's `serves` fits a model's name: 0 not at all, 1 the one that takes
 * the rest, then "*part*", then what the name begins with; of a kind, the longer one. */
int strength_of(const std::string& rule, const std::string& name) {
  constexpr int kPrefix = 1 << 16;
  if (rule.empty()) return 1;
  const bool is_part = rule.size() > 2 && rule.front() == '*' && rule.back() == '*';
  if (is_part)
    return name.find(rule.substr(1, rule.size() - 2)) == std::string::npos
               ? 0
               : static_cast<int>(rule.size());
  return name.rfind(rule, 0) == 0 ? kPrefix + static_cast<int>(rule.size()) : 0;
}

}  // namespace

Result<Offer> engine_for_model(const PluginHost& plugins, const std::string& model) {
  Offer best;
  int best_strength = 0;
  const std::string name = lower(model);
  for (const Offer& offer : plugins.offers(JARVIS_TEACHER_ENGINE_1)) {
    // Somebody else's engine is only used where the user names it.
    if (!offer.plugin->built_in) continue;
    for (const std::string& rule : offer.provided->serves)
      if (const int strength = strength_of(lower(rule), name); strength > best_strength) {
        best = offer;
        best_strength = strength;
      }
  }
  if (best.provided) return best;
  return Error{ErrorKind::not_found, "no teacher engine serves the model '" + model + "'",
               "set learning.distillation.teacher.engine"};
}

Result<EngineSeat> EngineSeat::make(PluginHost& plugins, HttpService& http,
                                    const EngineSettings& settings) {
  const auto offer = settings.engine.empty()
                         ? engine_for_model(plugins, settings.model)
                         : plugins.find(JARVIS_TEACHER_ENGINE_1, settings.engine);
  if (!offer) return offer.error();
  const Provided& provided = *offer->provided;
  EngineSeat seat(plugins, http);
  seat.offer_ = *offer;
  seat.model_ = settings.model;
  seat.window_tokens_ = settings.context_tokens;
  seat.endpoint_.base_url = settings.base_url.empty() ? provided.base_url : settings.base_url;
  seat.endpoint_.timeout_seconds = settings.timeout_seconds;
  seat.endpoint_.max_retries = settings.max_retries;
  if (provided.offline) {
    seat.price_ = Price::nothing();
    return seat;
  }
  const bool is_private = is_private_address(seat.endpoint_.base_url);
  auto key = key_for(*offer, settings, is_private);
  if (!key) return key.error();
  seat.endpoint_.key = std::move(*key);
  const bool priced = settings.prices.input_price_per_mtok || settings.prices.output_price_per_mtok;
  if (is_private && provided.free_on_private_address && !priced) {
    seat.price_ = Price::nothing();
    return seat;
  }
  auto price = price_of(settings.model, settings.prices, settings.section);
  if (!price) return price.error();
  seat.price_ = *price;
  return seat;
}

bool EngineSeat::is_local() const {
  return offer_.provided->offline || is_private_address(endpoint_.base_url);
}

Result<json::object> serve_http(HttpService& http, const json::object& request,
                                const Endpoint& endpoint, CallMeter& meter,
                                const std::function<bool()>& cancelled,
                                std::optional<Error>& denied, const Heard& heard) try {
  auto answer = http.send(sdk::http_request(request), endpoint, &meter, cancelled, heard);
  if (answer) return sdk::to_json(*answer);
  if (answer.error().kind == ErrorKind::budget) denied = answer.error();
  return answer.error();
} catch (const sdk::Failure& failure) {
  return Error{ErrorKind::invalid, failure.what(), failure.hint()};
}

Result<sdk::GenerateResult> EngineSeat::generate(SessionPurse* purse, Purpose purpose,
                                                 sdk::GenerateRequest request,
                                                 const std::function<bool()>& cancelled) const {
  const auto plugin = plugins_->load(*offer_.plugin);
  if (!plugin) return plugin.error();
  request.model = model_;
  request.base_url = endpoint_.base_url;
  CallMeter meter(price_.free ? nullptr : purse, purpose, model_, price_);
  json::object body = sdk::to_json(request);
  const auto tokens =
      meter.affordable_output_tokens(json::serialize(body).size(), request.max_output_tokens);
  if (!tokens) return tokens.error();
  body["max_output_tokens"] = *tokens;
  Endpoint endpoint = endpoint_;
  endpoint.max_output_tokens = *tokens;

  std::optional<Error> denied;
  CallContext context;
  context.cancelled = cancelled;
  context.services = [&](const std::string& service,
                         const json::object& http_request) -> Result<json::object> {
    if (service != "http")
      return Error{ErrorKind::refused, "service '" + service + "' is not offered to engines", ""};
    return serve_http(*http_, http_request, endpoint, meter, cancelled, denied);
  };
  const auto answer = (*plugin)->call(PluginFunction::teacher_generate, body, context);
  if (denied) return *denied;
  if (!answer) return answer.error();
  try {
    auto result = sdk::generate_result(*answer);
    if (auto settled = meter.finish(result.usage); !settled) return settled.error();
    return result;
  } catch (const std::exception& error) {
    return Error{ErrorKind::internal,
                 "engine '" + engine() + "' gave an answer that cannot be read: " + error.what(),
                 ""};
  }
}

}  // namespace jarvis
