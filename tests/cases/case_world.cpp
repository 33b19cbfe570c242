#include "tests/cases/case_world.hpp"

#include <unistd.h>

#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "core/app/cli/demo_home.hpp"
#include "core/home/traces/trace_writer.hpp"
#include "tests/support/made_up_home.hpp"
#include "tests/support/user_git.hpp"

namespace jarvis::testing {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kModelTraces = 60;
constexpr int kSkill = 45;

template <class T>
void required(const Result<T>& done) {
  if (!done) throw std::runtime_error("setup: " + done.error().message);
}

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  if (what.empty()) return;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
}

std::string host_name() {
  char name[256] = {};
  ::gethostname(name, sizeof name - 1);
  return name;
}

/** The id of the first edit in the review queue, whose file is <session>__<edit>.json. */
std::string first_queued(const fs::path& home) {
  std::string first;
  std::error_code none_yet;
  for (const auto& entry : fs::directory_iterator(home / "learning" / "pending_review", none_yet)) {
    const std::string name = entry.path().stem().string();
    const std::string id = name.substr(name.find("__") + 2);
    if (first.empty() || id < first) first = id;
  }
  return first.empty() ? "edit-none" : first;
}

/** One that the gate accepts. */
json::object good_edit() {
  return {{"op", "set_model_for_query_class"},
          {"payload", {{"query_class", "math"}, {"model", "student-large"}}},
          {"rationale", "The larger model knows more."}};
}

std::vector<Trace> rated(std::vector<Trace> traces, std::size_t count, std::size_t liked) {
  if (count > traces.size() || liked > count)
    throw std::runtime_error("setup: the demo has too few traces");
  traces.resize(count);
  for (std::size_t i = 0; i < count; ++i) traces[i].feedback = i < liked ? 1.0 : 0.0;
  return traces;
}

}  // namespace

CaseWorld::CaseWorld(const Case& wanted) : home_(directory_.path() / "home") {
  environment_ = {{"HOME", directory_.path().string()},
                  {"TMPDIR", directory_.path().string()},
                  {"OPENJARVIS_HOME", home_.string()}};
  bool has_home = false;
  for (const std::string& step : wanted.setup) has_home = has_home || step.rfind("home ", 0) == 0;
  if (!has_home) make_home_of("demo");
  bool files_are_there = false;
  const auto files = [&] {
    if (!files_are_there) copy_files(wanted.folder / "files");
    files_are_there = true;
  };
  for (const std::string& step : wanted.setup) {
    if (step.rfind("home ", 0) != 0) files();
    take(filled(step));
  }
  files();
}

void CaseWorld::take(const std::string& step) {
  std::istringstream words(step);
  std::string verb, rest;
  words >> verb >> std::ws;
  std::getline(words, rest);
  const std::size_t equals = rest.find('=');
  if (verb == "home") {
    make_home_of(rest);
  } else if (verb == "set") {
    std::vector<std::string> path{"learning", "distillation"};
    std::istringstream keys(rest.substr(0, equals - 1));
    for (std::string key; std::getline(keys, key, '.');) path.push_back(key);
    set_config(home_, path, json::parse(rest.substr(equals + 1)));
  } else if (verb == "env") {
    environment_[rest.substr(0, equals)] = rest.substr(equals + 1);
    if (equals + 1 == rest.size()) environment_.erase(rest.substr(0, equals));
  } else if (verb == "run") {
    const auto finished = run(rest);
    if (finished.status != 0)
      throw std::runtime_error("setup: '" + rest + "' failed: " + finished.err);
  } else if (verb == "append") {
    const std::size_t blank = rest.find(' ');
    std::ofstream(home_ / rest.substr(0, blank), std::ios::app) << rest.substr(blank + 1) << "\n";
  } else if (verb == "while-planning") {
    while_planning_ = rest;
  } else if (verb == "commit") {
    commit_by_user(home_, {"config.toml"});
  } else if (verb == "trace") {
    add_trace(rest);
  } else if (verb == "locked") {
    auto lock = HomeLock::take(home_, "learning run");
    required(lock);
    lock_ = std::move(*lock);
  } else if (verb == "wide") {
    wide_ = true;
  } else {
    throw std::runtime_error("setup: there is no step '" + verb + "'");
  }
}

void CaseWorld::make_home_of(const std::string& kind) {
  std::istringstream words(kind);
  std::string name, ignored;
  std::size_t count = 0, liked = 0;
  words >> name >> count >> ignored >> liked;
  if (name == "none") return;
  if (name == "models") {
    FakeBehaviour behaviour;
    behaviour.skips_evidence = kind.find("skips-evidence") != std::string::npos;
    if (kind.find("one-edit") != std::string::npos) behaviour.edits = {good_edit()};
    behaviour.before_plan = [this] {
      if (!while_planning_.empty()) take(while_planning_);
    };
    models_ = std::make_unique<FakeModels>(std::move(behaviour));
    environment_["FERRENMARK_KEY"] = "heron";
    std::vector<Trace> traces;
    for (std::size_t i = 0; i < kModelTraces; ++i) traces.push_back(made_up_trace(i, kSkill));
    return make_home(home_, config_for_models(models_->url()), traces);
  }
  fs::create_directory(home_);
  const auto traces = make_demo_home(home_);
  required(traces);
  if (name == "bare") return;
  required(create_trace_database(home_ / "traces.db"));
  const auto chosen = name == "traces" ? rated(*traces, count, liked) : *traces;
  if (!chosen.empty()) required(insert_traces(home_ / "traces.db", chosen));
}

void CaseWorld::copy_files(const fs::path& from) const {
  if (!fs::exists(from)) return;
  for (const auto& entry : fs::recursive_directory_iterator(from)) {
    if (!entry.is_regular_file()) continue;
    const fs::path to = directory_.path() / fs::relative(entry.path(), from);
    fs::create_directories(to.parent_path());
    fs::permissions(to.parent_path(), fs::perms::owner_all);
    std::ofstream(to, std::ios::binary) << filled(text_of(entry.path()));
    fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write);
  }
}

void CaseWorld::add_trace(const std::string& text) const {
  const json::object given = json::parse(text).as_object();
  Trace trace = made_up_trace(0, 100);
  trace.id = json::value_to<std::string>(given.at("id"));
  trace.query = json::value_to<std::string>(given.at("query"));
  trace.result = json::value_to<std::string>(given.at("result"));
  trace.started_at += 1e7;
  if (const json::value* feedback = given.if_contains("feedback"))
    trace.feedback = feedback->to_number<double>();
  required(insert_traces(home_ / "traces.db", {trace}));
}

std::string CaseWorld::filled(std::string text) const {
  replace_all(text, "{home}", home_.string());
  replace_all(text, "{tmp}", directory_.path().string());
  replace_all(text, "{url}", models_ ? models_->url() : "");
  replace_all(text, "{nowhere}", unreachable_url());
  replace_all(text, "{build}", fs::path(JARVIS_PROGRAM).parent_path().parent_path().string());
  if (text.find("{edit}") != std::string::npos) replace_all(text, "{edit}", first_queued(home_));
  return text;
}

Finished CaseWorld::run(const std::string& command) const {
  Launch launch{{JARVIS_PROGRAM}, environment_, directory_.path()};
  for (const std::string& word : words_of(command)) launch.words.push_back(filled(word));
  return run_program(launch);
}

std::string CaseWorld::normalised(std::string text) const {
  replace_all(text, home_.string(), "{home}");
  replace_all(text, directory_.path().string(), "{tmp}");
  replace_all(text, fs::path(JARVIS_PROGRAM).parent_path().parent_path().string(), "{build}");
  if (models_) replace_all(text, models_->url(), "{url}");
  replace_all(text, unreachable_url(), "{nowhere}");
  static const std::pair<std::regex, const char*> changing[] = {
      {std::regex("session-\\d{8}T\\d{6}_[0-9a-f]{8}"), "{session}"},
      {std::regex("edit-[0-9a-f]{8}-(\\d+)"), "edit-{id}-$1"},
      {std::regex("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(Z|\\+00:00)"), "{time}"},
      {std::regex("\\b[0-9a-f]{64}\\b"), "{sha256}"},
      {std::regex("\\b[0-9a-f]{40}\\b"), "{commit}"},
      {std::regex("\\bpid \\d+"), "pid {pid}"},
      {std::regex("\\b(just now|\\d+ (min|h|d) ago|\\d{4}-\\d\\d-\\d\\d\\b)"), "{ago}"},
      {std::regex("\\b(commit|by) [0-9a-f]{8}\\b"), "$1 {commit}"}};
  for (const auto& [pattern, with] : changing) text = std::regex_replace(text, pattern, with);
  replace_all(text, "on '" + host_name() + "'", "on '{host}'");
  return text;
}

}  // namespace jarvis::testing
