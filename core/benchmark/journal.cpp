#include "core/benchmark/journal.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "core/base/atomic_file.hpp"
#include "core/base/digest.hpp"

namespace jarvis {

namespace {

std::string rating_text(double feedback) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", feedback);
  return text;
}

json::object to_json(const GoldBasis& basis) {
  return {{"task_id", basis.task_id},
          {"trace_id", basis.trace_id},
          {"rating", basis.rating},
          {"stratum", basis.stratum == Stratum::retain ? "retain" : "repair"},
          {"liked_sha256", basis.liked_sha256},
          {"teacher_model", basis.makers.teacher_model},
          {"judge_model", basis.makers.judge_model},
          {"prompt_sha256", basis.makers.prompt_sha256}};
}

GoldBasis basis_in(const json::object& line) {
  const json::object object = sdk::optional_object(line, "basis");
  return {
      sdk::required_string(object, "task_id"),
      sdk::required_string(object, "trace_id"),
      sdk::required_string(object, "rating"),
      sdk::required_string(object, "stratum") == "retain" ? Stratum::retain : Stratum::repair,
      sdk::required_string(object, "liked_sha256"),
      {sdk::required_string(object, "teacher_model"), sdk::required_string(object, "judge_model"),
       sdk::required_string(object, "prompt_sha256")}};
}

/** The same question, asked for the same reason and of the same models. */
bool is_same_question(GoldBasis one, const GoldBasis& other) {
  one.trace_id = other.trace_id;
  one.rating = other.rating;
  return one == other;
}

}  // namespace

Gold unsure_gold() {
  Gold gold;
  gold.waiting = Error{ErrorKind::refused, "unsure gold: two teacher answers do not agree", ""};
  gold.unsure = true;
  return gold;
}

GoldBasis basis_of(const Candidate& candidate, const GoldMakers& makers) {
  const bool is_liked = candidate.stratum == Stratum::retain;
  return {candidate.task_id,
          candidate.trace.id,
          rating_text(candidate.trace.feedback.value_or(0)),
          candidate.stratum,
          is_liked ? sha256(candidate.trace.result) : std::string(),
          makers};
}

Result<std::unique_ptr<Journal>> Journal::open(std::filesystem::path file) {
  auto text = read_file(file);
  if (!text && text.error().kind != ErrorKind::not_found) return text.error();
  std::unique_ptr<Journal> journal(new Journal(file));
  if (!text || text->empty()) return journal;
  // A line that a crash has cut off must not swallow the next one.
  if (text->back() != '\n')
    if (auto closed = append_line_durably(file, ""); !closed) return closed.error();
  for (std::size_t at = 0; at < text->size();) {
    const std::size_t end = std::min(text->find('\n', at), text->size());
    journal->read(text->substr(at, end - at));
    at = end + 1;
  }
  return journal;
}

void Journal::read(const std::string& line) try {
  apply(sdk::parse_object(line, "a line"));
} catch (const sdk::Failure&) {
  // Only costs what it held.
}

void Journal::apply(const json::object& line) {
  const std::string event = sdk::required_string(line, "event");
  if (event == "flagged") {
    flagged_.insert(sdk::required_string(line, "trace_id"));
    return;
  }
  double& spent = spent_since_version_[sdk::optional_string(line, "refresh")];
  spent = std::max(spent, sdk::optional_number(line, "spent_usd").value_or(0));
  if (event == "end") {
    if (!sdk::optional_string(line, "version").empty()) spent_since_version_.clear();
    return;
  }
  const GoldBasis basis = basis_in(line);
  Entry& entry = entries_[basis.task_id];
  if (event == "answer") {
    if (entry.draft_basis != basis) entry.drafts.clear();
    entry.draft_basis = basis;
    entry.drafts[static_cast<std::size_t>(sdk::optional_integer(line, "number"))] =
        sdk::required_string(line, "answer");
    return;
  }
  Gold gold = unsure_gold();
  if (event == "gold") {
    gold = Gold();
    gold.answer = sdk::required_string(line, "answer");
    gold.source = sdk::required_string(line, "source");
  } else if (event != "unsure") {
    return;
  }
  if (entry.basis) unsure_traces_.erase(entry.basis->trace_id);
  if (gold.unsure) unsure_traces_[basis.trace_id] = basis.task_id;
  entry = {basis, std::move(gold), std::nullopt, {}};
}

Result<void> Journal::append(json::object line, double spent_usd) {
  const std::lock_guard lock(mutex_);
  line["refresh"] = refresh_;
  line["spent_usd"] = spent_usd;
  if (auto written = write(line); !written) return written;
  apply(line);
  return {};
}

Result<void> Journal::write(const json::object& line) const {
  if (auto made = make_private_directory(file_.parent_path()); !made) return made;
  return append_line_durably(file_, json::serialize(line));
}

const Journal::Entry* Journal::entry_of(const std::string& task_id) const {
  const auto found = entries_.find(task_id);
  return found == entries_.end() ? nullptr : &found->second;
}

std::optional<Gold> Journal::settled(const GoldBasis& basis) const {
  const std::lock_guard lock(mutex_);
  const Entry* entry = entry_of(basis.task_id);
  if (entry == nullptr || !entry->basis) return std::nullopt;
  const bool holds =
      entry->gold.unsure ? *entry->basis == basis : is_same_question(*entry->basis, basis);
  return holds ? std::optional(entry->gold) : std::nullopt;
}

std::optional<std::string> Journal::draft(const GoldBasis& basis, std::size_t number) const {
  const std::lock_guard lock(mutex_);
  const Entry* entry = entry_of(basis.task_id);
  if (entry == nullptr || entry->draft_basis != basis) return std::nullopt;
  const auto found = entry->drafts.find(number);
  return found == entry->drafts.end() ? std::nullopt : std::optional(found->second);
}

bool Journal::is_unsure(const std::string& trace_id, double feedback,
                        const GoldMakers& makers) const {
  const std::lock_guard lock(mutex_);
  const auto found = unsure_traces_.find(trace_id);
  if (found == unsure_traces_.end()) return false;
  const GoldBasis& basis = *entry_of(found->second)->basis;
  return basis.rating == rating_text(feedback) && basis.makers == makers;
}

void Journal::begin(const std::string& refresh) {
  const std::lock_guard lock(mutex_);
  refresh_ = refresh;
}

Result<void> Journal::add_draft(const GoldBasis& basis, std::size_t number,
                                const std::string& answer, double spent_usd) {
  return append(
      {{"event", "answer"}, {"basis", to_json(basis)}, {"number", number}, {"answer", answer}},
      spent_usd);
}

Result<void> Journal::settle(const GoldBasis& basis, const Gold& gold, double spent_usd) {
  if (gold.unsure) return append({{"event", "unsure"}, {"basis", to_json(basis)}}, spent_usd);
  return append({{"event", "gold"},
                 {"basis", to_json(basis)},
                 {"answer", *gold.answer},
                 {"source", gold.source}},
                spent_usd);
}

Result<void> Journal::end(const json::object& report, double spent_usd) {
  json::object line{{"event", "end"}};
  for (const auto& field : report) line[field.key()] = field.value();
  return append(std::move(line), spent_usd);
}

double Journal::spent_since_version_usd() const {
  const std::lock_guard lock(mutex_);
  double sum = 0;
  for (const auto& [refresh, spent] : spent_since_version_) sum += spent;
  return sum;
}

std::set<std::string> Journal::flagged() const {
  const std::lock_guard lock(mutex_);
  return flagged_;
}

Result<void> Journal::flag(const std::vector<std::string>& trace_ids) {
  const std::lock_guard lock(mutex_);
  for (const std::string& id : trace_ids) {
    if (flagged_.contains(id)) continue;
    const json::object line{{"event", "flagged"}, {"trace_id", id}};
    if (auto written = write(line); !written) return written;
    flagged_.insert(id);
  }
  return {};
}

}  // namespace jarvis
