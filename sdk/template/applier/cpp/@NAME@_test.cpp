// ApplierFixture holds each edit to the contract that the host enforces: validate writes nothing
// and judges as apply does, and exactly the reported files change.
#include <jarvis/testing/applier_fixture.hpp>
#include <jarvis/testing/check.hpp>

namespace {

constexpr const char* kPrompt = "agents/simple/system_prompt.md";

struct Home : jarvis::testing::ApplierFixture {
  Home() : ApplierFixture(PLUGIN_FILE, "@NAME@") {}
};

boost::json::object greeting(const char* text) {
  return {{"agent", "simple"}, {"greeting", text}};
}

void refuses_what_is_no_greeting() {
  Home home;
  home.write(kPrompt, "Be brief.\n");
  JARVIS_CHECK(home.edit({}).status == JARVIS_INVALID);
  JARVIS_CHECK(home.edit({{"agent", "../x"}, {"greeting", "Hi"}}).status == JARVIS_INVALID);
  JARVIS_CHECK(home.edit(greeting("")).status == JARVIS_INVALID);
  JARVIS_CHECK(home.edit(greeting("two\nlines")).status == JARVIS_INVALID);
  JARVIS_CHECK(home.read(kPrompt) == "Be brief.\n");
}

void refuses_an_agent_without_a_prompt() {
  Home home;
  JARVIS_CHECK(home.edit(greeting("Hi")).status == JARVIS_REFUSED);
}

void adds_a_line_and_later_replaces_it() {
  Home home;
  home.write(kPrompt, "Be brief.\n");
  JARVIS_CHECK(home.edit(greeting("Good day!")).ok());
  JARVIS_CHECK(home.read(kPrompt) == "Be brief.\nGreet the user with: Good day!\n");
  JARVIS_CHECK(home.edit(greeting("Hello!")).ok());
  JARVIS_CHECK(home.read(kPrompt) == "Be brief.\nGreet the user with: Hello!\n");
  JARVIS_CHECK(home.edit(greeting("Hello!")).status == JARVIS_REFUSED);
}

}  // namespace

int main() {
  refuses_what_is_no_greeting();
  refuses_an_agent_without_a_prompt();
  adds_a_line_and_later_replaces_it();
  return jarvis::testing::test_result();
}
