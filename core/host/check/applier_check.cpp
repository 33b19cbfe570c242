#include "core/host/check/applier_check.hpp"

#include <algorithm>
#include <jarvis/sdk/payload/edit.hpp>
#include <jarvis/text/toml_document.hpp>

#include "core/host/changed_keys.hpp"
#include "core/host/check/made_up_home.hpp"
#include "core/host/check/trial.hpp"
#include "core/host/effects.hpp"
#include "core/host/payload_schema.hpp"

namespace jarvis {

namespace {

constexpr const char* kExampleHint =
    "an example should work on any home that has what it names; --copy-of HOME tries it on one of "
    "yours";

bool is_tracked(const std::string& path) {
  return path == "config.toml" || path.rfind("agents/", 0) == 0 || path.rfind("tools/", 0) == 0;
}

/** What text fields are given to lure an applier out of its places. */
std::vector<std::string> hostile_texts() {
  return {"../../outside",
          "../escaped",
          "/tmp/absolute",
          "..",
          "a/../../../b",
          "*",
          "a\"]\n[engine]\nhost = \"http://127.0.0.1:9\"\n#",
          "a\r\n[security]\nmode = \"off\"",
          std::string(5000, 'a'),
          "\xE2\x80\xAE\xE2\x80\x8B"};
}

class ApplierCheck {
 public:
  ApplierCheck(Subject& subject, const Provided& op, const std::vector<std::string>& forbidden,
               const CheckBench& bench, CheckReport& report)
      : subject_(subject),
        op_(op),
        forbidden_(forbidden),
        bench_(bench),
        report_(report),
        label_(label_of(op.interface, op.id) + ": ") {}

  void run() {
    choose_home();
    if (op_.touches.empty()) {
      report_.judge(label_ + "declines its example, as it touches nothing",
                    problem_of_declining_example(),
                    "refuse with a reason, or name in touches what the op changes");
    } else {
      check_validate();
      check_apply();
    }
    check_broken_payloads();
    report_.judge(label_ + "hostile names stay inside of the home", problem_with_hostile_texts(),
                  "check names before they become paths or TOML: jarvis/text/names.hpp, "
                  "jarvis/text/toml_document.hpp");
  }

 private:
  Result<ApplierRun> trial(PluginFunction function, const json::object& payload) {
    return try_edit(subject_, bench_, home_, function, op_.id, payload);
  }

  /** The first home on which the example changes anything, else the usual one. */
  void choose_home() {
    const auto homes = bench_.fixed_home ? std::vector<HomeFiles>(1) : made_up_homes(op_);
    home_ = homes.front();
    if (op_.touches.empty() || homes.size() == 1) return;
    for (const HomeFiles& files : homes) {
      const auto tried =
          try_edit(subject_, bench_, files, PluginFunction::edit_apply, op_.id, op_.example);
      if (!tried || !tried->outcome || !tried->changes || tried->changes->empty()) continue;
      home_ = files;
      return;
    }
  }

  void check_validate() {
    const std::string name = label_ + "validate accepts the example and writes nothing";
    if (!subject_.offers(PluginFunction::edit_validate))
      return report_.skip(name, "it offers no validate: what apply refuses is seen only then");
    const auto tried = trial(PluginFunction::edit_validate, op_.example);
    report_.judge(name, !tried ? tried.error().message : problem_of_validating(*tried),
                  kExampleHint);
  }

  static std::string problem_of_validating(const ApplierRun& tried) {
    if (!tried.outcome) return tried.outcome.error().message;
    if (!tried.outside.empty()) return "it wrote '" + tried.outside + "' outside of the home";
    if (!tried.changes) return tried.changes.error().message;
    if (!tried.changes->empty()) return "it wrote '" + tried.changes->front().path + "'";
    return {};
  }

  void check_apply() {
    const std::string makes = label_ + "apply makes the example, within touches, and reports it";
    const std::string alike = label_ + "the same edit gives the same bytes";
    const auto tried = trial(PluginFunction::edit_apply, op_.example);
    if (!report_.judge(makes, !tried ? tried.error().message : problem_of_applying(*tried),
                       tried && tried->outcome
                           ? "change only what touches names, and report each changed file"
                           : kExampleHint))
      return report_.skip(alike, "the example is to be made first");
    const auto again = trial(PluginFunction::edit_apply, op_.example);
    report_.judge(alike, !again ? again.error().message : difference(*tried, *again),
                  "take nothing but the request and the home into the new text: no clock, no "
                  "random numbers, no state of an earlier call");
  }

  std::string problem_of_applying(const ApplierRun& tried) const {
    if (!tried.outcome) return tried.outcome.error().message;
    if (!tried.outside.empty()) return "it wrote '" + tried.outside + "' outside of the home";
    if (!tried.changes) return tried.changes.error().message;
    const auto policy = EffectPolicy::make(op_.touches, op_.example, forbidden_);
    if (!policy) return policy.error().message;
    const auto reported = sdk::edit_result(*tried.outcome).changed_files;
    if (auto checked = policy->check(*tried.changes, reported); !checked)
      return checked.error().message;
    return tried.changes->empty() ? "it left every file as it was" : "";
  }

  static std::string difference(const ApplierRun& one, const ApplierRun& other) {
    if (!other.outcome) return "the second time it failed: " + other.outcome.error().message;
    if (!other.changes) return other.changes.error().message;
    if (one.changes->size() != other.changes->size())
      return "the second time it changed other files";
    for (std::size_t i = 0; i < one.changes->size(); ++i)
      if ((*one.changes)[i].path != (*other.changes)[i].path ||
          (*one.changes)[i].after != (*other.changes)[i].after)
        return "'" + (*other.changes)[i].path + "' came out otherwise the second time";
    return {};
  }

  std::string problem_of_declining_example() {
    const auto tried = trial(PluginFunction::edit_apply, op_.example);
    if (!tried) return tried.error().message;
    if (tried->outcome) return "it made its example";
    if (!tried->outside.empty()) return "it wrote '" + tried->outside + "' outside of the home";
    if (!tried->changes) return tried->changes.error().message;
    if (!tried->changes->empty()) return "it changed '" + tried->changes->front().path + "'";
    return subject_.fault_in(tried->outcome);
  }

  /** Payloads that the schema refuses, by what is wrong with them. */
  std::map<std::string, json::object> broken_payloads() const {
    std::map<std::string, json::object> broken;
    for (const auto& [name, value] : op_.example) {
      const std::string field = "'" + std::string(name) + "'";
      json::object without = op_.example;
      without.erase(name);
      broken["a payload without " + field] = without;
      json::object with_other_type = op_.example;
      with_other_type[name] = value.is_array() ? json::value(true) : json::value(json::array());
      broken["a payload whose " + field + " is of another type"] = with_other_type;
    }
    std::erase_if(broken, [this](const auto& entry) {
      return check_against_schema(entry.second, op_.payload_schema, "payload").ok();
    });
    return broken;
  }

  // The host refuses them before the plugin sees them, so that taking one is worth a note only.
  void check_broken_payloads() {
    const std::string name = label_ + "lives through payloads that its schema refuses";
    const PluginFunction function = subject_.offers(PluginFunction::edit_validate)
                                        ? PluginFunction::edit_validate
                                        : PluginFunction::edit_apply;
    std::string note;
    for (const auto& [what, payload] : broken_payloads()) {
      const auto tried = trial(function, payload);
      if (!tried) return report_.fail(name, tried.error().message, "");
      if (!subject_.has_lived())
        return report_.fail(name, what + ": " + tried->outcome.error().message,
                            "check the type of each field that you read");
      const bool is_declined =
          !tried->outcome && tried->outcome.error().kind != ErrorKind::internal;
      if (note.empty() && !is_declined)
        note = "note: '" + std::string(to_string(function)) + "' does not decline " + what +
               " by itself; the host does";
    }
    report_.pass(name, note);
  }

  std::string problem_with_hostile_texts() {
    for (const auto& [name, value] : op_.example) {
      if (!value.is_string()) continue;
      for (const std::string& hostile : hostile_texts()) {
        json::object payload = op_.example;
        payload[name] = hostile;
        const auto tried = trial(PluginFunction::edit_apply, payload);
        const std::string problem = !tried ? tried.error().message : escape_in(*tried);
        if (!problem.empty())
          return "'" + std::string(name) + "' = '" + hostile.substr(0, 60) + "': " + problem;
      }
    }
    return {};
  }

  /** How an edit got out of where edits may be, or nothing. What it left in the home of a declined
   * edit is dropped with it. */
  std::string escape_in(const ApplierRun& tried) const {
    if (!tried.outside.empty()) return "it wrote '" + tried.outside + "' outside of the home";
    if (auto fault = subject_.fault_in(tried.outcome); !fault.empty()) return fault;
    if (!tried.outcome) return {};
    if (!tried.changes) return tried.changes.error().message;
    for (const FileChange& change : *tried.changes) {
      if (!is_tracked(change.path)) return "it wrote '" + change.path + "', which is not tracked";
      if (change.path != "config.toml") continue;
      if (auto problem = forbidden_change(change); !problem.empty()) return problem;
    }
    return {};
  }

  std::string forbidden_change(const FileChange& change) const {
    if (!change.after) return "it removed config.toml";
    const auto keys = changed_keys(change);
    if (!keys) return keys.error().message;
    for (const ConfigKey& key : *keys)
      for (const std::string& pattern : forbidden_)
        if (KeyPattern::parse(pattern).touches_part_of(key))
          return "it changed '" + text::dotted(key) + "' in config.toml, which no edit may change";
    return {};
  }

  Subject& subject_;
  const Provided& op_;
  const std::vector<std::string>& forbidden_;
  const CheckBench& bench_;
  CheckReport& report_;
  const std::string label_;
  HomeFiles home_;
};

}  // namespace

void check_applier(Subject& subject, const Provided& op, const std::vector<std::string>& forbidden,
                   const CheckBench& bench, CheckReport& report) {
  ApplierCheck(subject, op, forbidden, bench, report).run();
}

}  // namespace jarvis
