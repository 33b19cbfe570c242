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

}  // namespace

TEST_CASE("lora_finetune: is refused whatever the payload, and says what it would need") {
  Fixture home;
  home.write("config.toml", "[agent]\n");
  for (const json::object& payload :
       {json::object{}, json::object{{"model", "qwen3:8b"}}, json::object{{"model", nullptr}},
        json::object{{"model", "../../etc"}}, json::object{{"epochs", -1}},
        json::object{{"data", json::array{1, "x"}}}, json::object{{"", ""}},
        json::object{{"deep", json::object{{"er", 1}}}}, json::object{{"model", "\x1B[2J"}},
        json::object{{"rank", 1e308}}, json::object{{"force", true}},
        json::object{{"agent", "simple"}}}) {
    const Answer answer = home.edit(payload);
    CHECK(answer.status == JARVIS_REFUSED);
    CHECK(contains(answer.message, "not supported in this version"));
    CHECK(contains(answer.hint, "prompt/answer pairs"));
  }
}
