#include <doctest/doctest.h>

#include <algorithm>

#include "tests/e2e/world.hpp"
#include "tests/support/made_up_home.hpp"

using namespace jarvis::testing;
namespace json = boost::json;

namespace {

const json::object& finding(const json::object& document, std::string_view subject) {
  for (const json::value& check : document.at("checks").as_array())
    if (check.at("subject").as_string() == subject) return check.as_object();
  FAIL("no finding about " << subject);
  return document;
}

}  // namespace

TEST_CASE("doctor: names what is missing, with the way to mend it, and ends with 1") {
  World world;
  world.environment.erase("FERRENMARK_KEY");
  set_config(world.home, {"learning", "distillation", "student", "base_url"},
             json::value(unreachable_url()));
  const auto finished = world.run({"doctor"});
  CHECK(finished.status == 1);
  const auto document = finished.json();
  CHECK_FALSE(document.at("healthy").as_bool());
  const auto& teacher = finding(document, "teacher");
  CHECK(teacher.at("state") == "bad");
  CHECK(text_at(teacher, "/message").find("FERRENMARK_KEY is not set") != std::string::npos);
  CHECK(text_at(teacher, "/hint").find("export FERRENMARK_KEY") == 0);
  const auto& student = finding(document, "student");
  CHECK(student.at("state") == "bad");
  CHECK(text_at(student, "/message").find("cannot be reached") != std::string::npos);
}

TEST_CASE("doctor: a broken config.toml is one finding, and no reason to stop with an error") {
  const World world;
  world.write("config.toml", "[learning.distillation]\nmin_traces = \"many\"\n");
  const auto document = world.run({"doctor"}).json();
  CHECK(finding(document, "config.toml").at("state") == "bad");
  CHECK(text_at(finding(document, "config.toml"), "/message").find("min_traces") !=
        std::string::npos);
}

TEST_CASE("doctor: a home that can run a session is healthy, and nobody who charges is asked") {
  const World world;
  const auto document = world.run({"doctor"}).json();
  CAPTURE(json::serialize(document));
  CHECK(document.at("healthy").as_bool());
  CHECK(finding(document, "student").at("state") == "ok");
  CHECK(finding(document, "home").at("state") == "warning");
  CHECK(world.models.paid_calls() == 0);
  CHECK(world.run({"learning", "init"}).status == 0);
  const auto after = world.run({"doctor"}).json();
  CHECK(finding(after, "home").at("state") == "ok");
}

TEST_CASE("doctor: an unknown price is named with the keys that would set it") {
  const World world;
  set_config(world.home, {"learning", "distillation", "teacher_model"},
             json::value("claude-unheard-of"));
  const auto document = world.run({"doctor"}).json();
  const auto& teacher = finding(document, "teacher");
  CHECK(text_at(teacher, "/hint").find("input_price_per_mtok") != std::string::npos);
}

TEST_CASE("doctor: a home with OpenJarvis' tables and no dialect gets the two lines to add") {
  const World world;
  const auto has_dialect = [&] {
    const auto document = world.run({"doctor"}).json();
    const auto& checks = document.at("checks").as_array();
    return std::any_of(checks.begin(), checks.end(),
                       [](const auto& check) { return check.at("subject") == "dialect"; });
  };
  CHECK_FALSE(has_dialect());
  const std::string config = world.config();
  const std::string own = "[learning.distillation.student]\n";
  const std::size_t begin = config.find(own), end = config.find("[learning.distillation.judge]");
  world.write("config.toml",
              config.substr(0, begin) + config.substr(end) + "\n[security]\nmode = \"redact\"\n");
  const auto document = world.run({"doctor"}).json();
  const auto& found = finding(document, "dialect");
  CHECK(text_at(found, "/message").find("its config.toml has [security]") != std::string::npos);
  CHECK(text_at(found, "/hint") ==
        "add these two lines to the end of config.toml: '[learning.distillation.student]' and "
        "'dialect = \"openjarvis\"'");
  world.write("config.toml", world.config() + own + "dialect = \"openjarvis\"\n");
  CHECK(finding(world.run({"doctor"}).json(), "dialect").at("state") == "ok");
}
