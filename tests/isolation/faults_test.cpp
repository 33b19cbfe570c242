// Every plugin of `faults` is used in a process of its own. What the host says of each stands in
// expected/<fault>.txt; JARVIS_TEST_WRITE_EXPECTED=1 writes those files anew.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <jarvis/sdk/payload/tool.hpp>
#include <mutex>
#include <sstream>

#include "core/host/isolation/isolated_plugin.hpp"
#include "tests/isolation/processes.hpp"
#include "tests/isolation/world.hpp"
#include "tests/support/loopback_server.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace fs = std::filesystem;

namespace {

std::string contents(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

/** Those of an outcome's lines that are the same everywhere. */
std::string comparable_lines(const std::string& text) {
  std::istringstream source(text);
  std::string lines;
  for (std::string line; std::getline(source, line);) lines += comparable(line) + "\n";
  return lines;
}

std::vector<std::string> faults() {
  std::vector<std::string> names;
  for (const auto& found : fs::directory_iterator(FAULTS))
    names.push_back(found.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

bool is_one_of(const std::string& name, std::initializer_list<const char*> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/** Why this machine cannot show what becomes of the fault. */
std::string reason_to_skip(const std::string& fault) {
  if (fault == "allocates_without_end" && is_sanitized())
    return "memory is not limited under a sanitizer";
  if (fault == "writes_outside_its_home" && landlock_version() < 3)
    return "the kernel's Landlock does not forbid to shorten files";
  if (fault == "reads_a_secret" && landlock_version() < 1) return "the kernel has no Landlock";
  if (fault == "signals_its_host" && landlock_version() < 6)
    return "the kernel's Landlock does not forbid signals";
  return {};
}

IsolationLimits limits_for(const std::string& fault) {
  IsolationLimits limits;
  if (fault == "allocates_without_end") limits.memory_bytes = std::uint64_t{256} << 20;
  if (is_one_of(fault, {"loops_for_ever", "floods_the_log", "ignores_cancel"}))
    limits.call_seconds = 0.3;
  if (fault == "hangs_in_init") limits.start_seconds = 0.3;
  return limits;
}

/** The plugin's log: some write there which process they left behind. */
class Log {
 public:
  Log() {
    send_plugin_log_to([this](const std::string&, std::int32_t, std::string_view text) {
      const std::lock_guard lock(mutex_);
      lines_.emplace_back(text);
    });
  }
  ~Log() {
    send_plugin_log_to([](const std::string&, std::int32_t, std::string_view) {});
  }

  std::vector<pid_t> processes() const {
    const std::lock_guard lock(mutex_);
    std::vector<pid_t> ids;
    for (const std::string& line : lines_)
      if (const int id = std::atoi(line.c_str()); id > 1) ids.push_back(id);
    return ids;
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return lines_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

/** What a plugin may be after, and the words that say where it is. */
struct Bait {
  const FaultWorld& world;
  LoopbackServer server{std::vector<ScriptedReply>{{}}};

  explicit Bait(const FaultWorld& fault_world) : world(fault_world) {
    std::ofstream(world.outside / "precious") << "untouched";
    ::setenv("ANTHROPIC_API_KEY", "secret", 1);
  }

  std::string words_for(const std::string& fault) const {
    if (fault == "reads_a_secret") return (world.outside / "precious").string();
    if (fault == "opens_a_network_socket") return server.url().substr(server.url().rfind(':') + 1);
    return world.outside.string();
  }

  bool is_untouched() const {
    return contents(world.outside / "precious") == "untouched" && server.connections() == 0 &&
           std::distance(fs::directory_iterator(world.outside), {}) == 1;
  }
};

CallContext context_for(const std::string& fault) {
  CallContext context;
  context.services = [](const std::string&, const json::object& request) {
    return Result<json::object>(request);
  };
  context.cancelled = [fault] { return is_one_of(fault, {"ignores_cancel", "heeds_cancel"}); };
  return context;
}

/** A fault that takes its time is tried in two functions. */
std::vector<PluginFunction> functions_for(const std::string& fault) {
  if (limits_for(fault).call_seconds < 1 || fault.find("_mb") != std::string::npos ||
      is_one_of(fault, {"allocates_without_end", "hangs_in_deinit", "shuts_the_socket"}))
    return {PluginFunction::edit_apply, PluginFunction::teacher_generate};
  return {std::begin(kMisbehaving), std::end(kMisbehaving)};
}

/** All that the host says of one fault: of two calls in a row, and a good one after each. */
std::string report(FaultWorld& world, const std::string& fault) {
  const auto plugin = world.load(fault);
  if (!plugin) {
    CHECK(world.load(fault).error().message == plugin.error().message);
    return plugin.error().message + "\n";
  }
  const Bait bait(world);
  std::string text;
  for (const PluginFunction function : functions_for(fault)) {
    const auto call = [&](const std::string& words) {
      return told(world.call(**plugin, function, words, context_for(fault)));
    };
    const std::string outcome = call(bait.words_for(fault));
    text += std::string(to_string(function)) + ": " + outcome + "\n";
    CHECK(call(kBeGood) == "ok");
    CHECK(comparable(call(bait.words_for(fault))) == comparable(outcome));
    CHECK(call(kBeGood) == "ok");
  }
  CHECK(bait.is_untouched());
  return text;
}

}  // namespace

TEST_CASE("faults: each fails the one call with the expected text, or does no harm") {
  for (const std::string& fault : faults()) {
    CAPTURE(fault);
    if (const auto reason = reason_to_skip(fault); !reason.empty()) {
      MESSAGE(fault << " is passed over: " << reason);
      continue;
    }
    const Log log;
    {
      FaultWorld world(limits_for(fault));
      const fs::path expected = fs::path(EXPECTED_TEXTS) / (fault + ".txt");
      const std::string found = report(world, fault);
      if (std::getenv("JARVIS_TEST_WRITE_EXPECTED"))
        std::ofstream(expected, std::ios::binary) << found;
      CHECK(comparable_lines(found) == comparable_lines(contents(expected)));
    }
    CHECK(children_of(::getpid()).empty());
    for (const pid_t left : log.processes()) CHECK(eventually([&] { return !is_running(left); }));
    if (is_one_of(fault, {"forks_and_stays", "forks_a_daemon", "forks_and_crashes"}))
      CHECK(log.processes().size() == 2 * std::size(kMisbehaving));
  }
}

TEST_CASE("faults: inside the program the same plugins reach what is kept from them apart") {
  FaultWorld world({}, Isolation::in_process);
  const Bait bait(world);
  for (const auto& [fault, expected] : std::vector<std::pair<std::string, std::string>>{
           {"signals_its_host", "it could"},
           {"reads_a_secret", "it saw its environment a file"},
           {"opens_a_network_socket", "ok"},
           {"writes_outside_its_home", "it could create append truncate"}}) {
    CAPTURE(fault);
    const auto plugin = world.load(fault);
    REQUIRE(plugin.ok());
    const auto outcome =
        told(world.call(**plugin, PluginFunction::tool_call, bait.words_for(fault)));
    CHECK_MESSAGE(outcome.find(expected) == 0, outcome);
  }
  CHECK(!bait.is_untouched());
}

TEST_CASE("faults: no descriptor of the host stays open") {
  // What the C and C++ libraries keep open for themselves is open now.
  { FaultWorld().load("sound").ok(); }
  const std::size_t before = open_descriptors();
  for (const char* fault : {"sound", "segfaults", "crashes_in_init", "closes_the_socket",
                            "leaks_descriptors", "forks_and_stays"}) {
    FaultWorld world;
    const auto plugin = world.load(fault);
    for (int i = 0; plugin && i < 3; ++i) (void)world.call(**plugin, PluginFunction::tool_call, "");
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("faults: a log without end reaches the host in part, and says so") {
  const Log log;
  FaultWorld world(limits_for("floods_the_log"));
  const auto plugin = world.load("floods_the_log");
  REQUIRE(plugin.ok());
  CHECK(!world.call(**plugin, PluginFunction::tool_call, "").ok());
  CHECK(log.size() <= 1001);
}

TEST_CASE("faults: an applier's processes are gone when its edit is judged") {
  FaultWorld world;
  const Log log;
  const auto plugin = world.load("forks_and_stays");
  REQUIRE(plugin.ok());
  REQUIRE(world.call(**plugin, PluginFunction::tool_call, "").ok());
  REQUIRE(world.call(**plugin, PluginFunction::edit_apply, "").ok());
  CHECK(children_of(::getpid()).empty());
  for (const pid_t left : log.processes()) CHECK(eventually([&] { return !is_running(left); }));
  CHECK(told(world.call(**plugin, PluginFunction::edit_apply, kBeGood)) == "ok");
}

TEST_CASE("faults: only a plugin that makes edits is let into the staged homes") {
  if (landlock_version() < 1) {
    MESSAGE("passed over: the kernel has no Landlock");
    return;
  }
  TemporaryDirectory staging;
  staging.write("precious", "untouched");
  IsolationLimits limits;
  limits.writable = {staging.path()};
  auto manifest = read_manifest(fs::path(ISOLATION_PLUGINS) / "writes_outside_its_home");
  REQUIRE(manifest.ok());
  const auto reach = [&] {
    const auto plugin = isolate_plugin(*manifest, {}, limits);
    REQUIRE(plugin.ok());
    const json::object request =
        sdk::to_json(sdk::ToolRequest{"tool", {{"words", staging.path().string()}}});
    return told((*plugin)->call(PluginFunction::tool_call, request, {}));
  };
  auto& provides = manifest->provides;
  const auto applier = std::find_if(provides.begin(), provides.end(), [](const Provided& one) {
    return one.interface == JARVIS_EDIT_APPLIER_1;
  });
  REQUIRE(applier != provides.end());
  const Provided kept = *applier;
  provides.erase(applier);
  CHECK(reach() == "ok");
  CHECK(staging.read("precious") == "untouched");
  provides.push_back(kept);
  CHECK(reach().rfind("it could create append", 0) == 0);
}
