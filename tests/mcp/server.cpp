// An MCP server that does what its first argument says.
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>
#include <string>

namespace {

namespace json = boost::json;

std::string manner;

bool is(const char* name) {
  return manner == name;
}

[[noreturn]] void hang() {
  for (;;) ::pause();
}

void send(const json::object& message) {
  std::cout << json::serialize(message) << "\n" << std::flush;
}

void reply(const json::value& id, const json::value& result) {
  send({{"jsonrpc", "2.0"}, {"id", id}, {"result", result}});
}

void fail(const json::value& id, int code, const char* why) {
  send({{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", code}, {"message", why}}}});
}

/** Counts the starts of this manner in the folder where it works. */
int starts_before() {
  int count = 0;
  std::ifstream("starts") >> count;
  std::ofstream("starts") << count + 1;
  return count;
}

json::object tool(const char* name, bool reads_only) {
  json::object made{
      {"name", name},
      {"description", std::string("Does ") + name},
      {"inputSchema", {{"type", "object"}, {"properties", {{"text", {{"type", "string"}}}}}}}};
  if (reads_only) made["annotations"] = {{"readOnlyHint", true}};
  return made;
}

json::array tools() {
  return {tool("echo", true), tool("note", false), tool("delete_all", true), tool("where", true)};
}

void initialize(const json::value& id) {
  if (is("crash_at_start")) {
    std::cerr << "no configuration found\n";
    std::exit(3);
  }
  if (is("hang_at_start")) hang();
  if (is("garbage_at_start")) std::cout << "Welcome to the server!\n" << std::flush;
  if (is("crash_once") && starts_before() == 0) std::abort();
  if (is("refuses")) return fail(id, -32000, "not today");
  if (is("no_version")) return reply(id, json::object{{"capabilities", json::object()}});
  json::object capabilities;
  if (!is("no_tools")) capabilities["tools"] = json::object();
  reply(id, json::object{{"protocolVersion", "2025-06-18"},
                         {"capabilities", capabilities},
                         {"serverInfo", {{"name", "scripted"}, {"version", "1"}}}});
}

void list(const json::value& id, const json::object& params) {
  if (is("nameless")) return reply(id, json::object{{"tools", json::array{json::object()}}});
  if (is("no_list")) return reply(id, json::object());
  if (is("endless_pages"))
    return reply(id, json::object{{"tools", tools()}, {"nextCursor", "again"}});
  if (!is("pages")) return reply(id, json::object{{"tools", tools()}});
  const json::value* cursor = params.if_contains("cursor");
  const int page = cursor ? std::atoi(cursor->as_string().c_str()) : 0;
  json::object result{{"tools", json::array{tool(("tool" + std::to_string(page)).c_str(), true)}}};
  if (page < 3) result["nextCursor"] = std::to_string(page + 1);
  reply(id, result);
}

json::object text(const std::string& content) {
  return {{"content", json::array{json::object{{"type", "text"}, {"text", content}}}}};
}

/** Asks the client what it must answer, and gives its answers. */
std::string asks_the_client() {
  std::string answers;
  send({{"jsonrpc", "2.0"}, {"method", "notifications/unheard_of"}});
  send({{"jsonrpc", "2.0"}, {"id", "p"}, {"method", "ping"}});
  send({{"jsonrpc", "2.0"}, {"id", 1}, {"method", "roots/list"}});
  for (int i = 0; i < 2; ++i) {
    std::string line;
    std::getline(std::cin, line);
    answers += line;
  }
  return answers;
}

void call(const json::value& id, const json::object& params) {
  if (is("silent")) hang();
  if (is("crash_in_call") || is("dies_with_words")) {
    if (is("dies_with_words")) std::cerr << "disk full\n";
    std::exit(7);
  }
  if (is("garbage_in_call")) std::cout << "oops \xff\x1b[31m {\n" << std::flush;
  if (is("no_json_rpc")) return send({{"hello", "world"}});
  if (is("huge")) return reply(id, text(std::string(10'000'000, 'x')));
  if (is("endless_line"))
    for (;;) std::cout << std::string(65536, 'x');
  if (is("chatters"))
    for (;;) send({{"jsonrpc", "2.0"}, {"method", "notifications/progress"}});
  if (is("wrong_ids")) {
    reply(id.as_int64() + 100, text("not for you"));
    reply("text", text("not for you"));
    reply(nullptr, text("not for you"));
  }
  if (is("wrong_ids_only")) return reply(id.as_int64() + 100, text("not for you"));
  if (is("rpc_error")) return fail(id, -32602, "the text is missing");
  if (is("no_content")) return reply(id, json::object());
  if (is("closes")) {
    std::fclose(stdout);
    hang();
  }
  if (is("pictures"))
    return reply(
        id,
        json::object{{"content", json::array{json::object{{"type", "image"}, {"data", "AA=="}},
                                             json::object{{"type", "text"}, {"text", "a cat"}}}}});
  if (is("structured")) return reply(id, json::object{{"structuredContent", {{"degrees", 21}}}});
  if (is("asks")) return reply(id, text(asks_the_client()));
  const std::string name(params.at("name").as_string());
  const json::object arguments = params.at("arguments").as_object();
  const json::value* given = arguments.if_contains("text");
  const std::string said = given ? std::string(given->as_string()) : "";
  if (is("error_result")) {
    json::object result = text("there is no " + said);
    result["isError"] = true;
    return reply(id, result);
  }
  if (name == "where") {
    const char* variable = std::getenv(said.c_str());
    return reply(id, text(said.empty() ? std::to_string(::getpid())
                          : variable   ? variable
                                       : "unset"));
  }
  if (name == "note") std::ofstream("note.txt", std::ios::app) << said << "\n";
  reply(id, text("echo: " + said));
}

}  // namespace

int main(int count, char** words) {
  manner = count > 1 ? words[1] : "well";
  if (is("loud"))
    for (int i = 0; i < 200'000; ++i) std::cerr << "a line of the log that says nothing\n";
  // What it starts does not go with its group.
  if (is("forks") && ::fork() == 0) {
    ::setsid();
    hang();
  }
  std::string line;
  while (std::getline(std::cin, line)) {
    const json::object message = json::parse(line).as_object();
    const json::value* id = message.if_contains("id");
    if (!id) continue;
    const json::value* given = message.if_contains("params");
    const json::object params = given ? given->as_object() : json::object();
    const json::string& method = message.at("method").as_string();
    if (method == "initialize")
      initialize(*id);
    else if (method == "tools/list")
      list(*id, params);
    else if (method == "tools/call")
      call(*id, params);
    else
      fail(*id, -32601, "no such method");
  }
  if (is("ignores_its_end")) hang();
}
