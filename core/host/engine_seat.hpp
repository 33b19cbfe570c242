#pragma once

#include <functional>
#include <string>

#include "core/budget/endpoint.hpp"
#include "core/budget/http_client.hpp"
#include "core/budget/prices.hpp"
#include "core/host/plugin_host.hpp"
#include "core/ports/teacher.hpp"

namespace jarvis {

/** What the user configured for one role (teacher, judge): who answers and where. */
struct EngineSettings {
  std::string section;  ///< "learning.distillation.teacher", for messages
  std::string engine;   ///< empty: found from the model's name
  std::string model;
  std::string base_url;
  std::string api_key_env;
  int timeout_seconds = 120;
  int max_retries = 5;
  PriceSettings prices;
  std::int64_t context_tokens = 128000;
};

/** One engine with its model, endpoint, key and price: everything is checked before anything is
 * spent. Safe to call from many threads; `plugins`, `http` and `purse` must outlive it. */
class EngineSeat {
 public:
  /** Errors: not_found (no such engine), unavailable (no key; the hint names the variable and the
   * config key), configuration (no price). */
  static Result<EngineSeat> make(PluginHost& plugins, HttpService& http,
                                 const EngineSettings& settings);

  /** One metered call. `purse` may be null only where the seat is free. */
  Result<sdk::GenerateResult> generate(SessionPurse* purse, Purpose purpose,
                                       sdk::GenerateRequest request,
                                       const std::function<bool()>& cancelled) const;

  const std::string& model() const { return model_; }
  const std::string& engine() const { return offer_.provided->id; }
  const std::string& base_url() const { return endpoint_.base_url; }
  bool is_free() const { return price_.free; }
  const Price& price() const { return price_; }
  /** What the model takes in one request, its answer included. */
  std::int64_t window_tokens() const { return window_tokens_; }
  /** True when it reaches nothing beyond this machine's network. */
  bool is_local() const;

 private:
  EngineSeat(PluginHost& plugins, HttpService& http) : plugins_(&plugins), http_(&http) {}

  PluginHost* plugins_;
  HttpService* http_;
  Offer offer_;
  std::string model_;
  Endpoint endpoint_;
  Price price_;
  std::int64_t window_tokens_ = 0;
};

/** The built-in engine whose rules (`serves` in its manifest) fit a model's name best: the longest
 * beginning, else the longest part, else the rule that takes the rest. Others must be named. */
Result<Offer> engine_for_model(const PluginHost& plugins, const std::string& model);

/** The host's `http` service for one plugin call: sends through `endpoint` and keeps a denial for
 * lack of money, which a plugin may hide, in `denied`. */
Result<json::object> serve_http(HttpService& http, const json::object& request,
                                const Endpoint& endpoint, CallMeter& meter,
                                const std::function<bool()>& cancelled,
                                std::optional<Error>& denied, const Heard& heard = {});

}  // namespace jarvis
