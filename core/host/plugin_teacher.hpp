#pragma once

#include "core/host/engine_seat.hpp"
#include "core/ports/teacher.hpp"

namespace jarvis {

/** The teacher of one session: an engine, and the purse that pays for it. */
class PluginTeacher : public Teacher {
 public:
  PluginTeacher(EngineSeat seat, SessionPurse& purse, std::function<bool()> cancelled)
      : seat_(std::move(seat)), purse_(purse), cancelled_(std::move(cancelled)) {}

  Result<sdk::GenerateResult> generate(Purpose purpose, sdk::GenerateRequest request) override {
    return seat_.generate(&purse_, purpose, std::move(request), cancelled_);
  }
  std::string model() const override { return seat_.model(); }
  std::int64_t window_tokens() const override { return seat_.window_tokens(); }

 private:
  EngineSeat seat_;
  SessionPurse& purse_;
  std::function<bool()> cancelled_;
};

}  // namespace jarvis
