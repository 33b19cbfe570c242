#include <doctest/doctest.h>

#include <jarvis/testing/applier_fixture.hpp>

namespace json = boost::json;
using jarvis::testing::Answer;
using jarvis::testing::ApplierFixture;

namespace {

struct Fixture : ApplierFixture {
  Fixture() : ApplierFixture(PLUGIN_DIR "/lora-finetune.so", "lora_finetune") {}
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/** Refused for good, with what it would need, and nothing written. */
void check_declined(Fixture& home, const json::object& payload) {
  const Answer answer = home.edit(payload);
  CHECK(answer.status == JARVIS_REFUSED);
  CHECK(answer.message == "lora_finetune is not supported in this version");
  CHECK(contains(answer.hint, "prompt/answer pairs"));
}

}  // namespace

TEST_CASE("lora_finetune: is refused whatever the payload, and says what it would need") {
  const json::object payloads[] = {{},
                                   {{"model", "qwen3:8b"}},
                                   {{"model", nullptr}},
                                   {{"model", "../../etc"}},
                                   {{"epochs", -1}},
                                   {{"data", json::array{1, "x"}}},
                                   {{"", ""}},
                                   {{"deep", json::object{{"er", 1}}}},
                                   {{"model", "\x1B[2J"}},
                                   {{"rank", 1e308}},
                                   {{"force", true}},
                                   {{"agent", "simple"}},
                                   {{"model", std::string(1 << 20, 'x')}}};
  for (const json::object& payload : payloads) {
    Fixture home;
    home.write("config.toml", "[agent]\n");
    check_declined(home, payload);
    CHECK(home.read("config.toml") == "[agent]\n");
  }
}

TEST_CASE("lora_finetune: is refused on an empty home and on a broken one") {
  Fixture home;
  check_declined(home, {{"model", "m"}});
  home.write("config.toml", "[agent\n");
  check_declined(home, {{"model", "m"}});
}

TEST_CASE("lora_finetune: names the edits that may take its place") {
  Fixture home;
  CHECK(contains(home.edit({}).hint, "propose a prompt, routing or parameter edit instead"));
}
