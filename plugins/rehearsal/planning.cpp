#include <optional>

#include "plugins/rehearsal/teacher.hpp"
#include "plugins/shared/rehearsal_student.hpp"

namespace jarvis::rehearsal {

namespace json = boost::json;

namespace {

constexpr const char* kClusterPrefix = "wrong-answers-";
constexpr const char* kAgentMark = "Agent '";

/** What the plan is about, as far as the request names it. */
struct Subject {
  std::string cluster;
  std::string query_class;
  std::string agent = "simple";
};

std::string word_at(const std::string& text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && ((text[end] >= 'a' && text[end] <= 'z') || text[end] == '_' ||
                               text[end] == '-' || (text[end] >= '0' && text[end] <= '9')))
    ++end;
  return text.substr(at, end - at);
}

std::optional<Subject> subject_of(const std::string& text) {
  const std::string prefix = kClusterPrefix;
  const std::size_t cluster = text.find(prefix);
  if (cluster == std::string::npos) return std::nullopt;
  Subject subject;
  subject.query_class = word_at(text, cluster + prefix.size());
  subject.cluster = prefix + subject.query_class;
  const std::string mark = kAgentMark;
  if (const std::size_t agent = text.find(mark); agent != std::string::npos)
    subject.agent = word_at(text, agent + mark.size());
  return subject;
}

/** Adds an edit when the request's catalogue has its op. */
class Draft {
 public:
  Draft(const std::string& text, const Subject& subject) : text_(text), subject_(subject) {}

  void add(const char* pillar, const char* op, const std::string& target, json::object payload,
           const std::string& rationale, const char* tier) {
    if (text_.find(op) == std::string::npos) return;
    edits_.push_back(json::object{{"id", "edit-" + std::to_string(edits_.size() + 1)},
                                  {"pillar", pillar},
                                  {"op", op},
                                  {"target", target},
                                  {"payload", std::move(payload)},
                                  {"rationale", "Rehearsal: " + rationale},
                                  {"expected_improvement", subject_.cluster},
                                  {"risk_tier", tier},
                                  {"references", json::array{subject_.cluster}}});
  }

  json::array take() { return std::move(edits_); }

 private:
  const std::string& text_;
  const Subject& subject_;
  json::array edits_;
};

std::string better_prompt() {
  return "You are a careful assistant.\n\n"
         "Work step by step: write one line for each step, and do not stop before the last one.\n"
         "End with a line that begins with \"A: \" and holds the answer alone.\n";
}

}  // namespace

std::string plan(const std::string& text) {
  const auto subject = subject_of(text);
  if (!subject) return json::serialize(json::object{{"edits", json::array{}}});
  Draft draft(text, *subject);
  const std::string& agent = subject->agent;
  draft.add("intelligence", "set_model_for_query_class",
            "learning.routing.policy_map." + subject->query_class,
            {{"query_class", subject->query_class}, {"model", kLargeModel}},
            "the larger model seldom leaves out a step.", "auto");
  draft.add("agent", "set_agent_param", "agents." + agent + ".temperature",
            {{"agent", agent}, {"param", "temperature"}, {"value", 1.5}},
            "a higher temperature might find other ways to the answer.", "auto");
  draft.add("agent", "replace_system_prompt", "agents." + agent + ".system_prompt",
            {{"agent", agent}, {"new_content", better_prompt()}},
            "a prompt that asks for every step makes it harder to forget one.", "review");
  draft.add("intelligence", "lora_finetune", std::string("models.") + kSmallModel,
            {{"model", kSmallModel}, {"query_class", subject->query_class}},
            "the small model could be trained on worked answers.", "manual");
  return json::serialize(json::object{{"edits", draft.take()}});
}

}  // namespace jarvis::rehearsal
