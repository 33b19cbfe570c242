#pragma once

#include "core/host/engine_seat.hpp"
#include "core/ports/privacy.hpp"
#include "core/ports/teacher.hpp"

namespace jarvis {

/** A request as it leaves this machine: no text of it holds a secret. What engines keep for
 * themselves (`engine_data`) comes from the provider and goes back unchanged. */
sdk::GenerateRequest redacted(sdk::GenerateRequest request, Privacy& privacy);

/** The teacher of one session: an engine, the purse that pays for it, and the privacy that it is
 * spoken to through. In an answer to a user's question, which is compared with other answers, the
 * redacted texts are put back; in what it says to the host the placeholders stay. */
class PluginTeacher : public Teacher {
 public:
  PluginTeacher(EngineSeat seat, SessionPurse& purse, std::function<bool()> cancelled,
                Privacy& privacy = no_privacy())
      : seat_(std::move(seat)),
        purse_(purse),
        cancelled_(std::move(cancelled)),
        privacy_(privacy) {}

  Result<sdk::GenerateResult> generate(Purpose purpose, sdk::GenerateRequest request) override;
  std::string model() const override { return seat_.model(); }
  std::int64_t window_tokens() const override { return seat_.window_tokens(); }

 private:
  EngineSeat seat_;
  SessionPurse& purse_;
  std::function<bool()> cancelled_;
  Privacy& privacy_;
};

}  // namespace jarvis
