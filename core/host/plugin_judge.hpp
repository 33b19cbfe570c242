#pragma once

#include <optional>

#include "core/host/engine_seat.hpp"
#include "core/ports/judge.hpp"
#include "core/ports/privacy.hpp"

namespace jarvis {

/** A judge plugin, and the engine that it may ask. It sees redacted texts: one secret has one
 * placeholder in question, gold and answer. */
class PluginJudge : public Judge {
 public:
  /** `seat` is empty for a judge that asks no engine. */
  PluginJudge(PluginHost& plugins, Offer offer, std::optional<EngineSeat> seat, SessionPurse& purse,
              std::function<bool()> cancelled, Privacy& privacy = no_privacy())
      : plugins_(plugins),
        offer_(offer),
        seat_(std::move(seat)),
        purse_(purse),
        cancelled_(std::move(cancelled)),
        privacy_(privacy) {}

  Result<Judgement> score(const std::string& query, const std::string& gold,
                          const std::string& answer) override;
  std::string model() const override { return seat_ ? seat_->model() : offer_.provided->id; }

 private:
  Result<json::object> serve_engine(const std::string& service, const json::object& request,
                                    std::optional<Error>& failed) const;

  PluginHost& plugins_;
  Offer offer_;
  std::optional<EngineSeat> seat_;
  SessionPurse& purse_;
  std::function<bool()> cancelled_;
  Privacy& privacy_;
};

/** The judge plugin that an engine's name stands for: one of that name, else `llm`, which asks it.
 */
Result<Offer> judge_for_engine(const PluginHost& plugins, const std::string& engine);

}  // namespace jarvis
