#include <doctest/doctest.h>

#include <jarvis/sdk/payload/student_services.hpp>

#include "plugins/students/chat/chat_fixture.hpp"

namespace sdk = jarvis::sdk;
using namespace jarvis::chat::testing;

namespace {

const std::string kAgent =
    "[intelligence]\ndefault_model = \"m\"\n[agent]\nclass = \"orchestrator\"\n";

/** A student behind a fake `mcp` service with two servers. */
struct Served : Student {
  explicit Served(const std::string& config = kAgent) : Student(config) {
    host.services["mcp"] = [this](const json::object& object) {
      asked.push_back(sdk::mcp_request(object));
      const sdk::McpRequest& request = asked.back();
      if (!request.tool.empty()) {
        if (failure) throw *failure;
        return sdk::to_json(result);
      }
      if (list_failure) throw *list_failure;
      const bool first = request.command == std::vector<std::string>{"one", "--x"};
      sdk::McpResult listed;
      listed.tools = first ? one : two;
      return sdk::to_json(listed);
    };
  }

  Answer run_with(std::vector<std::string> allowed) {
    sdk::StudentRequest request = question();
    request.allowed_tools = std::move(allowed);
    request.settings = {
        {"mcp_servers",
         json::array{json::object{{"name", "one"}, {"command", json::array{"one", "--x"}}},
                     json::object{{"name", "two"}, {"command", json::array{"two"}}}}}};
    return run(request);
  }
  std::vector<std::string> offered() {
    const Answer answer = run_with({});
    REQUIRE_MESSAGE(answer.ok(), answer.message);
    std::vector<std::string> names;
    const json::object first = body();
    for (const json::value& tool : sdk::optional_array(first, "tools"))
      names.emplace_back(tool.at("function").at("name").as_string());
    return names;
  }
  std::string told(std::vector<std::string> allowed = {}) {
    answers = {calls_for("find", {{"text", "x"}}), answer_with({{"content", "done"}})};
    const Answer answer = run_with(std::move(allowed));
    REQUIRE_MESSAGE(answer.ok(), answer.message);
    return std::string(body(1).at("messages").as_array().back().at("content").as_string());
  }

  std::vector<sdk::McpTool> one{{"find", "Finds", {}, true}, {"send", "Sends", {}, false}};
  std::vector<sdk::McpTool> two{{"find", "Finds, too", {}, true}, {"calculator", "", {}, true}};
  sdk::McpResult result{{}, "found", false};
  std::optional<sdk::Failure> failure, list_failure;
  std::vector<sdk::McpRequest> asked;
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("mcp tools: an agent without a list has all, each by a name of its own") {
  CHECK(Served().offered() == Names{"find", "send", "two_find", "two_calculator"});
}

TEST_CASE(
    "mcp tools: an agent with a list has those that it names, and no server is asked in vain") {
  CHECK(Served(kAgent + "tools = [\"send\", \"calculator\", \"nobody\"]\n").offered() ==
        Names{"send", "calculator"});
  for (const char* tools : {"tools = [\"think\"]\n", "[agent.simple]\ntools = []\n"}) {
    Served served(kAgent + tools);
    served.offered();
    CHECK(served.asked.empty());
  }
  Served simple("[intelligence]\ndefault_model = \"m\"\n");
  CHECK(simple.offered().empty());
  CHECK(simple.asked.empty());
}

TEST_CASE("mcp tools: names that models cannot call are passed over, with a warning") {
  Served served;
  served.one = {{"a b", "", {}, true}, {std::string(65, 'x'), "", {}, true}, {"ok", "", {}, true}};
  served.two = {{"ok", "", {}, true}, {"two_ok", "", {}, true}};
  CHECK(served.offered() == Names{"ok", "two_ok", "two_two_ok"});
  CHECK(served.host.lines.size() == 2);
}

TEST_CASE("mcp tools: tools/descriptions.toml says what they are, too") {
  Served served;
  served.home.write("tools/descriptions.toml", "[send]\ndescription = \"Never use it.\"\n");
  CHECK(served.offered().size() == 4);
  CHECK(served.body().at("tools").at(1).at("function").at("description") == "Never use it.");
  CHECK(served.body().at("tools").at(0).at("function").at("parameters").at("type") == "object");
}

TEST_CASE("mcp tools: a call goes to its server, and the text to the model") {
  Served served;
  CHECK(served.told() == "found");
  const sdk::McpRequest& call = served.asked.back();
  CHECK(call.tool == "find");
  CHECK(call.command == Names{"one", "--x"});
  CHECK(call.home == served.home.path().string());
  CHECK(call.arguments.at("text") == "x");
  served.result = {{}, "nothing there", true};
  served.sent.clear();
  CHECK(served.told() == "error: nothing there");
  served.result = {{}, std::string(200 * 1024, 'x'), false};
  served.sent.clear();
  const std::string cut = served.told();
  CHECK(cut.size() < 110 * 1024);
  CHECK(cut.find("more bytes, which are left out") != std::string::npos);
}

TEST_CASE("mcp tools: what is refused ends the run, with the tool's name and what to do") {
  Served served;
  served.failure = sdk::refused("tool 'find' has side effects and is not run in a gate",
                                "--allow-side-effects find");
  served.answers = {calls_for("find", {})};
  const Answer answer = served.run_with({});
  CHECK(answer.status == JARVIS_REFUSED);
  CHECK(answer.message == "tool 'find' has side effects and is not run in a gate");
  CHECK(answer.hint == "--allow-side-effects find");
}

TEST_CASE("mcp tools: a server that fails ends a run that is measured; who asks is answered") {
  Served served;
  served.failure = sdk::unavailable("the MCP server 'one' ended");
  CHECK(served.told({"*"}) == "error: the MCP server 'one' ended");
  served.sent.clear();
  served.answers = {calls_for("find", {})};
  CHECK(served.run_with({"send"}).status == JARVIS_UNAVAILABLE);
  served.failure = sdk::invalid("it has no text");
  served.sent.clear();
  CHECK(served.told() == "error: it has no text");
}

TEST_CASE("mcp tools: a server that cannot be listed is left out for who asks, with a warning") {
  Served served;
  served.list_failure = sdk::unavailable("the MCP server 'one' ended");
  CHECK(served.run_with({}).status == JARVIS_UNAVAILABLE);
  CHECK(served.run_with({"*"}).ok());
  CHECK_FALSE(served.host.lines.empty());
  CHECK_FALSE(served.body().contains("tools"));
  served.list_failure = sdk::Failure(JARVIS_CANCELLED, "stopped");
  CHECK(served.run_with({"*"}).status == JARVIS_CANCELLED);
}
