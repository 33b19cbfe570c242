// What a program is told, and which programs are refused.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include "core/host/process/process_service.hpp"
#include "tests/command/world.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace fs = std::filesystem;

namespace {

std::string asked(CommandWorld& world, const std::vector<std::string>& words,
                  const StudentQuestion& question) {
  return said(world.agent(words)->answer(world.home(), question));
}

std::string home_of(const CommandWorld& world) {
  return (world.directory.path() / "home").string();
}

fs::path program(const CommandWorld& world, const std::string& name, const std::string& text) {
  const fs::path file = world.directory.write("bin/" + name, text);
  ::chmod(file.c_str(), 0755);
  return file;
}

/** Why a command is not usable; the same before a run and in one. */
std::string refusal(CommandWorld& world, const std::string& command) {
  const auto student = world.student({command, "{query}"});
  const auto probed = student->probe(world.home());
  const std::string ran = said(student->answer(world.home(), {"q", "general", ""}));
  if (probed) return "usable: " + ran;
  CHECK(ran == "error: " + probed.error().message);
  CHECK_FALSE(probed.error().hint.empty());
  return probed.error().message;
}

sdk::ProcessRequest request(const CommandWorld& world) {
  sdk::ProcessRequest request;
  request.command = {COMMAND_AGENT, "answers", "a=text;"};
  request.home = home_of(world);
  return request;
}

std::string refusal(const CommandWorld& world, const sdk::ProcessRequest& request) {
  ProcessService service({{COMMAND_AGENT, "answers", "a={query};"}});
  const auto result = service.run(request, world.home(), {});
  return result ? "ran: " + result->output : result.error().message;
}

}  // namespace

TEST_CASE("command: a program that is not there is told before any run") {
  CommandWorld world;
  CHECK(refusal(world, "/nowhere/agent") ==
        "the student's command '/nowhere/agent' does not exist");
  CHECK(refusal(world, "jarvis-no-such-agent") ==
        "the student's command 'jarvis-no-such-agent' is not in PATH");
  CHECK(refusal(world, "bin/agent") ==
        "the student's command 'bin/agent' is neither an absolute path nor the name of a program "
        "in PATH");
  CHECK(refusal(world, "") == "the student's command '' is empty");
  CHECK(refusal(world, "/usr") == "the student's command '/usr' is not a file");
  const std::string text = world.directory.write("notes.txt", "x").string();
  CHECK(refusal(world, text) == "the student's command '" + text + "' may not be executed");
}

TEST_CASE("command: without one the runner says which setting it needs") {
  CommandWorld world;
  const auto probed = world.student({})->probe(world.home());
  REQUIRE(!probed.ok());
  CHECK(probed.error().message == "no command for the student");
  CHECK(probed.error().hint.find("[learning.distillation.student] command") != std::string::npos);
}

TEST_CASE("command: this program is refused, by whatever way it is named") {
  CommandWorld world;
  const fs::path self = fs::read_symlink("/proc/self/exe");
  const fs::path folder = world.directory.path() / "bin";
  program(world, "script", "#!" + self.string() + " --quiet\n");
  program(world, "by-env", "#!/usr/bin/env " + self.string() + "\n");
  fs::create_symlink(self, folder / "link");
  fs::copy_file(self, folder / "copy");
  for (const std::string& path :
       {self.string(), (folder / "script").string(), (folder / "by-env").string(),
        (folder / "link").string(), (folder / "copy").string()}) {
    CAPTURE(path);
    CHECK(refusal(world, path) ==
          "the student's command '" + path + "' is this program, which would call itself: " + path);
  }
  const std::string before = std::getenv("PATH");
  ::setenv("PATH", (folder.string() + ":" + before).c_str(), 1);
  CHECK(refusal(world, "link") ==
        "the student's command 'link' is this program, which would call itself: " +
            (folder / "link").string());
  ::setenv("PATH", before.c_str(), 1);
}

TEST_CASE("command: a student inside of a student is refused") {
  CommandWorld world;
  ::setenv("JARVIS_STUDENT_COMMAND", "1", 1);
  CHECK(refusal(world, COMMAND_AGENT).find("called this program") != std::string::npos);
  ::unsetenv("JARVIS_STUDENT_COMMAND");
}

TEST_CASE("command: a script and a program of PATH are started as they are") {
  CommandWorld world;
  const fs::path script = program(world, "agent", "#!/bin/sh\necho \"got $1\"\n");
  CHECK(refusal(world, script.string()) == "usable: got q");
  CHECK(refusal(world, "echo") == "usable: q");
}

TEST_CASE("command: an interpreter that is missing is a failure that names it") {
  CommandWorld world;
  const fs::path script = program(world, "agent", "#!/nowhere/python\n");
  const std::string why = refusal(world, script.string());
  CHECK(why.rfind("usable: error: ", 0) == 0);
  CHECK(why.find(script.string()) != std::string::npos);
}

TEST_CASE("command: placeholders are filled in as text, once, and no shell sees them") {
  CommandWorld world;
  StudentQuestion question{"$(id) {model} `x` ; -rf * \"'", "general", ""};
  CHECK(asked(world, {"answers", "{query}", "x{agent}/{model}x", "{other}"}, question) ==
        question.query + "|xclerk/local-1x|{other}");
  question = {"--help", "general", "waiter", "other-model"};
  CHECK(asked(world, {"answers", "{query}", "{agent}", "{model}", "{home}"}, question) ==
        "--help|waiter|other-model|" + home_of(world));
}

TEST_CASE("command: an agent whose name is a path is refused") {
  CommandWorld world;
  for (const char* agent : {"../../etc", "..", "a/b", "-rf", "a b"})
    CHECK(asked(world, {"answers", "{agent}"}, {"q", "general", agent}) ==
          "error: '" + std::string(agent) + "' is no name of an agent");
}

TEST_CASE("command: a query that has no place in the command comes on standard input") {
  CommandWorld world;
  const std::string query = "long " + std::string(300'000, 'q');
  const bool is_whole =
      asked(world, {"answers_from_stdin"}, {query, "general", ""}) == "read: " + query;
  CHECK(is_whole);
  CHECK(asked(world, {"answers"}, {query, "general", ""}) ==
        "error: the student's command printed no answer");
}

TEST_CASE("command: a query that no argument can hold is refused or fails, and is not cut") {
  CommandWorld world;
  CHECK(asked(world, {"answers", "{query}"}, {std::string("a\0b", 3), "general", ""}) ==
        "error: an argument of a program cannot hold a NUL");
  CHECK(asked(world, {"answers", "{query}"}, {std::string(300'000, 'q'), "general", ""})
            .find("Argument list too long") != std::string::npos);
}

TEST_CASE("command: its environment is a small one without keys") {
  CommandWorld world;
  for (const char* name : {"ANTHROPIC_API_KEY", "OPENJARVIS_CONFIG", "OPENJARVIS_API_KEY",
                           "SSH_AUTH_SOCK", "LD_LIBRARY_PATH"})
    ::setenv(name, "heron", 1);
  const std::string seen = "\n" + asked(world, {"shows_its_environment"}, {"q", "general", ""});
  CHECK(seen.find("heron") == std::string::npos);
  CHECK(seen.find("\nOPENJARVIS_HOME=" + home_of(world) + "\n") != std::string::npos);
  CHECK(seen.find("\nOPENJARVIS_NO_UPDATE_CHECK=1") != std::string::npos);
  CHECK(seen.find("\nOLLAMA_HOST=box:1") != std::string::npos);
  CHECK(seen.find("\nPATH=") != std::string::npos);
  CHECK(seen.find("\nOPENJARVIS_CONFIG") == std::string::npos);
}

TEST_CASE(
    "process service: runs the configured command in the home of the call, and nothing else") {
  const CommandWorld world;
  CHECK(refusal(world, request(world)) == "ran: a=text;\n \n");
  const auto only = [](const std::string& what) {
    return "only the command that the user configured may run: " + what;
  };
  auto other = request(world);
  other.command[0] = "/bin/sh";
  CHECK(refusal(world, other) == only("'/bin/sh' is not '" COMMAND_AGENT "'"));
  other = request(world);
  other.command[1] = "writes";
  CHECK(refusal(world, other) == only("word 2 is not 'answers'"));
  other = request(world);
  other.command[2] = "b=text;";
  CHECK(refusal(world, other) == only("word 3 is not 'a={query};'"));
  other = request(world);
  other.command.emplace_back("more");
  CHECK(refusal(world, other) == only("4 words, not 3"));
  other = request(world);
  other.home = "/";
  CHECK(refusal(world, other) == "a command may write in the home of its call alone, not in '/'");
  for (const char* name : {"LD_PRELOAD", "PATH", "PYTHONSTARTUP", "JARVIS_A=B"}) {
    other = request(world);
    other.environment[name] = "x";
    CHECK(refusal(world, other) ==
          "the variable '" + std::string(name) + "' may not be set for a command");
  }
}

TEST_CASE("process service: without any sandbox the command still runs, and leaves nothing") {
  const CommandWorld world;
  ProcessService service(
      {{COMMAND_AGENT, "leaves_a_daemon", home_of(world)}, false, 20, Sandbox::none});
  auto wanted = request(world);
  wanted.command = {COMMAND_AGENT, "leaves_a_daemon", home_of(world)};
  for (int i = 0; i < runs(); ++i) {
    const auto result = service.run(wanted, world.home(), {});
    REQUIRE(result.ok());
    CHECK(result->output == "done\n \n");
  }
  CHECK(world.processes().empty());
}

TEST_CASE("process service: a run that nobody waits for ends at once") {
  const CommandWorld world;
  ProcessService service({{COMMAND_AGENT, "hangs_with_daemons", home_of(world)}, false, 600});
  auto wanted = request(world);
  wanted.command = {COMMAND_AGENT, "hangs_with_daemons", home_of(world)};
  wanted.timeout_seconds = 600;
  int looks = 0;
  const auto result = service.run(wanted, world.home(), [&] { return ++looks > 3; });
  REQUIRE(!result.ok());
  CHECK(result.error().kind == ErrorKind::cancelled);
  CHECK(world.processes().empty());
}
