// Who may ask the dashboard for what, over real connections.
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/ThreadPool.h>
#include <doctest/doctest.h>

#include "core/dashboard/http_serving.hpp"
#include "tests/dashboard/served.hpp"
#include "tests/support/made_up_home.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis::testing;

namespace {

struct Site {
  Site() {
    make_home(home, config_for_models("http://127.0.0.1:9"), {made_up_trace(0, 50)});
    served = std::make_unique<Served>(home);
  }
  TemporaryDirectory directory;
  std::filesystem::path home = directory.path() / "home";
  std::unique_ptr<Served> served;

  std::string trace() const { return made_up_trace(0, 50).id; }
};

/** A request that must be refused, and how. */
struct Refused {
  const char* name;
  int status;
  std::string method;
  std::string target;
  Headers headers;
  std::string body = {};
};

const std::vector<std::string> kPages{"/",         "/sessions", "/review",  "/benchmark", "/traces",
                                      "/settings", "/actions",  "/plugins", "/events"};

}  // namespace

TEST_CASE("dashboard: who has not signed in gets nothing of the home") {
  const Site site;
  const Served& served = *site.served;
  std::vector<std::string> targets = kPages;
  targets.insert(targets.end(), {"/static/style.css", "/static/live.js", "/static/icon.svg",
                                 "/traces/" + site.trace(), "/nothing", "/../x"});
  const std::string name = served.cookie().substr(0, served.cookie().find('='));
  const std::vector<std::string> cookies{"",
                                         name + "=",
                                         name + "=x",
                                         name + "=" + std::string(64, '0'),
                                         "x" + served.cookie(),
                                         served.cookie() + "0",
                                         served.cookie().substr(0, served.cookie().size() - 1)};
  for (const std::string& target : targets)
    for (const std::string& cookie : cookies) {
      CAPTURE(target);
      CAPTURE(cookie);
      const Answer answer =
          send_request(served.port(), "GET", target, {{"Host", served.host()}, {"Cookie", cookie}});
      CHECK(answer.status == 401);
      CHECK_FALSE(answer.has(site.home.string()));
      CHECK_FALSE(answer.has("csrf"));
    }
  const Answer posted = send_request(served.port(), "POST", "/run",
                                     {{"Host", served.host()},
                                      {"Origin", "http://" + served.host()},
                                      {"Content-Type", "application/x-www-form-urlencoded"}},
                                     form_text({{"csrf", served.csrf()}}));
  CHECK(posted.status == 401);
}

TEST_CASE("dashboard: its link works once") {
  const Site site;
  const Served& served = *site.served;
  const std::string target = served.address().substr(served.address().find("/?"));
  for (int i = 0; i < 3; ++i) {
    const Answer again = send_request(served.port(), "GET", target, {{"Host", served.host()}});
    CHECK(again.status == 401);
    CHECK(again.header("set-cookie").empty());
    CHECK(again.has("used before"));
  }
  for (const char* wrong : {"/?token=", "/?token=x", "/?Token=x"}) {
    CAPTURE(wrong);
    CHECK(send_request(served.port(), "GET", wrong, {{"Host", served.host()}}).status == 401);
  }
  SUBCASE("who is signed in is led on by it") {
    const Answer known = served.get(target);
    CHECK(known.status == 303);
    CHECK(known.header("location") == "/");
  }
}

TEST_CASE("dashboard: what looks at a link without opening it leaves it whole") {
  TemporaryDirectory directory;
  make_home(directory.path() / "home", config_for_models("http://127.0.0.1:9"), {});
  class Now : public jarvis::Clock {
    double now() const override { return 0; }
  } clock;
  const auto server =
      jarvis::dashboard::Server::start({directory.path() / "home", clock, JARVIS_PROGRAM, "1"}, 0);
  REQUIRE(server);
  const std::string address = (*server)->address();
  const std::string target = address.substr(address.find("/?"));
  const int port = std::stoi(address.substr(address.find("1:") + 2));
  const std::string host = "127.0.0.1:" + std::to_string(port);
  CHECK(send_request(port, "HEAD", target, {{"Host", host}}).status == 401);
  CHECK(send_request(port, "POST", target, {{"Host", host}}).status == 401);
  CHECK(send_request(port, "GET", target, {{"Host", "evil.example"}}).status == 403);
  const Answer opened = send_request(port, "GET", target, {{"Host", host}});
  CHECK(opened.status == 200);
  CHECK(opened.has("http-equiv=\"refresh\" content=\"0;url=/\""));
  const std::string cookie = opened.header("set-cookie");
  for (const char* part : {"; HttpOnly", "; SameSite=Strict", "; Path=/"})
    CHECK(cookie.find(part) != std::string::npos);
  CHECK(cookie.find(target.substr(target.find('=') + 1)) == std::string::npos);
}

TEST_CASE("dashboard: another host's requests are refused, signed in or not") {
  const Site site;
  const Served& served = *site.served;
  const std::string port = std::to_string(served.port());
  for (const std::string& host :
       {std::string("evil.example"), "evil.example:" + port, "127.0.0.1.evil.example:" + port,
        std::string("127.0.0.1"), std::string("localhost"), "127.0.0.1:" + port + "0",
        "[::1]:" + port, "0.0.0.0:" + port, "LocalHost:" + port, "127.0.0.1:" + port + ".",
        "a@127.0.0.1:" + port})
    for (const char* target : {"/", "/sessions", "/static/live.js", "/events"}) {
      CAPTURE(host);
      CAPTURE(target);
      const Answer answer =
          send_request(served.port(), "GET", target, {{"Host", host}, {"Cookie", served.cookie()}});
      CHECK(answer.status == 403);
      CHECK_FALSE(answer.has(site.home.string()));
    }
  CHECK(send_bytes(served.port(), "GET / HTTP/1.1\r\nCookie: " + served.cookie() + "\r\n\r\n")
            .rfind("HTTP/1.1 403", 0) == 0);
  CHECK(send_bytes(served.port(), "GET / HTTP/1.1\r\nHost: " + served.host() +
                                      "\r\nHost: evil.example\r\nCookie: " + served.cookie() +
                                      "\r\n\r\n")
            .rfind("HTTP/1.1 403", 0) == 0);
  Headers local = served.known();
  local[0].second = "localhost:" + port;
  CHECK(send_request(served.port(), "GET", "/", local).status == 200);
}

TEST_CASE("dashboard: methods, addresses and forms that are none of its own are refused") {
  const Site site;
  const Served& served = *site.served;
  const std::string own = "http://" + served.host();
  const std::string form = "application/x-www-form-urlencoded";
  const std::string good = form_text({{"csrf", served.csrf()}, {"score", "1"}});
  const std::string rate = "/traces/" + site.trace() + "/rate";
  const auto with = [&](Headers more) {
    Headers headers = served.known();
    headers.insert(headers.end(), more.begin(), more.end());
    return headers;
  };
  const Headers known = served.known();
  const Headers right = with({{"Origin", own}, {"Content-Type", form}});
  std::vector<Refused> requests;
  for (const char* method :
       {"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "Post", "X"})
    requests.push_back({method, 405, method, "/", known});
  for (const char* target : {"/nothing",
                             "/sessions/",
                             "/sessions//x",
                             "/../etc/passwd",
                             "/sessions/../../config.toml",
                             "/sessions/..%2f..%2fconfig.toml",
                             "/sessions/%2e%2e/%2e%2e/config.toml",
                             "/static/../config.toml",
                             "/static/%2e%2e/config.toml",
                             "/static/none.css",
                             "/static",
                             "/static/style.css/x",
                             "/sessions/session-1",
                             "/sessions/.git",
                             "/sessions/-x",
                             "/sessions/a%00",
                             "/sessions/x/conversation",
                             "/sessions/x/y",
                             "/traces/none",
                             "/traces/..",
                             "/traces/a%2fb",
                             "/actions/1",
                             "/actions/x",
                             "/actions/-1",
                             "/actions/99999999999999999999",
                             "/review/x",
                             "/config.toml",
                             "/.git/config",
                             "/learning/lock",
                             "/sessions\\..\\x",
                             "//evil.example/",
                             "http://evil.example/"})
    requests.push_back({target, 404, "GET", target, known});
  for (const char* target :
       {"/", "/sessions", "/review", "/review/none/approve", "/review/none/reject",
        "/sessions/none/rollback", "/sessions/none/resume", "/traces/none/rate",
        "/review/../review/x/approve", "/review/%2e%2e/approve", "/run/x", "/traces/x/delete"})
    requests.push_back({target, 404, "POST", target, right, good});
  const std::vector<std::pair<const char*, Headers>> foreign{
      {"no origin at all", with({{"Content-Type", form}})},
      {"another origin", with({{"Origin", "http://evil.example"}, {"Content-Type", form}})},
      {"another scheme", with({{"Origin", "https://" + served.host()}, {"Content-Type", form}})},
      {"another port", with({{"Origin", "http://127.0.0.1:1"}, {"Content-Type", form}})},
      {"another name of it", with({{"Origin", "http://localhost:" + std::to_string(served.port())},
                                   {"Content-Type", form}})},
      {"an opaque origin", with({{"Origin", "null"}, {"Content-Type", form}})},
      {"two origins", with({{"Origin", own}, {"Origin", own}, {"Content-Type", form}})},
      {"another site's form",
       with({{"Origin", own}, {"Sec-Fetch-Site", "cross-site"}, {"Content-Type", form}})},
      {"a frame without an origin",
       with({{"Origin", "null"}, {"Sec-Fetch-Site", "cross-site"}, {"Content-Type", form}})},
      {"another port's form", with({{"Sec-Fetch-Site", "same-site"}, {"Content-Type", form}})}};
  for (const auto& [name, headers] : foreign)
    for (const std::string& target : {rate, std::string("/run"), std::string("/review/x/approve")})
      requests.push_back({name, 403, "POST", target, headers, good});
  for (const std::string& body :
       {std::string(), std::string("score=1"), std::string("csrf=&score=1"),
        std::string("csrf=x&score=1"), "csrf=" + std::string(64, '0') + "&score=1",
        good + "&csrf=" + served.csrf(), good + "&x=%", "csrf=" + served.csrf() + "0&score=1",
        std::string("{\"csrf\":\"") + served.csrf() + "\"}"})
    requests.push_back({"a form without its token", 403, "POST", rate, right, body});
  requests.push_back({"no form at all", 403, "POST", rate,
                      with({{"Origin", own}, {"Content-Type", "application/json"}}), good});
  requests.push_back({"plain text", 403, "POST", rate,
                      with({{"Origin", own}, {"Content-Type", "text/plain"}}), good});
  requests.push_back({"no type", 403, "POST", rate, with({{"Origin", own}}), good});
  requests.push_back({"a form that is too long", 413, "POST", rate, right,
                      good + "&x=" + std::string(20000, 'x')});
  requests.push_back({"a body without end", 413, "POST", rate, right, std::string(200000, 'x')});
  requests.push_back({"a body with a page", 413, "GET", "/", known, std::string(200000, 'x')});
  requests.push_back({"headers that are too long", 413, "GET", "/",
                      with({{"X-A", std::string(8000, 'x')},
                            {"X-B", std::string(8000, 'x')},
                            {"X-C", std::string(4000, 'x')}})});
  CHECK(requests.size() >= 80);
  for (const Refused& refused : requests) {
    CAPTURE(refused.name);
    CAPTURE(refused.target);
    CAPTURE(refused.body.substr(0, 100));
    const Answer answer =
        send_request(served.port(), refused.method, refused.target, refused.headers, refused.body);
    CHECK(answer.status == refused.status);
    if (refused.status == 405) CHECK(answer.header("allow") == "GET, HEAD, POST");
  }
  // None of them rated the answer, or started anything.
  const double before = made_up_trace(0, 50).feedback.value();
  CHECK(served.get("/traces/" + site.trace()).has(before == 1.0 ? "100 %" : "0 %"));
  CHECK(served.get("/actions").has("Nothing was started"));
  CHECK(send_request(served.port(), "POST", rate, right, good).status == 303);
}

TEST_CASE("dashboard: bytes that are no request end the connection and nothing else") {
  const Site site;
  const Served& served = *site.served;
  const std::string many(200, 'h');
  std::string fields = "GET / HTTP/1.1\r\nHost: " + served.host() + "\r\n";
  for (int i = 0; i < 300; ++i) fields += "X-" + std::to_string(i) + ": 1\r\n";
  for (const std::string& bytes :
       {std::string("\r\n\r\n"), std::string("GET\r\n\r\n"), std::string(1000, '\0') + "\r\n\r\n",
        "GET /" + std::string(20000, 'a') + " HTTP/1.1\r\nHost: " + served.host() + "\r\n\r\n",
        fields + "\r\n", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),
        "GET / HTTP/9.9\r\nHost: " + served.host() + "\r\n\r\n",
        "POST /run HTTP/1.1\r\nHost: " + served.host() + "\r\nContent-Length: -5\r\n\r\n",
        "POST /run HTTP/1.1\r\nHost: " + served.host() + "\r\nTransfer-Encoding: x\r\n\r\n"}) {
    CAPTURE(bytes.substr(0, 60));
    const std::string answer = send_bytes(served.port(), bytes);
    CHECK(answer.rfind("HTTP/1.1 2", 0) == std::string::npos);
  }
  CHECK(served.get("/").status == 200);
}

TEST_CASE("dashboard: every answer tells the browser to do no more than to show it") {
  const Site site;
  const Served& served = *site.served;
  std::vector<Answer> answers;
  for (const char* target : {"/", "/sessions", "/traces", "/settings", "/nothing", "/../x",
                             "/static/style.css", "/static/live.js", "/static/icon.svg"})
    answers.push_back(served.get(target));
  answers.push_back(send_request(served.port(), "GET", "/", {{"Host", served.host()}}));
  answers.push_back(send_request(served.port(), "GET", "/", {{"Host", "evil.example"}}));
  answers.push_back(send_request(served.port(), "PUT", "/", served.known()));
  answers.push_back(served.post("/review/none/approve"));
  for (const Answer& answer : answers) {
    const std::string policy = answer.header("content-security-policy");
    CHECK(policy ==
          "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src "
          "'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
    CHECK(answer.header("referrer-policy") == "no-referrer");
    CHECK(answer.header("x-content-type-options") == "nosniff");
    CHECK(answer.header("x-frame-options") == "DENY");
    CHECK(answer.header("cache-control") == "no-store");
    CHECK(answer.header("access-control-allow-origin").empty());
    for (const char* part : {"<script>", " style=", " onclick=", " onload=", "http://", "https://"})
      if (answer.header("content-type").rfind("text/html", 0) == 0 &&
          !answer.has("learning.distillation"))
        CHECK_FALSE(answer.has(part));
  }
  CHECK(served.get("/static/style.css").header("content-type") == "text/css; charset=utf-8");
  CHECK(served.get("/static/live.js").header("content-type") == "text/javascript; charset=utf-8");
}

TEST_CASE("dashboard: where a form leads back to adds no header to the answer") {
  const Site site;
  const std::string page = "/traces?q=kettle&page=2";
  const auto rated = [&](const std::string& back) {
    return site.served->post("/traces/" + site.trace() + "/rate", {{"score", "1"}, {"back", back}});
  };
  CHECK(rated(page).header("location") == page);
  for (const std::string end : {"\r\n", "\n", "\r", "\r\n\r\n<b>"}) {
    CAPTURE(end);
    const Answer answer = rated(page + end + "Set-Cookie: evil=1");
    CHECK(answer.status == 303);
    CHECK(answer.header("location") == "/traces/" + site.trace());
    CHECK(answer.header("set-cookie").empty());
    CHECK(answer.body.empty());
  }
}

TEST_CASE("http serving: an answer whose header would end its line is not sent") {
  Poco::ThreadPool threads(2, 2);
  const Poco::Net::ServerSocket socket(Poco::Net::SocketAddress("127.0.0.1", 0));
  std::string value;
  const auto server = jarvis::dashboard::http_server(
      [&](auto&, auto& response) {
        jarvis::dashboard::send({200, "text/plain", "secret", {{"X-Word", value}}}, response);
      },
      threads, socket);
  server->start();
  const auto answer = [&] {
    return send_request(socket.address().port(), "GET", "/", {{"Host", "127.0.0.1"}});
  };
  value = "one line, \xc3\xa4";
  CHECK(answer().header("x-word") == value);
  for (const std::string& split : {std::string("a\r\nSet-Cookie: evil=1"), std::string("a\nb"),
                                   std::string("a\rb"), std::string("a\0b", 3)}) {
    value = split;
    const Answer refused = answer();
    CHECK(refused.status == 500);
    CHECK(refused.header("x-word").empty());
    CHECK(refused.header("set-cookie").empty());
    CHECK_FALSE(refused.has("secret"));
  }
  server->stopAll(true);
  threads.joinAll();
}

TEST_CASE("dashboard: HEAD gets the headers of the page alone") {
  const Site site;
  const Served& served = *site.served;
  for (const char* target : {"/", "/sessions", "/static/style.css", "/events"}) {
    CAPTURE(target);
    const Answer answer = send_request(served.port(), "HEAD", target, served.known());
    CHECK(answer.status == 200);
    CHECK(answer.body.empty());
  }
}
