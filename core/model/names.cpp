// The words that stand for the model's enumerations in files and on the command line.
#include <algorithm>
#include <array>
#include <utility>

#include "core/model/edit.hpp"
#include "core/model/session.hpp"

namespace jarvis {

namespace {

template <class Enum, std::size_t N>
using Names = std::array<std::pair<Enum, std::string_view>, N>;

constexpr Names<Tier, 3> kTiers{
    {{Tier::automatic, "auto"}, {Tier::review, "review"}, {Tier::manual, "manual"}}};

constexpr Names<Decision, 3> kDecisions{{{Decision::accept, "accept"},
                                         {Decision::reject, "reject"},
                                         {Decision::undecided, "undecided"}}};

constexpr Names<EditStatus, 6> kEditStatuses{{{EditStatus::applied, "applied"},
                                              {EditStatus::rejected_by_gate, "rejected_by_gate"},
                                              {EditStatus::pending_review, "pending_review"},
                                              {EditStatus::rejected_by_user, "rejected_by_user"},
                                              {EditStatus::rolled_back, "rolled_back"},
                                              {EditStatus::skipped, "skipped"}}};

constexpr Names<SessionStatus, 8> kSessionStatuses{
    {{SessionStatus::initiated, "initiated"},
     {SessionStatus::diagnosing, "diagnosing"},
     {SessionStatus::planning, "planning"},
     {SessionStatus::executing, "executing"},
     {SessionStatus::awaiting_review, "awaiting_review"},
     {SessionStatus::completed, "completed"},
     {SessionStatus::failed, "failed"},
     {SessionStatus::rolled_back, "rolled_back"}}};

constexpr Names<Autonomy, 3> kAutonomies{
    {{Autonomy::automatic, "auto"}, {Autonomy::tiered, "tiered"}, {Autonomy::manual, "manual"}}};

template <class Enum, std::size_t N>
std::string_view name_of(const Names<Enum, N>& names, Enum value) {
  const auto found = std::find_if(names.begin(), names.end(),
                                  [&](const auto& entry) { return entry.first == value; });
  return found == names.end() ? std::string_view("unknown") : found->second;
}

template <class Enum, std::size_t N>
std::optional<Enum> value_of(const Names<Enum, N>& names, std::string_view text) {
  const auto found = std::find_if(names.begin(), names.end(),
                                  [&](const auto& entry) { return entry.second == text; });
  if (found == names.end()) return std::nullopt;
  return found->first;
}

}  // namespace

std::string_view to_string(Tier tier) {
  return name_of(kTiers, tier);
}
std::optional<Tier> tier_from(std::string_view text) {
  return value_of(kTiers, text);
}
Tier stricter(Tier one, Tier other) {
  return std::max(one, other);
}

std::string_view to_string(Decision decision) {
  return name_of(kDecisions, decision);
}
std::optional<Decision> decision_from(std::string_view text) {
  return value_of(kDecisions, text);
}

std::string_view to_string(EditStatus status) {
  return name_of(kEditStatuses, status);
}
std::optional<EditStatus> edit_status_from(std::string_view text) {
  return value_of(kEditStatuses, text);
}

std::string_view to_string(SessionStatus status) {
  return name_of(kSessionStatuses, status);
}
std::optional<SessionStatus> session_status_from(std::string_view text) {
  return value_of(kSessionStatuses, text);
}

std::string_view to_string(Autonomy autonomy) {
  return name_of(kAutonomies, autonomy);
}
std::optional<Autonomy> autonomy_from(std::string_view text) {
  return value_of(kAutonomies, text);
}

}  // namespace jarvis
