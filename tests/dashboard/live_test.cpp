// The stream of events, and the command that serves it all.
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <memory>

#include "core/session/record/session_store.hpp"
#include "tests/dashboard/served.hpp"
#include "tests/support/made_up_home.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/record/session_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;
namespace net = Poco::Net;

namespace {

/** A browser's connection to the events. */
class Listener {
 public:
  explicit Listener(const Served& served)
      : session_("127.0.0.1", static_cast<Poco::UInt16>(served.port())) {
    session_.setTimeout(Poco::Timespan(60, 0));
    net::HTTPRequest request("GET", "/events", net::HTTPRequest::HTTP_1_1);
    for (const auto& [name, value] : served.known()) request.add(name, value);
    session_.sendRequest(request);
    in_ = &session_.receiveResponse(response_);
  }

  int status() const { return response_.getStatus(); }
  std::string type() const { return response_.getContentType(); }
  /** The next line that begins so; empty when the stream ends before. */
  std::string line(const std::string& start) {
    for (std::string text; std::getline(*in_, text);)
      if (text.rfind(start, 0) == 0) return text;
    return {};
  }

 private:
  net::HTTPClientSession session_;
  net::HTTPResponse response_;
  std::istream* in_;
};

struct Home {
  Home() { make_home(path, config_for_models("http://127.0.0.1:9"), {}); }
  TemporaryDirectory directory;
  std::filesystem::path path = directory.path() / "home";
};

/** `jarvis dashboard` at work. */
class Dashboard {
 public:
  Dashboard(const Home& home, std::vector<std::string> more = {}) {
    std::vector<std::string> words{JARVIS_PROGRAM, "--home", home.path.string(), "--json",
                                   "dashboard"};
    words.insert(words.end(), more.begin(), more.end());
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, ends[1], 1);
    REQUIRE(::posix_spawn(&pid_, pointers[0], &files, nullptr, pointers.data(), environ) == 0);
    posix_spawn_file_actions_destroy(&files);
    ::close(ends[1]);
    out_ = ends[0];
  }
  ~Dashboard() {
    if (pid_ > 0) end(SIGKILL);
    ::close(out_);
  }
  Dashboard(const Dashboard&) = delete;
  Dashboard& operator=(const Dashboard&) = delete;

  /** The link in what it prints first. */
  std::string address() {
    std::string text;
    char c;
    while (text.find("}\n") == std::string::npos && ::read(out_, &c, 1) == 1) text += c;
    return std::string(boost::json::parse(text).at("url").as_string());
  }
  int end(int signal) {
    ::kill(pid_, signal);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_ = 0;
  int out_ = -1;
};

}  // namespace

TEST_CASE("dashboard: whatever changes in the home is told to who listens") {
  const Home home;
  const Served served(home.path);
  Listener listener(served);
  CHECK(listener.status() == 200);
  CHECK(listener.type() == "text/event-stream");
  CHECK(listener.line("retry:") == "retry: 2000");
  const Session session = full_session();
  REQUIRE(SessionStore(home.path).save(session));
  CHECK(listener.line("event:") == "event: change");
  home.directory.write("home/learning/sessions/" + session.id + "/steps.jsonl", "{}\n");
  CHECK(listener.line("event:") == "event: change");
  REQUIRE(ReviewQueue(home.path).add({session.id, session.outcomes[1].edit, "", "", ""}));
  CHECK(listener.line("event:") == "event: change");
}

TEST_CASE("dashboard: more listeners than it takes are sent away, and it goes on") {
  const Home home;
  const Served served(home.path);
  std::vector<std::unique_ptr<Listener>> listeners;
  for (int i = 0; i < 8; ++i) listeners.push_back(std::make_unique<Listener>(served));
  for (const auto& listener : listeners) CHECK(listener->status() == 200);
  CHECK(Listener(served).status() == 503);
  CHECK(served.get("/").status == 200);
}

TEST_CASE("dashboard: the command serves until it is told to stop") {
  const Home home;
  for (const int signal : {SIGINT, SIGTERM}) {
    Dashboard dashboard(home, {"--no-open"});
    const std::string address = dashboard.address();
    CHECK(address.rfind("http://127.0.0.1:", 0) == 0);
    const Served served(address);
    CHECK(served.get("/sessions").status == 200);
    const Listener listener(served);
    CHECK(dashboard.end(signal) == 0);
  }
}

TEST_CASE("dashboard: a port that is taken, or is none, is said") {
  const Home home;
  Dashboard first(home);
  const Served served(first.address());
  const auto run = [&](const std::string& port) {
    return run_program(
        {{JARVIS_PROGRAM, "--home", home.path.string(), "dashboard", "--no-open", "--port", port},
         {{"HOME", home.directory.path().string()}},
         home.directory.path()});
  };
  const Finished taken = run(std::to_string(served.port()));
  CHECK(taken.status == 1);
  CHECK(taken.err.find("cannot serve on 127.0.0.1:" + std::to_string(served.port())) !=
        std::string::npos);
  for (const char* port : {"65536", "-1", "x"}) CHECK(run(port).status == 2);
}

TEST_CASE("dashboard: without a home there is nothing to serve") {
  const TemporaryDirectory directory;
  const Finished none =
      run_program({{JARVIS_PROGRAM, "--home", (directory.path() / "none").string(), "dashboard"},
                   {{"HOME", directory.path().string()}},
                   directory.path()});
  CHECK(none.status == 1);
  CHECK(none.err.find("there is no home") != std::string::npos);
}
