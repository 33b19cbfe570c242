#include "tests/isolation/world.hpp"

#include <linux/landlock.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <jarvis/sdk/payload/edit.hpp>
#include <jarvis/sdk/payload/generate.hpp>
#include <jarvis/sdk/payload/judge.hpp>
#include <jarvis/sdk/payload/student.hpp>
#include <jarvis/sdk/payload/tool.hpp>

namespace jarvis::testing {

namespace fs = std::filesystem;

namespace {

json::object request_to(PluginFunction function, const std::string& words, const fs::path& home) {
  switch (function) {
    case PluginFunction::edit_validate:
    case PluginFunction::edit_apply:
      return sdk::to_json(sdk::EditRequest{"op", "target", {{"words", words}}, home.string()});
    case PluginFunction::tool_call:
      return sdk::to_json(sdk::ToolRequest{"tool", {{"words", words}}});
    case PluginFunction::teacher_generate: {
      sdk::GenerateRequest request;
      request.model = "m";
      request.system = words;
      return sdk::to_json(request);
    }
    case PluginFunction::student_run:
      return sdk::to_json(sdk::StudentRequest{home.string(), words, "general", "", ""});
    case PluginFunction::student_probe:
      return sdk::to_json(sdk::ProbeRequest{home.string(), ""});
    case PluginFunction::judge_score:
      return sdk::to_json(sdk::JudgeRequest{words, "gold", "answer"});
  }
  return {};
}

}  // namespace

FaultWorld::FaultWorld(const IsolationLimits& limits, Isolation where)
    : home(directory.path() / "staging" / "home"), outside(directory.path() / "outside") {
  fs::create_directories(home);
  fs::create_directories(outside);
  PluginPolicy policy;
  policy.directories = {ISOLATION_PLUGINS};
  policy.allow = {"*"};
  policy.isolation["*"] = where;
  policy.limits = limits;
  policy.limits.writable = {home.parent_path()};
  policy.home = directory.path() / "live";
  plugins_ = std::make_unique<PluginHost>(policy);
}

Result<const Plugin*> FaultWorld::load(const std::string& fault) {
  const auto offer = plugins_->find(JARVIS_JUDGE_1, fault);
  if (!offer) return offer.error();
  return plugins_->load(*offer->plugin);
}

Result<json::object> FaultWorld::call(const Plugin& plugin, PluginFunction function,
                                      const std::string& words, const CallContext& context) const {
  return plugin.call(function, request_to(function, words, home), context);
}

std::string told(const Result<json::object>& outcome) {
  if (outcome) return "ok";
  constexpr std::size_t kEnough = 600;
  return outcome.error().message.substr(0, kEnough);
}

std::string comparable(const std::string& line) {
  return is_sanitized() ? line.substr(0, line.find(": its process ")) : line;
}

bool is_sanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return true;
#else
  return false;
#endif
}

long landlock_version() {
  const long version =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version < 0 ? 0 : version;
}

bool has_network_namespaces() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 ? 0 : 1);
  int status = 1;
  ::waitpid(child, &status, 0);
  return status == 0;
}

}  // namespace jarvis::testing
