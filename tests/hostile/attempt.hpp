#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/host/registry.hpp"
#include "tests/support/temporary_directory.hpp"

namespace jarvis::testing {

/** One line of payloads.jsonl. */
struct HostilePayload {
  std::string op;
  std::string note;
  std::string text;  ///< the payload as JSON text, with its placeholders
  std::string says;  ///< stands in the refusal; empty where the edit is a good one
};

/** Throws for a line that cannot be read. */
std::vector<HostilePayload> read_payloads(const std::string& file);

/** A home in one of several styles, beside a file that no edit may reach. */
class HostileHome {
 public:
  /** `style` is one of styles(). */
  explicit HostileHome(const std::string& style);

  static const std::vector<std::string>& styles();
  std::filesystem::path path() const { return directory_.path() / "home"; }
  /** Whether every file of the home and beside it is as it was made, and there is none besides. */
  bool is_untouched() const;
  /** A staged copy that no edit has changed yet. Throws when there can be none. */
  HomeStage& stage();
  /** Call it when the stage was changed. */
  void drop_stage() { stage_.reset(); }
  /** A path outside, for payloads that name one. */
  std::string outside() const { return (directory_.path() / "outside").string(); }

 private:
  void fill(const std::string& style);
  std::map<std::string, std::string> everything() const;

  TemporaryDirectory directory_;
  std::map<std::string, std::string> made_;
  std::unique_ptr<HomeStage> stage_;
};

/** What became of one payload in one home. */
struct Attempt {
  bool applied = false;
  std::string refusal;
  std::string damage;  ///< what changed that must not; empty when all is well
};

/** Applies it to a staged copy of the home, and looks at everything afterwards. Nothing that can go
 * wrong is thrown. */
Attempt attempt(Registry& registry, const HostilePayload& payload, HostileHome& home);

}  // namespace jarvis::testing
