#include "core/session/plan/proposals.hpp"

#include <doctest/doctest.h>

#include <set>

#include "tests/support/fakes/catalogue.hpp"
#include "tests/support/fakes/home.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

struct Proposing {
  std::string session_id = "session-20260601T030000_0a1b2c3d";
  FakeCatalogue catalogue;
  FakeDiffer differ;
  MemoryHome home;

  std::vector<Edit> all(const std::string& array) const {
    return Proposals(session_id, catalogue, differ, home).edits_from(json::parse(array).as_array());
  }
  Edit one(const std::string& proposal) const {
    const auto edits = all("[" + proposal + "]");
    REQUIRE(edits.size() == 1);
    return edits[0];
  }
};

const std::string kParam =
    R"({"id": "edit_001", "op": "set_agent_param", "target": "agents.simple.skill", "rationale": "why",
        "payload": {"agent": "simple", "param": "skill", "value": 1}, "expected_improvement": "a",
        "risk_tier": "auto", "references": ["t1", 7]})";

bool mentions(const Edit& edit, const std::string& text) {
  return edit.refusal.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("proposals: one that is no object keeps its place with a refusal") {
  const Proposing proposing;
  const auto edits = proposing.all("[7, null, " + kParam + "]");
  REQUIRE(edits.size() == 3);
  CHECK(mentions(edits[0], "not a JSON object"));
  CHECK(edits[1].tier == Tier::manual);
  CHECK(edits[2].refusal.empty());
  CHECK(edits[2].id == "edit-0a1b2c3d-3");
}

TEST_CASE("proposals: a missing or unknown op is refused") {
  const Proposing proposing;
  CHECK(mentions(proposing.one(R"({"payload": {}})"), "'op' is missing"));
  CHECK(mentions(proposing.one(R"({"op": 7, "payload": {}})"), "'op' is missing"));
  const Edit unknown = proposing.one(R"({"op": "rm_rf", "payload": {}, "risk_tier": "auto"})");
  CHECK(mentions(unknown, "unknown op 'rm_rf'"));
  CHECK(unknown.tier == Tier::manual);
}

TEST_CASE("proposals: a payload that is no object is refused") {
  const Proposing proposing;
  for (const char* payload : {"null", "[]", "\"agent\"", "7"}) {
    CAPTURE(payload);
    CHECK(mentions(
        proposing.one(std::string(R"({"op": "set_agent_param", "payload": )") + payload + "}"),
        "'payload' is not an object"));
  }
  CHECK(mentions(proposing.one(R"({"op": "set_agent_param"})"), "'payload' is not an object"));
}

TEST_CASE("proposals: a payload that does not fit its schema is refused, the field is named") {
  const Proposing proposing;
  CHECK(mentions(
      proposing.one(R"({"op": "set_agent_param", "payload": {"agent": "simple", "param": "x"}})"),
      "payload.value"));
}

TEST_CASE("proposals: an op on an agent needs one, and only one") {
  const Proposing proposing;
  const std::string payload = R"("payload": {"param": "x", "value": 1})";
  CHECK(mentions(proposing.one(R"({"op": "set_agent_param", "target": "config", )" + payload + "}"),
                 "names no agent"));
  CHECK(
      mentions(proposing.one(R"({"op": "set_agent_param", "target": "agents.", )" + payload + "}"),
               "names no agent"));
  CHECK(mentions(proposing.one(R"({"op": "set_agent_param", "target": "agents.other.x",
                                   "payload": {"agent": "simple", "param": "x", "value": 1}})"),
                 "two agents: 'simple' in the payload, 'other' in the target"));
}

TEST_CASE("proposals: the agent comes from the target where the payload has none") {
  const Proposing proposing;
  for (const char* target : {"agents.simple.skill", "agents.simple", "agent.simple"}) {
    CAPTURE(target);
    const Edit edit = proposing.one(std::string(R"({"op": "set_agent_param", "target": ")") +
                                    target + R"(", "payload": {"param": "x", "value": 1}})");
    CHECK(edit.refusal.empty());
    CHECK(edit.payload.at("agent") == "simple");
  }
}

TEST_CASE("proposals: the tier is the registry's, whatever the teacher wrote") {
  const Proposing proposing;
  const Edit prompt = proposing.one(R"({"op": "replace_system_prompt", "risk_tier": "auto",
                                        "payload": {"agent": "simple", "new_content": "x"}})");
  CHECK(prompt.tier == Tier::review);
  CHECK(prompt.claimed_tier == "auto");
  CHECK_FALSE(prompt.escalated);
  const Edit manual =
      proposing.one(R"({"op": "lora_finetune", "risk_tier": "auto", "payload": {}})");
  CHECK(manual.tier == Tier::manual);
  const Edit shell = proposing.one(R"({"op": "add_tool_to_agent", "risk_tier": "auto",
                                       "payload": {"agent": "simple", "tool_name": "shell_exec"}})");
  CHECK(shell.tier == Tier::review);
  CHECK(shell.escalated);
}

TEST_CASE("proposals: the pillar is the registry's too, and all else is the teacher's") {
  const Proposing proposing;
  const Edit edit = proposing.one(kParam);
  CHECK(edit.refusal.empty());
  CHECK(edit.pillar == "agent");
  CHECK(edit.teacher_id == "edit_001");
  CHECK(edit.rationale == "why");
  CHECK(edit.expected_improvement == "a");
  CHECK(edit.references == std::vector<std::string>{"t1"});
}

TEST_CASE("proposals: ids are unique whatever the teacher calls them") {
  const Proposing proposing;
  Proposing other;
  other.session_id = "session-20260601T030000_ffffffff";
  std::set<std::string> ids;
  for (const Edit& edit : proposing.all("[" + kParam + "," + kParam + "]")) ids.insert(edit.id);
  ids.insert(other.one(kParam).id);
  CHECK(ids.size() == 3);
}

TEST_CASE("proposals: what comes after the twentieth is refused") {
  const Proposing proposing;
  std::string array = "[" + kParam;
  for (int i = 1; i < 22; ++i) array += "," + kParam;
  const auto edits = proposing.all(array + "]");
  REQUIRE(edits.size() == 22);
  CHECK(edits[19].refusal.empty());
  CHECK(mentions(edits[20], "at most 20"));
  CHECK(mentions(edits[21], "at most 20"));
}

namespace {

const std::string kPatch = R"({"op": "patch_system_prompt", "target": "agents.simple.system_prompt",
  "risk_tier": "review", "payload": {"diff": "@@ -1,2 +1,2 @@\n one\n-two\n+2\n"}})";

}  // namespace

TEST_CASE("patch: one for an agent without a prompt file is refused") {
  const Proposing proposing;
  CHECK(mentions(proposing.one(kPatch), "agent 'simple' has no prompt that a diff could change"));
}

TEST_CASE("patch: one that does not apply is refused and never becomes a prompt") {
  Proposing proposing;
  proposing.home.files["agents/simple/system_prompt.md"] = "quite\nanother\n";
  proposing.differ.share = 1.0;
  const Edit edit = proposing.one(kPatch);
  CHECK_FALSE(edit.refusal.empty());
  CHECK(edit.op == "patch_system_prompt");
  CHECK_FALSE(edit.payload.contains("new_content"));
}

TEST_CASE("patch: one of at most half of the lines stays a patch") {
  Proposing proposing;
  proposing.home.files["agents/simple/system_prompt.md"] = "one\ntwo\n";
  proposing.differ.share = 0.5;
  const Edit edit = proposing.one(kPatch);
  CHECK(edit.refusal.empty());
  CHECK(edit.op == "patch_system_prompt");
}

TEST_CASE("patch: one of more than half of the lines becomes a replacement") {
  Proposing proposing;
  proposing.home.files["agents/simple/system_prompt.md"] = "one\ntwo\n";
  proposing.differ.share = 0.51;
  const Edit edit = proposing.one(kPatch);
  CHECK(edit.refusal.empty());
  CHECK(edit.op == "replace_system_prompt");
  CHECK(edit.payload == json::object{{"agent", "simple"}, {"new_content", "one\n2\n"}});
  CHECK(edit.tier == Tier::review);
}
