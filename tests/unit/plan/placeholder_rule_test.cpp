#include "core/session/plan/placeholder_rule.hpp"

#include <doctest/doctest.h>

#include "tests/support/fakes/home.hpp"
#include "tests/support/fakes/privacy.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

const std::vector<std::string> kPrompt{"agents/{agent}/system_prompt.md"};

struct Fixture {
  MemoryHome home;
  FakePrivacy privacy;

  Result<void> restore(json::object& payload, const std::vector<std::string>& touches = kPrompt) {
    return restore_placeholders(payload, touches, home, privacy);
  }
};

}  // namespace

TEST_CASE("placeholders in an edit: a text from a trace never comes into a file") {
  Fixture fixture;
  fixture.home.files["agents/simple/system_prompt.md"] = "Be brief.";
  fixture.home.files["agents/other/system_prompt.md"] = "Call Zwieback-7.";
  json::object payload{{"agent", "simple"}, {"new_content", "Be brief. Call [SECRET_1]."}};
  const json::object before = payload;
  const auto restored = fixture.restore(payload);
  REQUIRE_FALSE(restored.ok());
  CHECK(restored.error().kind == ErrorKind::refused);
  CHECK(restored.error().message.find("it holds the placeholder '[SECRET_1]' for redacted text") ==
        0);
  CHECK(payload == before);
}

TEST_CASE("placeholders in an edit: none is let through in a key, in a new file or in no file") {
  Fixture fixture;
  fixture.home.files["config.toml"] = "# Zwieback-7";
  json::object in_key{{"agent", "simple"}, {"[SECRET_1]", 1}};
  CHECK_FALSE(fixture.restore(in_key, {"config.toml:agent.{agent}"}).ok());
  json::object new_file{{"agent", "simple"}, {"new_content", "[SECRET_1]"}};
  CHECK_FALSE(fixture.restore(new_file).ok());
  CHECK_FALSE(fixture.restore(new_file, {}).ok());
}

TEST_CASE("placeholders in an edit: a text that stands in the changed file comes back") {
  Fixture fixture;
  fixture.home.files["agents/simple/system_prompt.md"] = "Call Zwieback-7.";
  json::object payload{{"agent", "simple"},
                       {"diff", "@@ -1 +1 @@\n-Call [SECRET_1].\n+Ring [SECRET_1].\n"}};
  REQUIRE(fixture.restore(payload).ok());
  CHECK(payload.at("diff") == "@@ -1 +1 @@\n-Call Zwieback-7.\n+Ring Zwieback-7.\n");
  fixture.home.files["config.toml"] = "# Zwieback-7";
  json::object list{{"agent", "simple"}, {"values", {"[SECRET_1]", 7}}};
  REQUIRE(fixture.restore(list, {"config.toml:agent.{agent}.*"}).ok());
  CHECK(list.at("values") == json::array{"Zwieback-7", 7});
}

TEST_CASE("placeholders in an edit: what has not their form is plain text") {
  Fixture fixture;
  json::object payload{{"agent", "simple"}, {"new_content", "[STEP_1] Read. [STEP_2] Write."}};
  const json::object before = payload;
  CHECK(fixture.restore(payload).ok());
  CHECK(payload == before);
}
