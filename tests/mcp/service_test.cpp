// The host's `mcp` service before servers that do well, and before those that do not.
#include <doctest/doctest.h>
#include <signal.h>

#include <atomic>
#include <thread>

#include "core/home/live_home.hpp"
#include "core/host/mcp/mcp_service.hpp"
#include "tests/isolation/processes.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

/** A home, and a server of one manner that may be started for it. */
struct Served {
  explicit Served(const std::string& manner, McpServer server = {}) {
    server.name = "scripted";
    server.command = {MCP_SERVER, manner};
    service = std::make_unique<McpService>(std::vector{server});
    wanted.home = home.root().string();
    wanted.command = server.command;
    wanted.timeout_seconds = 20;
  }

  Result<sdk::McpResult> list() { return call("", ""); }
  Result<sdk::McpResult> call(const std::string& tool, const std::string& text,
                              const std::vector<std::string>& allowed = {}) {
    wanted.tool = tool;
    wanted.arguments = {{"text", text}};
    return service->serve(wanted, home, allowed, cancelled);
  }
  std::vector<std::string> names() {
    const auto result = list();
    REQUIRE_MESSAGE(result.ok(), result.error().message);
    std::vector<std::string> found;
    for (const sdk::McpTool& tool : result->tools) found.push_back(tool.name);
    return found;
  }
  /** The one process that the tool says it is. */
  pid_t process() { return std::stoi(call("where", "")->content); }
  bool leaves_nothing() {
    service.reset();
    return eventually([&] { return processes_in(home.root()).empty(); });
  }

  TemporaryDirectory directory;
  LiveHome home{directory.path()};
  std::unique_ptr<McpService> service;
  sdk::McpRequest wanted;
  std::function<bool()> cancelled;
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("mcp: a server that cannot begin says why, and is not started a third time") {
  const std::pair<const char*, const char*> rows[] = {
      {"crash_at_start", "ended with status 3; its last words: no configuration found"},
      {"garbage_at_start", "sent what is no message (it is not JSON"},
      {"refuses", "says: not today (-32000)"},
      {"no_version", "answered initialize without 'protocolVersion'"},
      {"nameless", "lists a tool without a name"},
      {"no_list", "gave a list of tools without 'tools'"},
      {"endless_pages", "gives a list of tools without end"}};
  for (const auto& [manner, why] : rows) {
    CAPTURE(manner);
    Served served(manner);
    for (int i = 0; i < 2; ++i) {
      const auto answer = served.list();
      REQUIRE(!answer.ok());
      CAPTURE(answer.error().message);
      CHECK(answer.error().kind == ErrorKind::unavailable);
      CHECK(answer.error().message.find(std::string("the MCP server 'scripted' ") + why) == 0);
    }
    const auto third = served.list();
    REQUIRE(!third.ok());
    CHECK(third.error().message.find("is not started a third time: ") != std::string::npos);
    CHECK(third.error().message.find(why) != std::string::npos);
    CHECK(served.leaves_nothing());
  }
}

TEST_CASE(
    "mcp: a server that fails in a call is an error that says how, and is started once more") {
  const std::pair<const char*, const char*> rows[] = {
      {"crash_in_call", "ended with status 7"},
      {"dies_with_words", "ended with status 7; its last words: disk full"},
      {"garbage_in_call", "sent what is no message (it is not JSON"},
      {"no_json_rpc", "sent what is no message (it is neither a reply nor a request)"},
      {"huge", "sent a message of more than 4 MiB"},
      {"endless_line", "sent a message of more than 4 MiB"},
      {"no_content", "answered without 'content'"}};
  for (const auto& [manner, why] : rows) {
    CAPTURE(manner);
    Served served(manner);
    for (int i = 0; i < 2; ++i) {
      const auto answer = served.call("echo", "x");
      REQUIRE(!answer.ok());
      CAPTURE(answer.error().message);
      CHECK(answer.error().kind == ErrorKind::unavailable);
      CHECK(answer.error().message.find(why) != std::string::npos);
    }
    CHECK(served.call("echo", "x").error().message.find("a third time") != std::string::npos);
    CHECK(served.leaves_nothing());
  }
}

TEST_CASE("mcp: a server that gives no answer is ended when its time is over") {
  for (const char* manner : {"silent", "wrong_ids_only", "chatters", "closes"}) {
    CAPTURE(manner);
    Served served(manner);
    served.wanted.timeout_seconds = 1;
    REQUIRE(served.list().ok());
    const auto answer = served.call("echo", "x");
    REQUIRE(!answer.ok());
    CAPTURE(answer.error().message);
    CHECK(answer.error().kind == ErrorKind::unavailable);
    const bool says_how =
        answer.error().message.find("did not answer tools/call within 1 s") != std::string::npos ||
        answer.error().message.find("was ended by signal 9") != std::string::npos;
    CHECK(says_how);
    CHECK(served.leaves_nothing());
  }
}

TEST_CASE("mcp: a call that nobody waits for is left, and the server goes on") {
  Served silent("silent");
  REQUIRE(silent.list().ok());
  silent.cancelled = [] { return true; };
  const auto answer = silent.call("echo", "x");
  REQUIRE(!answer.ok());
  CHECK(answer.error().kind == ErrorKind::cancelled);
  CHECK(silent.leaves_nothing());
}

TEST_CASE("mcp: starting may be cancelled, too") {
  Served served("hang_at_start");
  std::atomic<int> looks{0};
  served.cancelled = [&] { return ++looks > 3; };
  const auto answer = served.list();
  REQUIRE(!answer.ok());
  CHECK(answer.error().kind == ErrorKind::cancelled);
  CHECK(served.leaves_nothing());
}

TEST_CASE("mcp: a program that is not there, or is this one, is an error of the configuration") {
  Served served("well");
  const auto answer_of = [&](const std::string& program) {
    McpServer server{"files", {program}, {}, {}, {}};
    McpService service({server});
    sdk::McpRequest request = served.wanted;
    request.command = server.command;
    const auto answer = service.serve(request, served.home, {}, {});
    REQUIRE(!answer.ok());
    CHECK(answer.error().kind == ErrorKind::configuration);
    return answer.error().message;
  };
  CHECK(answer_of("/nowhere/server") == "the MCP server 'files' '/nowhere/server' does not exist");
  CHECK(answer_of("no-such-program-anywhere").find("is not in PATH") != std::string::npos);
  CHECK(answer_of("/proc/self/exe").find("is this program") != std::string::npos);
}

TEST_CASE("mcp: only what the user's configuration names is started") {
  Served served("well");
  const auto kind_of = [&](const sdk::McpRequest& request) {
    const auto answer = served.service->serve(request, served.home, {}, {});
    REQUIRE(!answer.ok());
    return answer.error().kind;
  };
  sdk::McpRequest other = served.wanted;
  other.command = {"/bin/sh", "-c", "touch bad"};
  CHECK(kind_of(other) == ErrorKind::refused);
  other.command = {MCP_SERVER, "well", "more"};
  CHECK(kind_of(other) == ErrorKind::refused);
  other = served.wanted;
  other.environment = {{"LD_PRELOAD", "/tmp/bad.so"}};
  CHECK(kind_of(other) == ErrorKind::refused);
  other = served.wanted;
  other.home = "/";
  CHECK(kind_of(other) == ErrorKind::refused);
  CHECK(processes_in(served.home.root()).empty());
}

TEST_CASE("mcp: a tool that may change something is refused, by its name, unless it is allowed") {
  Served served("well");
  for (const char* tool : {"note", "delete_all"}) {
    const auto refused = served.call(tool, "x", {"echo"});
    REQUIRE(!refused.ok());
    CHECK(refused.error().kind == ErrorKind::refused);
    CHECK(refused.error().message ==
          std::string("tool '") + tool + "' has side effects and is not run in a gate");
    CHECK(refused.error().hint == std::string("--allow-side-effects ") + tool);
  }
  CHECK(!std::filesystem::exists(served.home.root() / "note.txt"));
  CHECK(served.call("note", "one", {"note"})->content == "echo: one");
  CHECK(served.call("note", "two", {"*"}).ok());
  CHECK(served.call("note", "three", {"scripted_note"}).ok());
  CHECK(served.directory.read("note.txt") == "one\ntwo\nthree\n");
  CHECK(served.call("nothing", "x", {"*"}).error().kind == ErrorKind::invalid);
}

TEST_CASE("mcp: lists all pages, and takes only what the configuration leaves") {
  CHECK(Served("pages").names() == Names{"tool0", "tool1", "tool2", "tool3"});
  CHECK(Served("no_tools").names().empty());
  CHECK(Served("well").names() == Names{"echo", "note", "delete_all", "where"});
  CHECK(Served("well", {"", {}, {}, {"echo", "note"}, {"note"}}).names() == Names{"echo"});
  Served served("well");
  const auto tools = served.list()->tools;
  CHECK(tools[0].is_read_only);
  CHECK_FALSE(tools[1].is_read_only);
  CHECK_FALSE(tools[2].is_read_only);
  CHECK(tools[0].description == "Does echo");
  CHECK(tools[0].parameters.at("type") == "object");
  Served without("well", {"", {}, {}, {"echo"}, {}});
  CHECK(without.call("where", "").error().kind == ErrorKind::invalid);
}

TEST_CASE("mcp: what a tool answers is handed on") {
  CHECK(Served("well").call("echo", "gr\u00fc\u00df\n dich")->content ==
        "echo: gr\u00fc\u00df\n dich");
  CHECK(Served("wrong_ids").call("echo", "x")->content == "echo: x");
  CHECK(Served("loud").call("echo", "x")->content == "echo: x");
  CHECK(Served("pictures").call("echo", "x")->content == "[image, left out]\na cat");
  CHECK(Served("structured").call("echo", "x")->content == R"({"degrees":21})");
  const auto wrong = Served("error_result").call("echo", "milk");
  REQUIRE(wrong.ok());
  CHECK(wrong->is_error);
  CHECK(wrong->content == "there is no milk");
}

TEST_CASE("mcp: what the server says of a wrong request is no fault of the server") {
  Served served("rpc_error");
  for (int i = 0; i < 4; ++i) {
    const auto answer = served.call("echo", "x");
    REQUIRE(!answer.ok());
    CHECK(answer.error().kind == ErrorKind::invalid);
    CHECK(answer.error().message == "the MCP server 'scripted' says: the text is missing (-32602)");
  }
}

TEST_CASE("mcp: a server's own requests are answered, its notifications passed over") {
  const auto answer = Served("asks").call("echo", "x");
  REQUIRE(answer.ok());
  CHECK(answer->content.find(R"("id":"p","result":{})") != std::string::npos);
  CHECK(answer->content.find(R"("id":1,"error":{"code":-32601)") != std::string::npos);
}

TEST_CASE("mcp: one process for all calls of a home, and another for another home") {
  Served served("well");
  const pid_t first = served.process();
  CHECK(served.process() == first);
  TemporaryDirectory other_directory;
  const LiveHome other(other_directory.path());
  sdk::McpRequest request = served.wanted;
  request.home = other.root().string();
  const auto elsewhere = served.service->serve(request, other, {}, {});
  REQUIRE(elsewhere.ok());
  const pid_t second = std::stoi(elsewhere->content);
  CHECK(second != first);
  CHECK(is_running(first));
  CHECK(served.leaves_nothing());
  CHECK_FALSE(is_running(second));
}

TEST_CASE("mcp: the server of a home that is gone ends when another one is started") {
  Served served("well");
  auto copy = std::make_unique<TemporaryDirectory>();
  sdk::McpRequest request = served.wanted;
  request.tool = "where";
  request.home = copy->path().string();
  const pid_t old =
      std::stoi(served.service->serve(request, LiveHome(copy->path()), {}, {})->content);
  copy.reset();
  CHECK(served.process() != old);
  CHECK(eventually([&] { return !is_running(old); }));
}

TEST_CASE("mcp: one that ended between two calls is started again") {
  Served served("well");
  const pid_t first = served.process();
  ::kill(first, SIGKILL);
  CHECK(eventually([&] { return !is_running(first); }));
  // Whether it is seen before the call or in it, the next one finds a new server.
  auto answer = served.call("where", "");
  if (!answer) answer = served.call("where", "");
  REQUIRE(answer.ok());
  CHECK(std::stoi(answer->content) != first);
  CHECK(Served("crash_once").list().ok() == false);
  Served once("crash_once");
  CHECK_FALSE(once.list().ok());
  CHECK(once.call("echo", "x")->content == "echo: x");
}

TEST_CASE("mcp: what a server started ends with it, and one that does not want to end is ended") {
  for (const char* manner : {"forks", "ignores_its_end", "well"}) {
    CAPTURE(manner);
    Served served(manner);
    CHECK(served.call("echo", "x").ok());
    CHECK(served.leaves_nothing());
  }
}

TEST_CASE("mcp: it gets the variables of its configuration, and no keys of this program") {
  ::setenv("SOME_API_KEY", "sk-secret", 1);
  Served served("well", {"", {}, {{"TOKEN", "configured"}}, {}, {}});
  CHECK(served.call("where", "TOKEN")->content == "configured");
  CHECK(served.call("where", "SOME_API_KEY")->content == "unset");
  CHECK(served.call("where", "PATH")->content != "unset");
}

TEST_CASE("mcp: many threads call one server, and each gets its own answer") {
  Served served("well");
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      sdk::McpRequest request = served.wanted;
      request.tool = "echo";
      for (int j = 0; j < 20; ++j) {
        const std::string text = std::to_string(100 * i + j);
        request.arguments = {{"text", text}};
        const auto answer = served.service->serve(request, served.home, {}, {});
        if (answer && answer->content == "echo: " + text) ++right;
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(right == 160);
}

TEST_CASE("mcp: nothing stays open") {
  CHECK(Served("well").call("echo", "x").ok());
  const std::size_t before = open_descriptors();
  for (const char* manner : {"well", "crash_in_call", "crash_at_start", "garbage_in_call"})
    for (int i = 0; i < 10; ++i) (void)Served(manner).call("echo", "x");
  CHECK(open_descriptors() == before);
}
