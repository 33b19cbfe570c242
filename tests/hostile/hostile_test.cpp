#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "config/embedded.hpp"
#include "tests/hostile/attempt.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

/** A refusal tells which field, or what in the home, is the reason. */
bool tells_why(const std::string& refusal) {
  constexpr std::array<std::string_view, 8> kReasons{
      "'", "payload", "hunk", "diff", "prompt", "exemplars", "no change", "not supported"};
  return std::any_of(kReasons.begin(), kReasons.end(), [&](std::string_view reason) {
    return refusal.find(reason) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("hostile: no payload changes anything but what its op may, or leaves a broken file") {
  PluginPolicy policy;
  policy.built_in = BUILT_IN_PLUGINS;
  PluginHost host(policy);
  auto registry = Registry::make(host, embedded_file("ops.toml"), {});
  REQUIRE(registry.ok());
  const auto payloads = read_payloads(PAYLOADS);
  CHECK(payloads.size() >= 200);
  for (const std::string& style : HostileHome::styles()) {
    HostileHome home(style);
    for (const HostilePayload& payload : payloads) {
      CAPTURE(style);
      CAPTURE(payload.op);
      CAPTURE(payload.note);
      const Attempt made = attempt(*registry, payload, home);
      CHECK(made.damage == "");
      CHECK_MESSAGE((made.applied || tells_why(made.refusal)), made.refusal);
      CHECK(made.refusal.size() < 1000);
      if (style == "bare") continue;
      // A home that holds nothing refuses some for other reasons, and some good ones too.
      CHECK_MESSAGE(made.applied == payload.says.empty(), made.refusal);
      if (!made.applied && !payload.says.empty())
        CHECK_MESSAGE(made.refusal.find(payload.says) != std::string::npos, made.refusal);
    }
  }
}
