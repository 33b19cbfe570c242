#include "tests/dashboard/browser/browser.hpp"

#include <Poco/Base64Decoder.h>
#include <Poco/Environment.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Path.h>
#include <Poco/StreamCopier.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace jarvis::testing {

namespace json = boost::json;
namespace net = Poco::Net;

namespace {

constexpr auto kPatience = std::chrono::seconds(60);
constexpr auto kLook = std::chrono::milliseconds(100);
constexpr const char* kElementKey = "element-6066-11e4-a52e-4f735466cecf";
constexpr int kTallestShot = 4000;

void until(const std::string& what, const std::function<bool()>& is_so) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > end)
      throw std::runtime_error("waited in vain for " + what);
    std::this_thread::sleep_for(kLook);
  }
}

json::object capabilities(Browser::Scripts scripts) {
  json::object options{
      {"args",
       {"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--hide-scrollbars", "--window-size=1280,900"}}};
  if (scripts == Browser::Scripts::off)
    options["prefs"] = {{"profile.managed_default_content_settings.javascript", 2}};
  return {{"capabilities", {{"alwaysMatch", {{"goog:chromeOptions", std::move(options)}}}}}};
}

}  // namespace

std::string program_on_path(const std::string& name) {
  Poco::Path found;
  return Poco::Path::find(Poco::Environment::get("PATH", ""), name, found) ? found.toString() : "";
}

std::string Browser::missing() {
  if (program_on_path("chromedriver").empty()) return "chromedriver";
  if (program_on_path("chromium").empty() && program_on_path("google-chrome").empty())
    return "chromium";
  return {};
}

Browser::Browser(Scripts scripts) {
  start_driver();
  try {
    const json::value made = call("POST", "/session", capabilities(scripts));
    session_ = std::string(made.at("sessionId").as_string());
  } catch (...) {
    stop_driver();
    throw;
  }
}

Browser::~Browser() {
  try {
    call("DELETE", "/session/" + session_);
  } catch (const std::exception&) {
    // The driver goes next, and takes the browser with it.
  }
  stop_driver();
}

void Browser::start_driver() {
  std::string program = program_on_path("chromedriver"), port = "--port=0";
  char* words[] = {program.data(), port.data(), nullptr};
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, ends[1], 1);
  posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
  const int error = ::posix_spawn(&driver_, program.c_str(), &files, nullptr, words, environ);
  posix_spawn_file_actions_destroy(&files);
  ::close(ends[1]);
  driver_out_ = ends[0];
  if (error != 0) throw std::runtime_error("cannot start chromedriver");
  const std::string before = "successfully on port ";
  std::string said;
  char c;
  while (said.find(before) == std::string::npos || said.back() != '\n')
    if (::read(driver_out_, &c, 1) == 1)
      said += c;
    else
      throw std::runtime_error("chromedriver did not start: " + said);
  port_ = std::stoi(said.substr(said.find(before) + before.size()));
}

void Browser::stop_driver() {
  if (driver_ > 0) {
    ::kill(driver_, SIGTERM);
    ::waitpid(driver_, nullptr, 0);
  }
  ::close(driver_out_);
}

json::value Browser::call(const std::string& method, const std::string& path,
                          const json::value& body) {
  net::HTTPClientSession session("127.0.0.1", static_cast<Poco::UInt16>(port_));
  session.setTimeout(Poco::Timespan(90, 0));
  net::HTTPRequest request(method, path, net::HTTPRequest::HTTP_1_1);
  const std::string text = body.is_null() ? "" : json::serialize(body);
  request.setContentType("application/json");
  request.setContentLength(static_cast<std::streamsize>(text.size()));
  session.sendRequest(request) << text << std::flush;
  net::HTTPResponse response;
  std::string answer;
  Poco::StreamCopier::copyToString(session.receiveResponse(response), answer);
  json::value value = json::parse(answer).at("value");
  if (response.getStatus() != 200)
    throw std::runtime_error(method + " " + path + ": " +
                             std::string(value.at("message").as_string()));
  return value;
}

json::value Browser::devtools(const std::string& command, const json::object& parameters) {
  return call("POST", "/session/" + session_ + "/goog/cdp/execute",
              json::object{{"cmd", command}, {"params", parameters}});
}

void Browser::open(const std::string& address) {
  call("POST", "/session/" + session_ + "/url", json::object{{"url", address}});
}

std::string Browser::address() {
  return std::string(call("GET", "/session/" + session_ + "/url").as_string());
}

std::string Browser::source() {
  return std::string(call("GET", "/session/" + session_ + "/source").as_string());
}

std::string Browser::element(const std::string& xpath) {
  const json::value found = call("POST", "/session/" + session_ + "/element",
                                 json::object{{"using", "xpath"}, {"value", xpath}});
  return std::string(found.at(kElementKey).as_string());
}

void Browser::click(const std::string& xpath) {
  std::string why;
  // What is there may be replaced between it is found and it is clicked: the page is live.
  until("a click on " + xpath, [&] {
    try {
      call("POST", "/session/" + session_ + "/element/" + element(xpath) + "/click",
           json::object());
      return true;
    } catch (const std::runtime_error& error) {
      why = error.what();
      return false;
    }
  });
}

void Browser::type(const std::string& xpath, const std::string& text) {
  call("POST", "/session/" + session_ + "/element/" + element(xpath) + "/value",
       json::object{{"text", text}});
}

void Browser::wait_for(const std::string& text) {
  until("'" + text + "'", [&] { return source().find(text) != std::string::npos; });
}

void Browser::wait_for_address(const std::string& start) {
  until("the address " + start, [&] { return address().rfind(start, 0) == 0; });
}

json::value Browser::run(const std::string& script) {
  return call("POST", "/session/" + session_ + "/execute/sync",
              json::object{{"script", script}, {"args", json::array()}});
}

void Browser::run_first(const std::string& script) {
  devtools("Page.addScriptToEvaluateOnNewDocument", {{"source", script}});
}

void Browser::set_screen(int width, bool dark) {
  width_ = width;
  devtools("Emulation.setDeviceMetricsOverride",
           {{"width", width}, {"height", 900}, {"deviceScaleFactor", 1}, {"mobile", false}});
  devtools(
      "Emulation.setEmulatedMedia",
      {{"features", {{{"name", "prefers-color-scheme"}, {"value", dark ? "dark" : "light"}}}}});
}

void Browser::screenshot(const std::filesystem::path& file) {
  const auto height = std::min<std::int64_t>(
      run("return document.documentElement.scrollHeight").to_number<std::int64_t>(), kTallestShot);
  const json::value taken = devtools(
      "Page.captureScreenshot",
      {{"captureBeyondViewport", true},
       {"clip", {{"x", 0}, {"y", 0}, {"width", width_}, {"height", height}, {"scale", 1}}}});
  std::istringstream encoded{std::string(taken.at("data").as_string())};
  Poco::Base64Decoder decoder(encoded);
  std::filesystem::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary);
  Poco::StreamCopier::copyStream(decoder, out);
}

}  // namespace jarvis::testing
