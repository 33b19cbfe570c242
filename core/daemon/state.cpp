#include "core/daemon/state.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/base/atomic_file.hpp"
#include "core/base/json_text.hpp"
#include "core/base/set_aside.hpp"
#include "core/daemon/error_line.hpp"
#include "core/home/paths.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLargestFile = std::size_t{16} << 20;

using Kind = FiringOutcome::Kind;

constexpr std::array<std::pair<Kind, std::string_view>, 5> kKinds{
    {{Kind::none, "none"},
     {Kind::done, "done"},
     {Kind::failed, "failed"},
     {Kind::not_started, "not_started"},
     {Kind::stopped, "stopped"}}};

std::string_view to_string(Kind kind) {
  return std::find_if(kKinds.begin(), kKinds.end(),
                      [&](const auto& entry) { return entry.first == kind; })
      ->second;
}

Kind kind_from(std::string_view text) {
  const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&](const auto& entry) { return entry.second == text; });
  return found == kKinds.end() ? Kind::none : found->first;
}

double number(const json::object& object, const char* key) {
  const double value = sdk::optional_number(object, key).value_or(0);
  return std::isfinite(value) ? value : 0;
}

json::object to_json(const DaemonState& state) {
  return {{"schema", "daemon-state/1"},
          {"served_until", state.served_until},
          {"checked_at", state.checked_at},
          {"hold_until", state.hold_until},
          {"setbacks", state.setbacks},
          {"look_setbacks", state.look_setbacks},
          {"fired", json::value_from(state.fired)},
          {"resumed_session", state.resumed_session},
          {"resume_attempts", state.resume_attempts},
          {"rated_benchmark", state.rated_benchmark},
          {"rated", state.rated},
          {"last", to_json(state.last)},
          {"checks", state.checks},
          {"working", state.working},
          {"working_since", state.working_since},
          {"next_at", state.next_at},
          {"config_error", state.config_error},
          {"look_error", state.look_error}};
}

DaemonState state_from(const json::object& object) {
  DaemonState state;
  state.served_until = number(object, "served_until");
  state.checked_at = number(object, "checked_at");
  state.hold_until = number(object, "hold_until");
  state.setbacks = static_cast<int>(sdk::optional_integer(object, "setbacks"));
  state.look_setbacks = static_cast<int>(sdk::optional_integer(object, "look_setbacks"));
  const auto fired = sdk::strings_of(sdk::optional_array(object, "fired"));
  state.fired = {fired.begin(), fired.end()};
  state.resumed_session = sdk::optional_string(object, "resumed_session");
  state.resume_attempts = static_cast<int>(sdk::optional_integer(object, "resume_attempts"));
  state.rated_benchmark = sdk::optional_string(object, "rated_benchmark");
  state.rated = sdk::optional_integer(object, "rated");
  state.last = outcome_from(sdk::optional_object(object, "last"));
  state.checks = sdk::optional_integer(object, "checks");
  state.working = sdk::optional_string(object, "working");
  state.working_since = number(object, "working_since");
  state.next_at = number(object, "next_at");
  state.config_error = sdk::optional_string(object, "config_error");
  state.look_error = sdk::optional_string(object, "look_error");
  return state;
}

/** The file's state, or why it is none. */
Result<DaemonState> parsed(const std::string& text) try {
  boost::system::error_code error;
  const json::value document = json::parse(text, error);
  if (error || !document.is_object())
    return Error{ErrorKind::invalid, "it holds no JSON object", ""};
  return state_from(document.as_object());
} catch (const std::exception& error) {
  return Error{ErrorKind::invalid, error.what(), ""};
}

}  // namespace

json::object to_json(const FiringOutcome& outcome) {
  return {{"kind", to_string(outcome.kind)},  {"trigger", outcome.trigger},
          {"session_id", outcome.session_id}, {"status", outcome.status},
          {"started_at", outcome.started_at}, {"ended_at", outcome.ended_at},
          {"cost_usd", outcome.cost_usd},     {"error", error_object(outcome.error)}};
}

FiringOutcome outcome_from(const json::object& object) {
  FiringOutcome outcome;
  outcome.kind = kind_from(sdk::optional_string(object, "kind"));
  outcome.trigger = sdk::optional_string(object, "trigger");
  outcome.session_id = sdk::optional_string(object, "session_id");
  outcome.status = sdk::optional_string(object, "status");
  outcome.started_at = number(object, "started_at");
  outcome.ended_at = number(object, "ended_at");
  outcome.cost_usd = number(object, "cost_usd");
  outcome.error = error_from(sdk::optional_object(object, "error"));
  return outcome;
}

Result<DaemonState> read_daemon_state(const fs::path& home) {
  const fs::path path = home / kDaemonStateFile;
  const auto text = read_file(path, kLargestFile);
  if (!text && text.error().kind == ErrorKind::not_found) return DaemonState();
  if (!text) return text.error();
  auto state = parsed(*text);
  if (!state)
    return Error{ErrorKind::invalid,
                 "cannot read '" + path.string() + "': " + state.error().message, "remove it"};
  return state;
}

Result<DaemonState> load_daemon_state(const fs::path& home, std::string& set_aside) {
  auto state = read_daemon_state(home);
  if (state) return state;
  const auto aside = jarvis::set_aside(home / kDaemonStateFile);
  if (!aside)
    return Error{ErrorKind::io, state.error().message + "; " + aside.error().message, "remove it"};
  set_aside = aside->string();
  return DaemonState();
}

Result<void> save_daemon_state(const fs::path& home, const DaemonState& state) {
  return write_file_atomically(home / kDaemonStateFile, pretty(to_json(state)));
}

}  // namespace jarvis
