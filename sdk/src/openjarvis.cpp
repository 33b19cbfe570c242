#include <algorithm>
#include <jarvis/text/openjarvis.hpp>
#include <jarvis/text/student_settings.hpp>

namespace jarvis::text {

namespace {

constexpr std::array<OpenJarvisAgent, 8> kAgents{{
    {"simple", false, true, false, {}},
    {"orchestrator", true, true, false, {}},
    {"operative", true, false, false, {}},
    {"native_react", true, false, true, {"tool_descriptions", "skill_examples"}},
    {"native_openhands", true, false, true, {"tool_descriptions"}},
    {"monitor_operative",
     true,
     false,
     true,
     {"tool_descriptions", "memory_extraction", "observation_compression", "retrieval_strategy",
      "task_decomposition"}},
    {"rlm", true, false, true, {"tool_section"}},
    {"deep_research", true, false, true, {}},
}};

std::string name_or(const std::string& name, const char* otherwise) {
  return name.empty() ? otherwise : name;
}

}  // namespace

const OpenJarvisAgent* openjarvis_agent(std::string_view name) {
  if (name == "react") name = "native_react";
  const auto found = std::find_if(kAgents.begin(), kAgents.end(),
                                  [&](const OpenJarvisAgent& known) { return known.name == name; });
  return found == kAgents.end() ? nullptr : &*found;
}

bool is_openjarvis_placeholder(std::string_view name) {
  return !name.empty() &&
         std::any_of(kAgents.begin(), kAgents.end(), [&](const OpenJarvisAgent& agent) {
           return std::find(agent.placeholders.begin(), agent.placeholders.end(), name) !=
                  agent.placeholders.end();
         });
}

void require_answering_agent(const TomlDocument& config, const std::string& agent) {
  const std::string asked = name_or(text_of(config, default_agent_setting()), "simple");
  const std::string served = name_or(text_of(config, {{"server", "agent"}, {}}), "orchestrator");
  for (const std::string& answering : {asked, served}) {
    if (agent == answering) return;
    const OpenJarvisAgent* known = openjarvis_agent(answering);
    if (known && known == openjarvis_agent(agent)) return;
  }
  throw sdk::refused("OpenJarvis has no settings of agent '" + agent +
                         "' alone: all agents share them, and it is not one that answers",
                     "name the agent that answers: '" + asked + "' (agent.default_agent)" +
                         (served == asked ? "" : " or '" + served + "' (server.agent)"));
}

void require_tool_agent(const TomlDocument& config, const std::string& agent) {
  require_answering_agent(config, agent);
  const OpenJarvisAgent* known = openjarvis_agent(agent);
  if (!known || !known->takes_tools)
    throw sdk::refused(
        "OpenJarvis' agent '" + agent + "' takes no tools, and makes one request to the model",
        "an agent such as 'orchestrator' or 'native_react' takes tools");
}

void require_file_name(const std::string& agent) {
  const OpenJarvisAgent* known = openjarvis_agent(agent);
  if (known && known->name != agent)
    throw sdk::refused("OpenJarvis reads no files of agent '" + agent + "'",
                       "name it '" + std::string(known->name) + "', as its files are");
}

}  // namespace jarvis::text
