#include "core/host/engine_seat.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "tests/unit/host/plugin_folder.hpp"

using namespace jarvis;
using jarvis::testing::put_plugin;
using jarvis::testing::TemporaryDirectory;

namespace {

std::string engine(const std::string& id, const std::string& keys) {
  return "[[provides]]\ninterface = \"teacher-engine/1\"\nid = \"" + id + "\"\n" + keys;
}

/** The engines that come with the program, as their manifests have them, with keys of their own. */
struct Fixture {
  TemporaryDirectory folder;
  std::optional<PluginHost> host;
  HttpService http;

  Fixture() {
    put_plugin(
        folder, "anthropic",
        engine("anthropic",
               "base_url = \"https://api.anthropic.com\"\nkey_env = [\"JARVIS_TEST_KEY_A\"]\n"
               "free_on_private_address = false\nserves = [\"*claude*\"]\n"));
    put_plugin(folder, "openai",
               engine("openai",
                      "base_url = \"https://api.openai.com/v1\"\nkey_env = [\"JARVIS_TEST_KEY_O\", "
                      "\"JARVIS_TEST_KEY_P\"]\n"
                      "free_on_private_address = true\nserves = [\"\"]\n"));
    put_plugin(folder, "gemini",
               engine("gemini", "base_url = \"https://g.example\"\nserves = [\"*gemini*\"]\n"));
    put_plugin(
        folder, "openrouter",
        engine("openrouter", "base_url = \"https://r.example\"\nserves = [\"openrouter/\"]\n"));
    put_plugin(folder, "minimax",
               engine("minimax", "base_url = \"https://m.example\"\nserves = [\"minimax\"]\n"));
    put_plugin(folder, "rehearsal",
               engine("rehearsal", "offline = true\nserves = [\"rehearsal\"]\n"));
    for (const char* name :
         {"JARVIS_TEST_KEY_A", "JARVIS_TEST_KEY_O", "JARVIS_TEST_KEY_P", "JARVIS_TEST_KEY_MINE"})
      ::unsetenv(name);
    PluginPolicy policy;
    policy.built_in = folder.path();
    host.emplace(policy);
  }

  Result<EngineSeat> seat(const std::string& model, const std::string& base_url = "",
                          const std::string& api_key_env = "", const PriceSettings& prices = {}) {
    EngineSettings settings;
    settings.section = "learning.distillation.teacher";
    settings.model = model;
    settings.base_url = base_url;
    settings.api_key_env = api_key_env;
    settings.prices = prices;
    return EngineSeat::make(*host, http, settings);
  }

  std::string engine_of(const std::string& model) {
    const auto found = engine_for_model(*host, model);
    return found ? found->provided->id : found.error().message;
  }
};

constexpr const char* kPrivate[] = {"http://127.0.0.1:8000", "http://localhost:1/v1",
                                    "http://10.0.0.3/v1", "http://192.168.1.9:11434",
                                    "http://[::1]:8000/v1"};

}  // namespace

TEST_CASE("engine seat: the model's name picks the engine") {
  Fixture fixture;
  CHECK(fixture.engine_of("claude-opus-4-6") == "anthropic");
  CHECK(fixture.engine_of("Claude-Sonnet-4-6") == "anthropic");
  CHECK(fixture.engine_of("gpt-5") == "openai");
  CHECK(fixture.engine_of("qwen3:8b") == "openai");
  CHECK(fixture.engine_of("my-claude") == "anthropic");
  CHECK(fixture.engine_of("claud") == "openai");
  CHECK(fixture.engine_of("rehearsal") == "rehearsal");
  CHECK(fixture.engine_of("") == "openai");
}

TEST_CASE("engine seat: a name's beginning counts for more than a part of it") {
  Fixture fixture;
  CHECK(fixture.engine_of("openrouter/anthropic/claude-opus-4.6") == "openrouter");
  CHECK(fixture.engine_of("openrouter/google/gemini-3-pro") == "openrouter");
  CHECK(fixture.engine_of("MiniMax-M3-claude-like") == "minimax");
  CHECK(fixture.engine_of("my-minimax") == "openai");
  CHECK(fixture.engine_of("models/Gemini-2.5-pro") == "gemini");
  CHECK(fixture.engine_of("claude-and-gemini") == "anthropic");
}

TEST_CASE("engine seat: a model that no engine serves is named, with the key that chooses one") {
  TemporaryDirectory folder;
  PluginPolicy policy;
  policy.built_in = folder.path();
  const PluginHost host(policy);
  const auto found = engine_for_model(host, "gpt-5");
  REQUIRE(!found.ok());
  CHECK(found.error().message == "no teacher engine serves the model 'gpt-5'");
  CHECK(found.error().hint == "set learning.distillation.teacher.engine");
}

TEST_CASE("engine seat: an engine that is not there is named, with those that are") {
  Fixture fixture;
  EngineSettings settings;
  settings.engine = "antropic";
  settings.model = "claude-opus-4-6";
  const auto seat = EngineSeat::make(*fixture.host, fixture.http, settings);
  REQUIRE(!seat.ok());
  CHECK(seat.error().kind == ErrorKind::not_found);
  CHECK(seat.error().hint ==
        "there are: anthropic, gemini, minimax, openai, openrouter, rehearsal");
}

TEST_CASE("engine seat: without a key the message names the variable and the config key") {
  Fixture fixture;
  const auto anthropic = fixture.seat("claude-opus-4-6");
  REQUIRE(!anthropic.ok());
  CHECK(anthropic.error().kind == ErrorKind::unavailable);
  CHECK(anthropic.error().message ==
        "no API key for claude-opus-4-6: the environment variable JARVIS_TEST_KEY_A is not set");
  CHECK(anthropic.error().hint ==
        "export JARVIS_TEST_KEY_A=…, or name another variable in [learning.distillation.teacher] "
        "api_key_env");
  CHECK(fixture.seat("gpt-5").error().message ==
        "no API key for gpt-5: the environment variable JARVIS_TEST_KEY_O or JARVIS_TEST_KEY_P is "
        "not set");
  CHECK(fixture.seat("gpt-5", "", "JARVIS_TEST_KEY_MINE").error().message ==
        "no API key for gpt-5: the environment variable JARVIS_TEST_KEY_MINE is not set");
}

TEST_CASE("engine seat: any of the engine's variables will do, unless the user names one") {
  Fixture fixture;
  ::setenv("JARVIS_TEST_KEY_P", "key", 1);
  CHECK(fixture.seat("gpt-5").ok());
  CHECK(!fixture.seat("gpt-5", "", "JARVIS_TEST_KEY_MINE").ok());
  ::setenv("JARVIS_TEST_KEY_MINE", "key", 1);
  CHECK(fixture.seat("gpt-5", "", "JARVIS_TEST_KEY_MINE").ok());
}

TEST_CASE(
    "engine seat: a key with control characters is a configuration error that does not show it") {
  Fixture fixture;
  ::setenv("JARVIS_TEST_KEY_A", "abc\ndef", 1);
  const auto seat = fixture.seat("claude-opus-4-6");
  REQUIRE(!seat.ok());
  CHECK(seat.error().kind == ErrorKind::configuration);
  CHECK(seat.error().message.find("JARVIS_TEST_KEY_A") != std::string::npos);
  CHECK(seat.error().message.find("abc") == std::string::npos);
}

TEST_CASE("engine seat: an unknown price names both config keys") {
  Fixture fixture;
  ::setenv("JARVIS_TEST_KEY_O", "key", 1);
  const auto seat = fixture.seat("made-up-model");
  REQUIRE(!seat.ok());
  CHECK(seat.error().kind == ErrorKind::configuration);
  CHECK(seat.error().message.find("'made-up-model'") != std::string::npos);
  CHECK(seat.error().hint.find(
            "[learning.distillation.teacher] input_price_per_mtok, output_price_per_mtok") !=
        std::string::npos);
  CHECK(!fixture.seat("made-up-model", "", "", {1.0, std::nullopt}).ok());
  const auto priced = fixture.seat("made-up-model", "", "", {1.0, 2.0});
  REQUIRE(priced.ok());
  CHECK(!priced->is_free());
  CHECK(!priced->is_local());
}

TEST_CASE("engine seat: on a private address the OpenAI protocol is free and needs no key") {
  Fixture fixture;
  for (const char* url : kPrivate) {
    CAPTURE(std::string(url));
    const auto seat = fixture.seat("made-up-model", url);
    REQUIRE_MESSAGE(seat.ok(), (seat.ok() ? "" : seat.error().message));
    CHECK(seat->is_free());
    CHECK(seat->is_local());
    CHECK(seat->base_url() == url);
  }
  CHECK(!fixture.seat("made-up-model", "http://example.org/v1").ok());
  CHECK(!fixture.seat("made-up-model", "http://8.8.8.8/v1").ok());
}

TEST_CASE("engine seat: prices make a private address paid") {
  Fixture fixture;
  const auto seat = fixture.seat("made-up-model", kPrivate[0], "", {1.0, 2.0});
  REQUIRE(seat.ok());
  CHECK(!seat->is_free());
  CHECK(seat->is_local());
}

TEST_CASE(
    "engine seat: on a private address the Anthropic protocol needs its key and a known price") {
  Fixture fixture;
  for (const char* url : kPrivate) {
    CAPTURE(std::string(url));
    CHECK(fixture.seat("claude-opus-4-6", url).error().kind == ErrorKind::unavailable);
  }
  ::setenv("JARVIS_TEST_KEY_A", "key", 1);
  const auto seat = fixture.seat("claude-opus-4-6", kPrivate[0]);
  REQUIRE(seat.ok());
  CHECK(!seat->is_free());
  CHECK(seat->is_local());
  CHECK(fixture.seat("claude-made-up", kPrivate[0]).error().kind == ErrorKind::configuration);
}

TEST_CASE("engine seat: a key that the user names must be there, on a private address too") {
  Fixture fixture;
  CHECK(fixture.seat("m", kPrivate[0], "JARVIS_TEST_KEY_MINE").error().kind ==
        ErrorKind::unavailable);
}

TEST_CASE("engine seat: an offline engine is free, local and needs nothing") {
  Fixture fixture;
  const auto seat = fixture.seat("rehearsal");
  REQUIRE(seat.ok());
  CHECK(seat->is_free());
  CHECK(seat->is_local());
  CHECK(seat->engine() == "rehearsal");
}

namespace {

/** A third-party engine that would like to serve Claude's models and see their key. */
struct StrangersEngine {
  TemporaryDirectory folder;
  std::optional<PluginHost> host;
  HttpService http;

  StrangersEngine() {
    put_plugin(folder, "stranger",
               engine("stranger",
                      "base_url = \"https://stranger.example\"\nkey_env = "
                      "[\"JARVIS_TEST_KEY_S\"]\nserves = [\"claude\"]\n"));
    ::setenv("JARVIS_TEST_KEY_S", "secret", 1);
    PluginPolicy policy;
    policy.directories = {folder.path()};
    policy.allow = {"stranger"};
    host.emplace(policy);
  }

  Result<EngineSeat> seat(const std::string& api_key_env) {
    EngineSettings settings;
    settings.section = "learning.distillation.teacher";
    settings.engine = "stranger";
    settings.model = "claude-opus-4-6";
    settings.api_key_env = api_key_env;
    return EngineSeat::make(*host, http, settings);
  }
};

}  // namespace

TEST_CASE("engine seat: somebody else's engine gets no key that the user did not name") {
  StrangersEngine stranger;
  const auto refused = stranger.seat("");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message ==
        "engine 'stranger' of plugin 'stranger' asks for the key in JARVIS_TEST_KEY_S, and you "
        "have not named it");
  CHECK(refused.error().hint ==
        "set api_key_env = \"JARVIS_TEST_KEY_S\" in [learning.distillation.teacher]");
  CHECK(stranger.seat("JARVIS_TEST_KEY_S"));
}

TEST_CASE("engine seat: somebody else's engine is never found by a model's name") {
  StrangersEngine stranger;
  CHECK_FALSE(engine_for_model(*stranger.host, "claude-opus-4-6"));
}
