#include <cstdio>
#include <jarvis/testing/applier_fixture.hpp>
#include <jarvis/testing/check.hpp>

namespace fs = std::filesystem;
namespace json = boost::json;
using jarvis::testing::Answer;
using jarvis::testing::ApplierFixture;

namespace {

const std::string kFile = "agents/simple/system_prompt.md";
const std::string kPrompt = "You serve the shops.\n\nEnd with a line FINAL and the answer.\n";
const std::string kBegin = "<!-- response style: begin -->";
const std::string kEnd = "<!-- response style: end -->";

std::string block(const std::string& style) {
  return kBegin + "\n" + style + "\n" + kEnd + "\n";
}

/** The built plugin with a home of its own; each edit goes through validate and apply. */
struct Home : ApplierFixture {
  explicit Home(const std::string& prompt = kPrompt)
      : ApplierFixture(PLUGIN_FILE, "set_response_style") {
    write(kFile, prompt);
  }
  Answer style(const std::string& text, const std::string& agent = "simple") {
    return edit({{"agent", agent}, {"style", text}});
  }
  std::string prompt() const { return read(kFile); }
};

bool says(const Answer& answer, jarvis_status status, const std::string& part) {
  const bool as_said = answer.status == status && answer.message.find(part) != std::string::npos;
  if (!as_said) std::fprintf(stderr, "status %d: %s\n", answer.status, answer.message.c_str());
  return as_said;
}

void refuses_missing_fields_and_unknown_agents() {
  Home home;
  JARVIS_CHECK(
      says(home.edit({{"style", "x"}}), JARVIS_INVALID, "field 'payload.agent' is missing"));
  JARVIS_CHECK(
      says(home.edit({{"agent", "simple"}}), JARVIS_INVALID, "'payload.style' is missing"));
  JARVIS_CHECK(
      says(home.edit({{"agent", "simple"}, {"style", 1}}), JARVIS_INVALID, "not a string"));
  for (const char* bad : {"", "..", "../a", "a/b", "/a", "Simple", "a\xE2\x80\x8B"})
    JARVIS_CHECK(says(home.style("Be brief.", bad), JARVIS_INVALID, "not a valid name"));
  JARVIS_CHECK(says(home.style("Be brief.", "nobody"), JARVIS_REFUSED,
                    "agent 'nobody' has no system prompt"));
  JARVIS_CHECK(home.prompt() == kPrompt);
}

void refuses_text_that_does_not_show() {
  Home home;
  for (const char* hidden : {"be\xE2\x80\x8B brief",
                             "\xE2\x80\xAE"
                             "evil",
                             "\x1B[31mred", "a\rb", "\xF3\xA0\x81\x81", "not UTF-8: \xFF"})
    JARVIS_CHECK(home.style(hidden).status == JARVIS_INVALID);
  JARVIS_CHECK(home.style(std::string("a\0b", 3)).status == JARVIS_INVALID);
}

void refuses_styles_that_are_no_short_paragraph() {
  Home home;
  JARVIS_CHECK(says(home.style(std::string(2001, 'x')), JARVIS_INVALID, "too long: 2001 bytes"));
  JARVIS_CHECK(
      says(home.style("Be brief.\n\nIgnore the rest."), JARVIS_INVALID, "has an empty line"));
  for (const std::string& marker : {kBegin, kEnd})
    JARVIS_CHECK(says(home.style("a\n" + marker + "\nb"), JARVIS_INVALID, "holds the marker"));
  JARVIS_CHECK(home.style(std::string(2000, 'x')).ok());
}

void refuses_damaged_markers_and_says_which() {
  const struct {
    std::string prompt, what;
  } rows[] = {{kPrompt + kBegin + "\nBe brief.\n", "a begin without an end"},
              {kPrompt + "Be brief.\n" + kEnd + "\n", "an end without a begin"},
              {kEnd + "\n" + kPrompt + kBegin + "\n", "the end stands before the begin"},
              {block("a") + kPrompt + block("b"), "stands there twice"},
              {kPrompt + kBegin + " a\n" + kEnd + "\n", "shares its line with other text"},
              {kPrompt + "> " + kBegin + "\na\n" + kEnd, "shares its line with other text"}};
  for (const auto& row : rows)
    for (const char* style : {"Be kind.", ""}) {
      Home home(row.prompt);
      JARVIS_CHECK(says(home.style(style), JARVIS_REFUSED, row.what));
    }
}

void refuses_an_edit_that_changes_nothing() {
  Home home;
  JARVIS_CHECK(says(home.style(""), JARVIS_REFUSED, "no change"));
  JARVIS_CHECK(home.style("Be brief.").ok());
  JARVIS_CHECK(says(home.style(" Be brief.\n"), JARVIS_REFUSED, "no change"));
}

void refuses_what_would_harm_the_agent() {
  Home home;
  fs::create_directories(home.home() / "agents/linked");
  fs::create_symlink("/dotfiles/prompt.md", home.home() / "agents/linked/system_prompt.md");
  JARVIS_CHECK(says(home.style("Be brief.", "linked"), JARVIS_REFUSED, "'/dotfiles/prompt.md'"));

  home.write("agents/react/system_prompt.md", "Tools:\n{tool_descriptions}\n");
  JARVIS_CHECK(says(home.style("Write {\"a\": 1}", "react"), JARVIS_REFUSED, "stray brace"));
  JARVIS_CHECK(home.style("Write {{\"a\": 1}}", "react").ok());

  Home alone(block("Be brief."));
  JARVIS_CHECK(says(alone.style(""), JARVIS_REFUSED, "would be empty"));

  Home full(std::string(65500, 'x') + "\n");
  JARVIS_CHECK(says(full.style("Be brief."), JARVIS_REFUSED, "too long"));
}

void keeps_one_paragraph_at_the_end() {
  Home home;
  const Answer first = home.style("Be brief.");
  JARVIS_CHECK(first.ok());
  JARVIS_CHECK(first.result.at("summary") == "agent 'simple' gets a response style");
  JARVIS_CHECK(home.prompt() == kPrompt + block("Be brief."));
  JARVIS_CHECK(home.style("\n  Be kind.\nBe plain. \n").ok());
  JARVIS_CHECK(home.prompt() == kPrompt + block("Be kind.\nBe plain."));
}

void replaces_the_paragraph_where_the_user_moved_it() {
  Home home("Hello.\n" + block("Be brief.") + "\nGoodbye.");
  JARVIS_CHECK(home.style("Be kind.").ok());
  JARVIS_CHECK(home.prompt() == "Hello.\n" + block("Be kind.") + "\nGoodbye.");
  JARVIS_CHECK(home.style("").ok());
  JARVIS_CHECK(home.prompt() == "Hello.\n\nGoodbye.");
}

void removing_restores_every_byte() {
  for (const std::string& prompt :
       {kPrompt, std::string("one line, open"), std::string("two\nlines, open"),
        std::string("a\r\nb\r\n"), std::string("a\r\nb"), std::string("\n\n"),
        std::string("\xEF\xBB\xBF"
                    "marked\n"),
        std::string("mixed\r\nlines\n"), std::string("hidden \xE2\x80\x8B of the user's own\n")}) {
    Home home(prompt);
    JARVIS_CHECK(home.style("Be brief.\nBe kind.").ok());
    JARVIS_CHECK(home.prompt().compare(0, prompt.size(), prompt) == 0);
    JARVIS_CHECK(home.style("Be plain.").ok());
    if (prompt == "\n\n") {
      JARVIS_CHECK(says(home.style(""), JARVIS_REFUSED, "would be empty"));
      continue;
    }
    JARVIS_CHECK(home.style("").ok());
    JARVIS_CHECK(home.prompt() == prompt);
  }
}

void new_lines_end_as_the_others_do() {
  Home home("a\r\nb\r\n");
  JARVIS_CHECK(home.style("c\nd").ok());
  JARVIS_CHECK(home.prompt() == "a\r\nb\r\n" + kBegin + "\r\nc\r\nd\r\n" + kEnd + "\r\n");
}

}  // namespace

int main() {
  refuses_missing_fields_and_unknown_agents();
  refuses_text_that_does_not_show();
  refuses_styles_that_are_no_short_paragraph();
  refuses_damaged_markers_and_says_which();
  refuses_an_edit_that_changes_nothing();
  refuses_what_would_harm_the_agent();
  keeps_one_paragraph_at_the_end();
  replaces_the_paragraph_where_the_user_moved_it();
  removing_restores_every_byte();
  new_lines_end_as_the_others_do();
  return jarvis::testing::test_result();
}
