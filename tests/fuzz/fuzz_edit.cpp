#include <cstdint>
#include <filesystem>
#include <fstream>
#include <jarvis/text/toml_document.hpp>
#include <sstream>

#include "core/base/json_text.hpp"
#include "core/host/payload_schema.hpp"
#include "core/model/edit_json.hpp"
#include "core/session/plan/proposals.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/support/fakes/catalogue.hpp"

// A teacher's reply, as planning reads it.

namespace {

using namespace jarvis;
using jarvis::fuzz::require;

/** The ops of the manifests in the source tree, with their real schemas; applies nothing. */
class Manifests : public ApplierCatalogue {
 public:
  Manifests() {
    for (const auto& folder : std::filesystem::directory_iterator(APPLIER_FOLDERS))
      if (std::filesystem::exists(folder.path() / "plugin.toml"))
        add(folder.path() / "plugin.toml");
    require(ops_.size() >= 6, "the manifests are there");
  }

  const std::vector<Op>& ops() const override { return ops_; }
  Result<TierDecision> tier_of(const std::string& op, const json::object&) const override {
    if (!find(op)) return Error{ErrorKind::refused, "unknown op '" + op + "'"};
    return TierDecision{Tier::review, false, "manifest"};
  }
  Result<void> check_payload(const std::string& op, const json::object& payload) const override {
    if (!find(op)) return Error{ErrorKind::refused, "unknown op '" + op + "'"};
    return check_against_schema(payload, find(op)->payload_schema, "payload");
  }
  Result<std::string> apply(const Edit&, HomeStage&) override {
    return Error{ErrorKind::refused, "nothing is applied here"};
  }

 private:
  void add(const std::filesystem::path& manifest) {
    std::ostringstream text;
    text << std::ifstream(manifest).rdbuf();
    const auto document = text::TomlDocument::parse(text.str(), manifest.string());
    const json::object provided = document.values().at("provides").as_array().at(0).as_object();
    Op op;
    op.name = sdk::required_string(provided, "id");
    op.pillar = sdk::required_string(provided, "pillar");
    op.payload_schema =
        sdk::parse_object(sdk::required_string(provided, "payload_schema"), "payload_schema");
    ops_.push_back(std::move(op));
  }
  const Op* find(const std::string& name) const {
    for (const Op& op : ops_)
      if (op.name == name) return &op;
    return nullptr;
  }

  std::vector<Op> ops_;
};

struct World {
  Manifests catalogue;
  testing::FakeDiffer differ;
  testing::MemoryHome home;
  std::string session = "session-20260601T030000_0a1b2c3d";

  World() { home.files["agents/simple/system_prompt.md"] = "one\ntwo\nthree\n"; }
};

void check(const Edit& edit, const World& world) {
  const json::object written = to_json(edit);
  require(to_json(edit_from_json(written)) == written, "an edit is read back as it was written");
  if (!edit.refusal.empty()) return;
  require(edit.tier == Tier::review, "the tier comes from the catalogue");
  require(world.catalogue.check_payload(edit.op, edit.payload).ok(),
          "an edit that may be tried fits its schema");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World world;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto reply = object_in_reply(text);
  if (!reply) return 0;
  try {
    (void)edit_from_json(*reply);
  } catch (const sdk::Failure& failure) {
    require(failure.status() == JARVIS_INVALID, "an edit that cannot be read is invalid");
  }
  const Proposals proposals(world.session, world.catalogue, world.differ, world.home);
  const json::value* list = reply->if_contains("edits");
  const json::array edits = list && list->is_array() ? list->as_array() : json::array{*reply};
  for (const Edit& edit : proposals.edits_from(edits)) check(edit, world);
  return 0;
}
