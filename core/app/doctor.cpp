#include "core/app/doctor.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>

#include "core/app/doctor_files.hpp"
#include "core/app/interrupt.hpp"
#include "core/app/openjarvis_home.hpp"
#include "core/app/roles.hpp"
#include "core/benchmark/refresh.hpp"
#include "core/benchmark/store.hpp"
#include "core/daemon/rules.hpp"
#include "core/home/live_home.hpp"
#include "core/home/paths.hpp"
#include "core/host/plugin_judge.hpp"
#include "core/host/process/configured_program.hpp"

namespace jarvis {

namespace {

using State = Checkup::State;

constexpr int kPriceDays = 180;

Checkup bad(const std::string& subject, const Error& error) {
  return {subject, State::bad, error.message, error.hint};
}

Checkup home_finding(const Application& application) {
  const auto& home = application.home_path();
  if (!std::filesystem::is_directory(home))
    return {"home", State::bad, home.string() + " is not there",
            "make it with 'mkdir', or give another one with --home DIR"};
  if (!application.is_initialised())
    return {"home", State::warning, home.string() + " has no checkpoint repository yet",
            "run 'jarvis learning init'; 'learning run' does it by itself"};
  struct stat facts {};
  const auto learning = home / kLearningFolder;
  if (::stat(learning.c_str(), &facts) == 0 && (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return {"home", State::warning, learning.string() + " can be read by others",
            "chmod 700 " + learning.string()};
  return {"home", State::good, home.string()};
}

Checkup tree_finding(Application& application) {
  const auto dirty = application.checkpoint().dirty_paths();
  if (!dirty) return bad("checkpoint", dirty.error());
  if (dirty->empty()) return {"checkpoint", State::good, "clean"};
  std::string list;
  for (const std::string& path : *dirty) list += (list.empty() ? "" : ", ") + path;
  return {"checkpoint", State::warning, "changed by hand: " + list,
          "the next session checks them in as \"Manual changes\""};
}

Checkup traces_finding(Application& application, const Settings& settings) {
  const auto traces = application.traces();
  if (!traces) return bad("traces", traces.error());
  const auto count = (*traces)->count();
  if (!count) return bad("traces", count.error());
  const std::string text = std::to_string(*count) + " traces";
  if (*count >= settings.min_traces) return {"traces", State::good, text};
  return {"traces", State::warning,
          text + ", " + std::to_string(settings.min_traces) + " are needed for a session",
          "use the assistant more and rate its answers; see 'jarvis traces import'"};
}

/** A first one that `run` would make by itself is nothing to mend. */
Checkup no_benchmark(Application& application, const Settings& settings) {
  TraceFilter liked;
  liked.rated_only = true;
  liked.min_feedback = settings.benchmark.synthesis_feedback_threshold;
  const auto traces = application.traces();
  const auto count = traces ? (*traces)->count_matching(liked) : Result<std::int64_t>(0);
  if (count && *count >= static_cast<std::int64_t>(kLeastLiked))
    return {"benchmark", State::good,
            "there is none yet: the next session makes it, from " + std::to_string(*count) +
                " liked answers"};
  return {"benchmark", State::warning, "there is none yet: edits would be queued, not tried",
          "rate 10 or more answers with 0.7 or better"};
}

Checkup benchmark_finding(Application& application, const Settings& settings) {
  const auto newest = BenchmarkStore(application.home_path() / kBenchmarksFolder).newest();
  if (!newest) return bad("benchmark", newest.error());
  if (!*newest) return no_benchmark(application, settings);
  const Benchmark& benchmark = (*newest)->benchmark;
  return {"benchmark", State::good,
          benchmark.version + ", " + std::to_string(benchmark.tasks.size()) + " tasks"};
}

/** Nothing for a home about whose dialect there is nothing to say. */
std::optional<Checkup> dialect_finding(Application& application, const Settings& settings) {
  const auto origin = origin_of(application.home());
  if (!origin) return bad("dialect", origin.error());
  if (settings.student_dialect == "openjarvis")
    return Checkup{"dialect", State::good, "openjarvis: edits land where OpenJarvis reads them"};
  if (origin->sign.empty() || origin->names_dialect) return std::nullopt;
  const std::string line = "'dialect = \"openjarvis\"'";
  const std::string table = "'[learning.distillation.student]'";
  return Checkup{"dialect", State::warning,
                 "OpenJarvis made this home (" + origin->sign +
                     "), but edits would land where it does not look",
                 origin->student_line
                     ? "add the line " + line + " below " + table + " in config.toml, line " +
                           std::to_string(*origin->student_line)
                     : "add these two lines to the end of config.toml: " + table + " and " + line};
}

/** Nothing where no command of the user's is run. */
std::optional<Checkup> sandbox_finding(const Settings& settings) {
  if (settings.student_command.empty()) return std::nullopt;
  if (configured_program("bwrap"))
    return Checkup{"sandbox", State::good, "the student's command runs in bubblewrap"};
  return Checkup{"sandbox", State::warning,
                 "bubblewrap is not here: the student's command is confined as far as the kernel "
                 "grants it",
                 "install bubblewrap"};
}

/** Days since an ISO date; nothing when there is no date. */
std::optional<int> days_since(const std::string& date, double now) {
  std::tm parts{};
  if (date.empty() || !::strptime(date.c_str(), "%Y-%m-%d", &parts)) return std::nullopt;
  return static_cast<int>((now - static_cast<double>(::timegm(&parts))) / 86400);
}

Checkup engine_finding(const std::string& role, PluginHost& plugins, HttpService& http,
                       const EngineSettings& settings, double now) {
  const auto seat = EngineSeat::make(plugins, http, settings);
  if (!seat) return bad(role, seat.error());
  const std::string text = seat->model() + " by engine " + seat->engine() +
                           (seat->base_url().empty() ? "" : " at " + seat->base_url());
  if (seat->is_free()) return {role, State::good, text + ", free"};
  const auto days = days_since(seat->price().as_of, now);
  if (!days || *days <= kPriceDays) return {role, State::good, text};
  return {role, State::warning,
          text + ": its price is from " + seat->price().as_of + ", " + std::to_string(*days) +
              " days ago",
          "compare it with the provider's list; set input_price_per_mtok and "
          "output_price_per_mtok in [" +
              settings.section + "]"};
}

/** A judge that needs no engine is well where its plugin is. */
Checkup judge_finding(PluginHost& plugins, HttpService& http, const EngineSettings& settings,
                      double now) {
  std::string engine = settings.engine;
  if (engine.empty())
    if (const auto found = engine_for_model(plugins, settings.model)) engine = found->provided->id;
  const auto judge = judge_for_engine(plugins, engine);
  if (!judge) return bad("judge", judge.error());
  if (judge->provided->id == engine) return {"judge", State::good, engine + ", which asks nobody"};
  return engine_finding("judge", plugins, http, settings, now);
}

Checkup student_finding(Application& application, const Settings& settings, PluginHost& plugins,
                        HttpService& http) {
  auto ledger = Ledger::open(application.home_path() / kLedgerFile);
  if (!ledger) return bad("student", ledger.error());
  SessionPurse nothing(std::move(*ledger), "doctor", 0);
  const auto wanted = student_settings(settings, application.home());
  if (!wanted) return bad("student", wanted.error());
  const auto student = PluginStudent::make(plugins, http, *wanted, nothing, interrupted);
  if (!student) return bad("student", student.error());
  const auto models = (*student)->probe(application.home());
  if (!models) return bad("student", models.error());
  if (models->empty()) return {"student", State::good, "answers; it cannot list its models"};
  return {"student", State::good, "answers, with " + std::to_string(models->size()) + " models"};
}

void add_plugins(const PluginHost& plugins, std::vector<Checkup>& findings) {
  std::size_t accepted = 0;
  for (const PluginEntry& entry : plugins.entries()) {
    if (entry.refusal.empty())
      ++accepted;
    else
      findings.push_back(
          {"plugin " + entry.manifest.id, State::warning, "refused: " + entry.refusal, entry.hint});
  }
  findings.push_back({"plugins", State::good, std::to_string(accepted) + " accepted"});
}

void add_roles(Application& application, const Settings& settings, PluginHost& plugins,
               std::vector<Checkup>& findings) {
  HttpService http;
  const double now = application.clock().now();
  findings.push_back(engine_finding("teacher", plugins, http, teacher_settings(settings), now));
  findings.push_back(judge_finding(plugins, http, judge_settings(settings), now));
  findings.push_back(student_finding(application, settings, plugins, http));
}

}  // namespace

std::vector<Checkup> examine(Application& application) {
  std::vector<Checkup> findings{home_finding(application)};
  for (Checkup& finding : examine_files(application)) findings.push_back(std::move(finding));
  const auto settings = application.settings();
  if (!settings) {
    findings.push_back(bad("config.toml", settings.error()));
    return findings;
  }
  if (!std::filesystem::exists(application.home_path() / kConfigFile))
    findings.push_back({"config.toml", State::warning, "is not there: the defaults hold",
                        "write one, or point --home at the assistant's home"});
  else if (!(*settings)->enabled)
    findings.push_back({"config.toml", State::warning,
                        "learning is switched off by learning.distillation.enabled = false",
                        "set it to true"});
  else
    findings.push_back({"config.toml", State::good, "can be read"});
  if (const auto rules = trigger_rules(**settings); !rules)
    findings.push_back(bad("triggers", rules.error()));
  if (auto sandbox = sandbox_finding(**settings)) findings.push_back(*sandbox);
  if (auto dialect = dialect_finding(application, **settings)) findings.push_back(*dialect);
  if (application.is_initialised()) findings.push_back(tree_finding(application));
  findings.push_back(traces_finding(application, **settings));
  findings.push_back(benchmark_finding(application, **settings));
  const auto plugins = application.plugins();
  if (!plugins) {
    findings.push_back(bad("plugins", plugins.error()));
    return findings;
  }
  add_plugins(**plugins, findings);
  add_roles(application, **settings, **plugins, findings);
  return findings;
}

}  // namespace jarvis
