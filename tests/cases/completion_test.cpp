#include "core/app/cli/completion.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "tests/cases/demo_traces.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis::testing;
namespace fs = std::filesystem;

namespace {

using Words = std::vector<std::string>;

/** Empty where there is none. */
std::string found_shell(const std::string& name) {
  for (const std::string folder : {"/bin/", "/usr/bin/", "/usr/local/bin/"})
    if (fs::exists(folder + name)) return folder + name;
  MESSAGE("skipped: there is no " << name << " here");
  return {};
}

class Shell {
 public:
  explicit Shell(const std::string& name) : program_(found_shell(name)) {
    environment_ = {{"HOME", directory_.path().string()},
                    {"PATH", fs::path(JARVIS_PROGRAM).parent_path().string() + ":/usr/bin:/bin"}};
  }

  bool is_there() const { return !program_.empty(); }
  const fs::path& folder() const { return directory_.path(); }
  void write(const std::string& name, const std::string& text) const {
    directory_.write(name, text);
  }

  Finished run(Words words) const {
    words.insert(words.begin(), program_);
    return run_program({words, environment_, directory_.path()});
  }

 private:
  const std::string program_;
  TemporaryDirectory directory_;
  std::map<std::string, std::string> environment_;
};

/** But for empty ones. */
Words lines_of(const std::string& text) {
  std::istringstream stream(text);
  Words lines;
  for (std::string line; std::getline(stream, line);)
    if (!line.empty()) lines.push_back(line);
  return lines;
}

/** What bash offers for the last of the words. */
Words offered(const Shell& bash, const Words& words) {
  std::string script = "source ./completion.bash\nCOMP_WORDS=(";
  for (const std::string& word : words) script += " '" + word + "'";
  script +=
      ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_jarvis\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
  const auto finished = bash.run({"--norc", "-c", script});
  CHECK(finished.err == "");
  return lines_of(finished.out);
}

bool has(const Words& words, const std::string& word) {
  return std::count(words.begin(), words.end(), word) == 1;
}

void make_home(const fs::path& home) {
  store_traces(home, make_home_without_traces(home));
}

const Words kPlainIds{"plain-1", "plain.2", "plain:3_B"};
const Words kCommands{"$(touch${IFS}ran)",
                      "`touch${IFS}ran`",
                      "a;touch${IFS}ran",
                      "a>ran",
                      "a b",
                      "a\nb",
                      "$HOME",
                      "{a,b}",

                      "-plain",
                      "--home",
                      "ä"};

/** A home with a trace for each of these ids. */
void make_home_with_ids(const fs::path& home) {
  const auto demo = make_home_without_traces(home);
  std::vector<jarvis::Trace> traces;
  for (const Words& ids : {kPlainIds, kCommands})
    for (const std::string& id : ids) {
      traces.push_back(demo.at(0));
      traces.back().id = id;
    }
  store_traces(home, traces);
}

Words sorted(Words words) {
  std::sort(words.begin(), words.end());
  return words;
}

/** Whether anything that was offered was run. */
bool has_run(const Shell& shell) {
  return fs::exists(shell.folder() / "ran");
}

}  // namespace

TEST_CASE("completion: bash completes commands, options, choices, files and ids") {
  const Shell bash("bash");
  if (!bash.is_there()) return;
  bash.write("completion.bash", jarvis::bash_script());
  CHECK(bash.run({"-n", "completion.bash"}).err == "");
  const std::string home = (bash.folder() / "home").string();
  make_home(home);

  CHECK(offered(bash, {"jarvis", "lear"}) == Words{"learning"});
  CHECK(offered(bash, {"jarvis", "nothing", "x"}).empty());
  CHECK(has(offered(bash, {"jarvis", ""}), "doctor"));
  CHECK(offered(bash, {"jarvis", "-v", "learning", "benchmark", "re"}) == Words{"refresh"});
  CHECK(offered(bash, {"jarvis", "learning", "run", "--aut"}) == Words{"--autonomy"});
  CHECK(has(offered(bash, {"jarvis", "learning", "run", "--"}), "--json"));
  CHECK(offered(bash, {"jarvis", "learning", "run", "--autonomy", ""}) ==
        Words{"auto", "tiered", "manual"});
  CHECK(offered(bash, {"jarvis", "learning", "run", "--autonomy", "=", "t"}) == Words{"tiered"});
  CHECK(offered(bash, {"jarvis", "learning", "run", "--max-cost", ""}).empty());
  CHECK(offered(bash, {"jarvis", "plugins", "new", "app"}) == Words{"applier"});
  CHECK(offered(bash, {"jarvis", "plugins", "new", "applier", ""}).empty());
  CHECK(offered(bash, {"jarvis", "manual", "learning", "daemon", "sta"}) ==
        Words{"start", "status"});
  CHECK(offered(bash, {"jarvis-learning", "rej"}) == Words{"reject"});
  CHECK(offered(bash, {"jarvis", "--home", "ho"}) == Words{"home"});
  CHECK(offered(bash, {"jarvis", "traces", "import", "a.jsonl", "compl"}) ==
        Words{"completion.bash"});
  CHECK(offered(bash, {"jarvis", "--home", home, "traces", "show", "968884"}) ==
        Words{"968884f2bf74bc77"});
  CHECK(offered(bash, {"jarvis", "--home", home, "learning", "show", ""}).empty());
  CHECK(has(offered(bash, {"jarvis", "--home", home, "plugins", "show", ""}), "chat"));
}

TEST_CASE("completion: only ids that no shell takes for more than a word are offered") {
  const TemporaryDirectory directory;
  const std::string home = (directory.path() / "home").string();
  make_home_with_ids(home);
  const auto finished = run_program(
      {{JARVIS_PROGRAM, "--home", home, "completion", "ids", "trace"}, {}, directory.path()});
  CHECK(sorted(lines_of(finished.out)) == kPlainIds);
}

TEST_CASE("completion: bash runs nothing that stands in an id, and offers the plain ones") {
  const Shell bash("bash");
  if (!bash.is_there()) return;
  bash.write("completion.bash", jarvis::bash_script());
  const std::string home = (bash.folder() / "home").string();
  make_home_with_ids(home);
  CHECK(sorted(offered(bash, {"jarvis", "--home", home, "traces", "show", ""})) == kPlainIds);
  CHECK(offered(bash, {"jarvis", "--home", home, "traces", "show", "plain-"}) == Words{"plain-1"});
  CHECK(offered(bash, {"jarvis", "--home", home, "traces", "show", "\"plain."}) ==
        Words{"plain.2"});
  CHECK(offered(bash, {"jarvis", "--home", home, "traces", "show", "*"}).empty());
  CHECK(!has_run(bash));
}

TEST_CASE("completion: bash takes what a program gives for ids as they are") {
  const Shell bash("bash");
  if (!bash.is_there()) return;
  bash.write("completion.bash", jarvis::bash_script());
  bash.write("older", "#!/bin/sh\nprintf '%s\\n' '$(touch${IFS}ran)' '`touch ran`' '*' plain-1\n");
  fs::permissions(bash.folder() / "older", fs::perms::owner_all);
  CHECK(offered(bash, {"./older", "traces", "show", ""}) ==
        Words{"$(touch${IFS}ran)", "`touch ran`", "*", "plain-1"});
  CHECK(!has_run(bash));
}

TEST_CASE("completion: fish runs nothing that stands in an id, and offers the plain ones") {
  const Shell fish("fish");
  if (!fish.is_there()) return;
  fish.write("jarvis.fish", jarvis::fish_script());
  make_home_with_ids(fish.folder() / "home");
  const auto finished =
      fish.run({"--no-config", "-c",
                "source jarvis.fish; complete -C 'jarvis --home home traces show plain'"});
  CHECK(finished.err == "");
  CHECK(sorted(lines_of(finished.out)) == kPlainIds);
  CHECK(!has_run(fish));
}

TEST_CASE("completion: bash offers nothing and says nothing where a home cannot be read") {
  const Shell bash("bash");
  if (!bash.is_there()) return;
  bash.write("completion.bash", jarvis::bash_script());
  CHECK(offered(bash, {"jarvis", "--home", "/nowhere", "learning", "show", ""}).empty());
  CHECK(offered(bash, {"jarvis", "--home", "", "learning", "approve", ""}).empty());
}

TEST_CASE("completion: every command, option and choice is in each script") {
  for (const std::string& script :
       {jarvis::bash_script(), jarvis::zsh_script(), jarvis::fish_script()})
    for (const jarvis::Command& command : jarvis::command_table()) {
      CHECK(script.find(command.path) != std::string::npos);
      for (const jarvis::Argument& argument : command.arguments) {
        CAPTURE(argument.name);
        if (argument.form != jarvis::Argument::Form::positional)
          CHECK(script.find(jarvis::long_name(argument).substr(2)) != std::string::npos);
        for (const std::string& choice : argument.choices)
          CHECK(script.find(choice) != std::string::npos);
      }
    }
}

TEST_CASE("completion: zsh reads its script") {
  const Shell zsh("zsh");
  if (!zsh.is_there()) return;
  zsh.write("_jarvis", jarvis::zsh_script());
  const auto finished = zsh.run({"-f", "-n", "_jarvis"});
  CHECK(finished.status == 0);
  CHECK(finished.err == "");
}

TEST_CASE("completion: fish completes commands, choices and ids") {
  const Shell fish("fish");
  if (!fish.is_there()) return;
  fish.write("jarvis.fish", jarvis::fish_script());
  make_home(fish.folder() / "home");
  const auto offers = [&](const std::string& line) {
    const auto finished =
        fish.run({"--no-config", "-c", "source jarvis.fish; complete -C '" + line + "'"});
    CHECK(finished.err == "");
    return finished.out;
  };
  CHECK(offers("jarvis lear").rfind("learning\t", 0) == 0);
  CHECK(offers("jarvis learning run --autonomy t").rfind("tiered", 0) == 0);
  CHECK(offers("jarvis-learning rej").rfind("reject\t", 0) == 0);
  CHECK(offers("jarvis --home home traces show 968884") == "968884f2bf74bc77\n");
  CHECK(offers("jarvis plugins new applier ") == "");
  CHECK(offers("jarvis manual learning daemon sta") == "start\nstatus\n");
}

TEST_CASE("completion: the scripts come without a home") {
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    const TemporaryDirectory directory;
    const auto finished =
        run_program({{JARVIS_PROGRAM, "completion", shell}, {}, directory.path()});
    CHECK(finished.status == 0);
    CHECK(finished.out.size() > 1000);
  }
}
