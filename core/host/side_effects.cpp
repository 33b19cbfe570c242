#include "core/host/side_effects.hpp"

#include <algorithm>
#include <jarvis/text/toml_document.hpp>
#include <sstream>

#include "config/embedded.hpp"

namespace jarvis {

namespace {

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

SideEffects SideEffects::in(const json::object& table) {
  const json::object side_effects = sdk::optional_object(table, "side_effects");
  SideEffects found;
  found.tools_ = sdk::strings_of(sdk::optional_array(side_effects, "tools"));
  found.words_ = sdk::strings_of(sdk::optional_array(side_effects, "words"));
  return found;
}

SideEffects SideEffects::built_in() {
  return in(text::TomlDocument::parse(std::string(embedded_file("ops.toml")), "config/ops.toml")
                .values());
}

bool SideEffects::names(const std::string& tool) const {
  std::string name = tool;
  std::replace(name.begin(), name.end(), '-', '_');
  if (contains(tools_, name)) return true;
  std::string word;
  std::istringstream words(name);
  while (std::getline(words, word, '_'))
    if (contains(words_, word)) return true;
  return false;
}

}  // namespace jarvis
