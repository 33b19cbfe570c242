// A person's way through the dashboard in a real browser, with scripts and without. Where no
// browser is installed it says so and does nothing. JARVIS_SCREENSHOTS=FOLDER keeps pictures of the
// pages.
#include "tests/dashboard/browser/browser.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <cstdlib>
#include <mutex>

#include "core/dashboard/server.hpp"
#include "core/ports/clock.hpp"
#include "tests/e2e/world.hpp"

using namespace jarvis::testing;
namespace json = boost::json;

namespace {

class ZeroClock : public jarvis::Clock {
 public:
  double now() const override { return 0; }
};

/** Stops the teacher before it plans, so that a session is seen at work. */
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [this] { return is_open_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    opened_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool is_open_ = false;
};

/** One edit that is rejected, one that is accepted, and two that wait for a person. */
FakeBehaviour two_that_wait(Gate& gate) {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  behaviour.edits[3] = edit(
      "other", "replace_system_prompt",
      {{"agent", "simple"}, {"new_content", "You serve the shops.\nEnd with a line FINAL.\n"}});
  behaviour.before_plan = [&gate] { gate.pass(); };
  return behaviour;
}

struct Stage {
  explicit Stage(Browser::Scripts scripts) : browser(scripts) {
    ::setenv("FERRENMARK_KEY", "heron", 1);
    auto started =
        jarvis::dashboard::Server::start({world.home, clock, JARVIS_PROGRAM, "1.2.3"}, 0);
    REQUIRE(started);
    server = std::move(*started);
    const std::string link = server->address();
    base = link.substr(0, link.find("/?"));
    browser.open(link);
    browser.wait_for_address(base + "/");
    browser.wait_for("What the agent has learned");
  }
  ~Stage() { gate.open(); }

  Gate gate;
  World world{two_that_wait(gate)};
  ZeroClock clock;
  std::unique_ptr<jarvis::dashboard::Server> server;
  std::string base;
  Browser browser;

  void open(const std::string& path) { browser.open(base + path); }
  json::object session() const {
    const auto history = world.run({"learning", "history"}).json();
    return world.run({"learning", "show", text_at(history, "/sessions/0/id")}).json();
  }
  std::string edit_id(std::size_t index) const {
    return text_at(session().at("edits").at(index), "/id");
  }
};

constexpr const char* kRunning = ">running</span>";
constexpr const char* kDone = ">done</span>";

/** The stream of a page begins when it is told to. */
constexpr const char* kLateStream = R"(
  const Stream = window.EventSource;
  window.EventSource = class {
    constructor(address) {
      const listeners = [];
      this.addEventListener = (name, listener) => listeners.push([name, listener]);
      this.close = () => {};
      window.openLateStream = () => {
        const stream = new Stream(address);
        for (const [name, listener] of listeners) stream.addEventListener(name, listener);
      };
    }
  };
)";

void keep_pictures(Stage& stage, const std::string& name, const std::string& path) {
  const char* folder = std::getenv("JARVIS_SCREENSHOTS");
  if (!folder) return;
  for (const int width : {1280, 390})
    for (const bool dark : {false, true}) {
      stage.browser.set_screen(width, dark);
      stage.open(path);
      stage.browser.screenshot(
          std::filesystem::path(folder) /
          (name + "-" + std::to_string(width) + (dark ? "-dark" : "-light") + ".png"));
    }
  stage.browser.set_screen(1280, false);
}

/** Texts whose contrast with what is behind them is below WCAG 2.1 AA (4.5, large ones 3), each with
 * its ratio; the formulas are those of WCAG's "relative luminance" and "contrast ratio". */
constexpr const char* kFaintTexts = R"(
  const channels = (color) => {
    const [red, green, blue, alpha = 1] = color.match(/[\d.]+/g).map(Number);
    return { rgb: [red, green, blue], alpha };
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => {
      const share = value / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const over = (front, alpha, back) => front.map((value, i) => value * alpha + back[i] * (1 - alpha));
  const behind = (element) => {
    if (!element) return [255, 255, 255];
    const { rgb, alpha } = channels(getComputedStyle(element).backgroundColor);
    return alpha === 1 ? rgb : over(rgb, alpha, behind(element.parentElement));
  };
  const faint = [];
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3)
        .map((node) => node.data).join("").trim();
    if (!text || !element.checkVisibility() || element.closest(".visually-hidden")) continue;
    const style = getComputedStyle(element);
    const isDrawn = element instanceof SVGElement;
    const { rgb, alpha } = channels(isDrawn ? style.fill : style.color);
    const back = behind(element.closest("svg") || element);
    const lights = [luminance(over(rgb, alpha, back)), luminance(back)].sort((a, b) => b - a);
    const ratio = (lights[0] + 0.05) / (lights[1] + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) faint.push(text.slice(0, 30) + " " + ratio.toFixed(2));
  }
  return faint.join("; ");
)";

void check_contrast(Stage& stage, const std::string& path) {
  for (const bool dark : {false, true}) {
    CAPTURE(path);
    CAPTURE(dark);
    stage.browser.set_screen(1280, dark);
    stage.open(path);
    const json::value faint = stage.browser.run(kFaintTexts);
    CHECK_MESSAGE(faint.as_string().empty(), std::string(faint.as_string()));
  }
  stage.browser.set_screen(1280, false);
}

/** Nothing of a page lies beside the screen. */
void check_fits(Stage& stage, const std::string& path) {
  for (const int width : {390, 1280}) {
    stage.browser.set_screen(width, false);
    stage.open(path);
    CAPTURE(path);
    CHECK(stage.browser.run("return document.documentElement.scrollWidth").to_number<int>() <=
          width);
  }
}

void go_the_way(Stage& stage, Browser::Scripts scripts) {
  const bool live = scripts == Browser::Scripts::run;
  Browser& browser = stage.browser;
  browser.click("//button[text()='Run a session now']");
  browser.wait_for_address(stage.base + "/actions/1");
  browser.wait_for(kRunning);
  if (live) browser.run("window.sameDocument = true");
  browser.wait_for("Plan begins");
  CHECK(browser.source().find(kRunning) != std::string::npos);
  if (live) keep_pictures(stage, "running", "/");
  if (live) stage.open("/actions/1");
  if (live) browser.run("window.sameDocument = true");
  stage.gate.open();
  browser.wait_for(kDone);
  if (live) CHECK(browser.run("return window.sameDocument === true").as_bool());

  const std::string approved = stage.edit_id(2), rejected = stage.edit_id(3);
  const std::string session = text_at(stage.session(), "/session/id");
  browser.click("//a[starts-with(@href,'/review')]");
  browser.wait_for(approved);
  if (live) keep_pictures(stage, "review", "/review");
  if (live) check_contrast(stage, "/review");
  stage.open("/review");
  browser.click("//form[@action='/review/" + approved + "/approve']//button");
  browser.wait_for_address(stage.base + "/actions/2");
  browser.wait_for(kDone);
  CHECK(browser.source().find(">applied</span>") != std::string::npos);

  stage.open("/review");
  browser.type("//input[@id='reason-" + rejected + "']", "too \"short\" <b>");
  browser.click("//form[@action='/review/" + rejected + "/reject']//button");
  browser.wait_for(kDone);
  CHECK(text_at(stage.session().at("edits").at(3), "/reject_reason") == "too \"short\" <b>");

  stage.open("/traces");
  browser.click("(//button[@aria-label='Wrong'])[1]");
  browser.wait_for_address(stage.base + "/traces?");
  browser.wait_for("aria-label=\"Wrong\" aria-pressed=\"true\"");

  if (live)
    for (const std::string& path :
         {std::string("/"), std::string("/sessions"), "/sessions/" + session,
          "/sessions/" + session + "/conversation", std::string("/benchmark"),
          std::string("/traces"), std::string("/plugins"), std::string("/settings"),
          std::string("/actions/2")}) {
      std::string name = path == "/" ? "overview" : path.substr(1);
      if (path.find(session) != std::string::npos)
        name = path.ends_with("conversation") ? "conversation" : "session";
      std::replace(name.begin(), name.end(), '/', '-');
      keep_pictures(stage, name, path);
      check_fits(stage, path);
      check_contrast(stage, path);
    }

  stage.open("/sessions/" + session);
  browser.click("//button[text()='Roll back the applied edits']");
  browser.wait_for(kDone);
  CHECK(text_at(stage.session(), "/session/status") == "rolled_back");
  stage.open("/sessions/" + session);
  CHECK(browser.source().find(">rolled back</span>") != std::string::npos);
}

bool can_browse() {
  const std::string missing = Browser::missing();
  if (!missing.empty()) MESSAGE("not tested: there is no ", missing, " on this machine");
  return missing.empty();
}

}  // namespace

TEST_CASE("browser: a session is seen live, its edits approved, rejected and rolled back") {
  if (!can_browse()) return;
  Stage stage(Browser::Scripts::run);
  go_the_way(stage, Browser::Scripts::run);
}

TEST_CASE("browser: the same without scripts") {
  if (!can_browse()) return;
  Stage stage(Browser::Scripts::off);
  go_the_way(stage, Browser::Scripts::off);
}

TEST_CASE("browser: what changes before a page has its stream is seen") {
  if (!can_browse()) return;
  Stage stage(Browser::Scripts::run);
  stage.gate.open();
  REQUIRE(stage.world.run({"learning", "run"}).status == 0);
  stage.browser.run_first(kLateStream);
  stage.open("/review");
  stage.browser.wait_for(">2</span><span class=\"visually-hidden\"> waiting");
  REQUIRE(stage.world.run({"learning", "reject", stage.edit_id(3)}).status == 0);
  stage.browser.run("window.openLateStream()");
  stage.browser.wait_for(">1</span><span class=\"visually-hidden\"> waiting");
}

TEST_CASE("browser: the keyboard reaches the content first, and every field has a name") {
  if (!can_browse()) return;
  Stage stage(Browser::Scripts::run);
  stage.open("/traces");
  const auto first = stage.browser.run(
      "const all = [...document.querySelectorAll('a, button, input:not([type=hidden])')];"
      "return all[0].getAttribute('href');");
  CHECK(first.as_string() == "#content");
  const auto nameless = stage.browser.run(
      "return [...document.querySelectorAll('button, input:not([type=hidden])')].filter(e => "
      "!(e.ariaLabel || e.textContent.trim() || (e.labels && e.labels.length))).length;");
  CHECK(nameless.to_number<int>() == 0);
  const auto headless = stage.browser.run(
      "return [...document.querySelectorAll('th')].filter(e => !e.scope).length;");
  CHECK(headless.to_number<int>() == 0);
}
