#include "core/home/mcp_servers.hpp"

#include <doctest/doctest.h>

#include "core/home/live_home.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;

namespace {

struct Home {
  explicit Home(const std::string& config) { directory.write("config.toml", config); }
  Result<McpServers> read() const { return mcp_servers(LiveHome(directory.path())); }

  TemporaryDirectory directory;
};

std::string with(const std::string& servers) {
  return "[tools.mcp]\nservers = '''" + servers + "'''\n";
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("mcp servers: what cannot be understood is an error that names the key") {
  const std::pair<const char*, const char*> rows[] = {
      {"[{", "its text is not JSON"},
      {"{}", "an object without an object 'mcpServers'"},
      {R"({"mcpServers": []})", "an object without an object 'mcpServers'"},
      {"[7]", "server 1 is not an object"},
      {R"(["{"])", "server 1 is not JSON"},
      {R"([{"command": "x"}])", "server 1 has no 'name'"},
      {R"([{"name": "a b", "command": "x"}])", "server 1 has no 'name'"},
      {R"([{"name": "a", "command": 7}])", "server 'a': field 'command' is not a string"},
      {R"([{"name": "a", "command": []}])", "server 'a': 'command' is empty"},
      {R"([{"name": "a", "command": ["x", 1]}])", "holds something that is not a text"},
      {R"([{"name": "a", "command": "x\u0000y"}])", "'command' holds a NUL"},
      {R"([{"name": "a", "command": "x", "args": "y"}])", "server 'a': 'args' is not a list"},
      {R"([{"name": "a", "command": "x", "args": ["\u0000"]}])", "'args' holds a NUL"},
      {R"([{"name": "a", "command": "x", "env": ["y"]}])", "server 'a': 'env' is not an object"},
      {R"([{"name": "a", "command": "x", "env": {"N": 7}}])", "no variable: 'N'"},
      {R"([{"name": "a", "command": "x", "env": {"A=B": "c"}}])", "no variable: 'A=B'"},
      {R"([{"name": "a", "command": "x"}, {"name": "a", "command": "y"}])", "stands twice"},
      {R"([{"name": "a", "command": "x"}, {"name": "b", "command": "x"}])",
       "server 'b': it has the same command as 'a'"},
      {"nowhere.json", "nowhere.json"},
      {"/nowhere/mcp.json", "/nowhere/mcp.json"}};
  for (const auto& [servers, why] : rows) {
    CAPTURE(servers);
    const auto read = Home(with(servers)).read();
    REQUIRE(!read.ok());
    CAPTURE(read.error().message);
    CHECK(read.error().kind == ErrorKind::configuration);
    CHECK(read.error().message.find("config.toml:2: 'tools.mcp.servers' cannot be used: ") == 0);
    CHECK(read.error().message.find(why) != std::string::npos);
  }
  CHECK(!Home("[tools.mcp]\nservers = 7\n").read().ok());
  CHECK(!Home("[tools\n").read().ok());
}

TEST_CASE("mcp servers: none where none are named, or all are switched off") {
  for (const std::string& config :
       {std::string(), std::string("[tools]\nenabled = \"think\"\n"), with(""), with(" \n"),
        with("[]"), std::string("[tools.mcp]\nenabled = false\nservers = \"[{\"\n"),
        with(R"([{"name": "a", "command": "x", "disabled": true}])"),
        with(R"([{"name": "a", "command": "x", "enabled": false}])")}) {
    CAPTURE(config);
    const auto read = Home(config).read();
    REQUIRE(read.ok());
    CHECK(read->servers.empty());
  }
}

TEST_CASE("mcp servers: a list, an object by names, and a file of either") {
  const std::string list =
      R"([{"name": "files", "command": "npx", "args": ["-y", "server"], "env": {"TOKEN": "t"},
           "include_tools": ["read"], "exclude_tools": ["write"]}])";
  const std::string named =
      R"({"mcpServers": {"files": {"command": "npx", "args": ["-y", "server"],
          "env": {"TOKEN": "t"}, "include_tools": ["read"], "exclude_tools": ["write"]}}})";
  Home one(with(list)), two(with(named)), three(with(" mcp.json ")), four(with("x"));
  three.directory.write("mcp.json", named);
  four.directory.write("config.toml",
                       with(four.directory.write("elsewhere/mcp.json", list).string()));
  Home five(
      "[[tools.mcp.servers]]\nname = \"files\"\ncommand = \"npx\"\nargs = [\"-y\", "
      "\"server\"]\nenv = {TOKEN = \"t\"}\ninclude_tools = [\"read\"]\nexclude_tools = "
      "[\"write\"]\n");
  for (const Home* home : {&one, &two, &three, &four, &five}) {
    const auto read = home->read();
    REQUIRE_MESSAGE(read.ok(), read.error().message);
    REQUIRE(read->servers.size() == 1);
    const McpServer& server = read->servers[0];
    CHECK(server.name == "files");
    CHECK(server.command == Words{"npx", "-y", "server"});
    CHECK(server.environment.at("TOKEN") == "t");
    CHECK(server.only_tools == Words{"read"});
    CHECK(server.without_tools == Words{"write"});
  }
}

TEST_CASE("mcp servers: those that do not speak on standard streams are passed over, and named") {
  const auto read = Home(with(R"([{"name": "web", "url": "http://localhost:1/mcp"},
                                  {"name": "files", "command": "x"}])"))
                        .read();
  REQUIRE(read.ok());
  CHECK(read->servers.size() == 1);
  REQUIRE(read->passed_over.size() == 1);
  CHECK(read->passed_over[0].find("'web'") != std::string::npos);
}
