#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "core/base/atomic_file.hpp"
#include "core/base/digest.hpp"
#include "tests/e2e/world.hpp"
#include "tests/support/fake_teacher.hpp"
#include "tests/support/made_up_home.hpp"

using namespace jarvis::testing;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr const char* kKey = "acme-key-of-the-user";

std::string string_in(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

/** A conversation in Acme's shape, as the made-up teacher reads it. */
TeacherTalk acme_talk(const json::object& body) {
  TeacherTalk talk;
  talk.offers_tools = body.contains("actions");
  talk.text = string_in(body, "instructions");
  std::map<std::string, std::size_t> places;
  for (const json::value& item : body.at("turns").as_array()) {
    const json::object& turn = item.as_object();
    talk.text += "\n" + string_in(turn, "says");
    if (string_in(turn, "from") == "user") talk.last_words = string_in(turn, "says");
    if (const json::value* wants = turn.if_contains("wants"))
      for (const json::value& want : wants->as_array()) {
        places[string_in(want.as_object(), "ref")] = talk.uses.size();
        talk.uses.push_back(
            {string_in(want.as_object(), "action"), want.at("input").as_object(), {}});
      }
    if (const json::value* results = turn.if_contains("results"))
      for (const json::value& result : results->as_array())
        talk.uses.at(places.at(string_in(result.as_object(), "ref"))).result =
            json::parse(string_in(result.as_object(), "output")).as_object();
  }
  return talk;
}

TeacherTurn acme_turn(const TeacherTalk& talk, const FakeBehaviour& behaviour) {
  if (talk.offers_tools) return diagnose_next(talk, behaviour);
  if (talk.text.find("You plan edits") != std::string::npos) return {planned(behaviour), {}};
  return {"The ledger says:\nFINAL " + right_answer(number_of(talk.last_words)), {}};
}

/** The provider that the example is made for. */
ScriptedReply acme_reply(const RecordedRequest& request, const FakeBehaviour& behaviour) {
  const auto key = request.headers.find("x-acme-key");
  if (key == request.headers.end() || key->second != kKey)
    return json_reply({{"fault", {{"kind", "key"}, {"text", "no such key"}}}}, 401);
  if (request.method != "POST" || request.target != "/converse")
    return json_reply({{"fault", {{"kind", "model"}, {"text", "no such path"}}}}, 404);
  const TeacherTurn said = acme_turn(acme_talk(request.json()), behaviour);
  json::object turn{{"says", said.text}};
  json::array wants;
  for (const auto& use : said.uses)
    wants.push_back(json::object{
        {"ref", std::to_string(request.body.size()) + "." + std::to_string(wants.size())},
        {"action", use.name},
        {"input", use.input}});
  if (!wants.empty()) turn["wants"] = wants;
  return json_reply({{"turn", turn},
                     {"ended", wants.empty() ? "done" : "wants_actions"},
                     {"model", "acme-large-2"},
                     {"tokens", {{"in", 1000}, {"out", 100}}}});
}

FakeBehaviour better_edit() {
  FakeBehaviour behaviour;
  behaviour.edits = {edit("better", "set_model_for_query_class",
                          {{"query_class", "math"}, {"model", "student-large"}})};
  return behaviour;
}

std::string bytes_of(const fs::path& file) {
  const auto bytes = jarvis::read_file(file);
  REQUIRE(bytes);
  return *bytes;
}

/** A home whose teacher is Acme; its student and its judge are those of all made-up homes. */
struct AcmeWorld {
  FakeBehaviour behaviour = better_edit();
  LoopbackServer acme{
      [this](const RecordedRequest& request) { return acme_reply(request, behaviour); }};
  World world;
  fs::path library = world.directory.path() / "plugins/acme_teacher/acme_teacher.so";

  explicit AcmeWorld(bool has_prices = true) {
    fs::create_directories(library.parent_path());
    fs::copy(ACME_PLUGIN, library.parent_path());
    for (const auto& path : {library.parent_path(), library.parent_path().parent_path()})
      fs::permissions(path, fs::perms::group_write | fs::perms::others_write,
                      fs::perm_options::remove);
    set({"teacher_model"}, "acme-large");
    set({"teacher", "engine"}, "acme");
    set({"teacher", "base_url"}, json::value(acme.url()));
    set({"teacher", "api_key_env"}, "ACME_API_KEY");
    if (has_prices) {
      set({"teacher", "input_price_per_mtok"}, 3.0);
      set({"teacher", "output_price_per_mtok"}, 15.0);
    }
    set({"plugins", "directories"},
        json::array{json::value(library.parent_path().parent_path().string())});
    set({"plugins", "allow"}, json::array{"acme_teacher"});
    world.environment["ACME_API_KEY"] = kKey;
  }

  void set(std::vector<std::string> key, const json::value& value) const {
    key.insert(key.begin(), {"learning", "distillation"});
    set_config(world.home, key, value);
  }
  void pin() const {
    set({"plugins", "pinned", "acme_teacher"}, json::value(jarvis::sha256(bytes_of(library))));
  }
};

}  // namespace

TEST_CASE("acme_teacher: a pinned file that differs in one byte is refused before it is used") {
  const AcmeWorld acme;
  acme.pin();
  std::string bytes = bytes_of(acme.library);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  std::ofstream(acme.library, std::ios::binary) << bytes;
  const Finished finished = acme.world.run({"learning", "run"});
  CHECK(finished.status == 1);
  CHECK_MESSAGE(text_at(finished.json(), "/error/message").find("sha256") != std::string::npos,
                finished.out);
  CHECK(acme.acme.requests().empty());
}

TEST_CASE("acme_teacher: without its key, its prices or leave to be loaded nothing is sent") {
  bool has_prices = true;
  std::string missing;
  SUBCASE("key") {
    missing = "ACME_API_KEY";
  }
  SUBCASE("prices") {
    has_prices = false;
    missing = "acme-large";
  }
  SUBCASE("leave") {
    missing = "allow-list";
  }
  AcmeWorld acme(has_prices);
  if (missing == "ACME_API_KEY") acme.world.environment.erase(missing);
  if (missing == "allow-list") acme.set({"plugins", "allow"}, json::array{});
  const Finished finished = acme.world.run({"learning", "run"});
  CHECK(finished.status == 1);
  const std::string message = text_at(finished.json(), "/error/message");
  CHECK_MESSAGE(message.find(missing) != std::string::npos, message);
  CHECK(acme.acme.requests().empty());
}

TEST_CASE("acme_teacher: teaches a session, in a process of its own and pinned") {
  const AcmeWorld acme;
  SUBCASE("pinned") {
    acme.pin();
  }
  SUBCASE("not pinned") {}
  const Finished finished = acme.world.run({"learning", "run"});
  INFO(finished.out << finished.err);
  REQUIRE(finished.status == 0);
  const json::object document = finished.json();
  CHECK(statuses(document) == std::vector<std::string>{"applied"});
  CHECK(document.at("session").at("teacher_cost_usd").to_number<double>() > 0);
  CHECK(acme.world.config().find("math = \"student-large\"") != std::string::npos);
  CHECK_FALSE(acme.acme.requests().empty());
  for (const FakeCall::Part part :
       {FakeCall::Part::diagnosis, FakeCall::Part::plan, FakeCall::Part::answer})
    CHECK(acme.world.models.count(part) == 0);
}
