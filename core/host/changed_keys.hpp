#pragma once

#include <string>
#include <vector>

#include "core/model/result.hpp"
#include "core/ports/home_stage.hpp"

namespace jarvis {

/** Keys from the root of config.toml down. */
using ConfigKey = std::vector<std::string>;

/** A dotted pattern of keys, such as "agent.*.tools". */
class KeyPattern {
 public:
  /** One part: a key, or a star that stands for any one key. */
  struct Part {
    std::string text;
    bool any = false;
  };

  explicit KeyPattern(std::vector<Part> parts) : parts_(std::move(parts)) {}
  /** Every part that is a star stands for any key. */
  static KeyPattern parse(const std::string& text);

  /** Whether `key` is what the pattern names, or lies below it. */
  bool covers(const ConfigKey& key) const;
  /** As covers; what lies above counts too: who replaces a whole table replaces what is in it. */
  bool touches_part_of(const ConfigKey& key) const;

 private:
  bool agrees(const ConfigKey& key, std::size_t length) const;

  std::vector<Part> parts_;
};

/** Splits at dots, before any field is filled in: a model's name may hold dots of its own. */
std::vector<std::string> split_at_dots(const std::string& text);

/** Every key at which the config.toml of a change differs, from the parsed trees: a table that is
 * on one side only counts as its leaves. refused, saying which side, when one is not TOML. */
Result<std::vector<ConfigKey>> changed_keys(const FileChange& change);

}  // namespace jarvis
