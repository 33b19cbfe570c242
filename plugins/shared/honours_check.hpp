#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <jarvis/text/staged_file.hpp>
#include <jarvis/text/toml_document.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace jarvis::shared {

namespace json = boost::json;

/** Files of a home by their relative names. */
using HomeFiles = std::map<std::string, std::string>;

/** One change of a home. Without a `key`, `value` is all of the file's text. */
struct SettingChange {
  std::string
      honour;  ///< the manifest's entry that promises that the student sees it; may be empty
  std::string file;
  text::TomlPath key;
  json::value value;
  std::string agent = "simple";  ///< who is asked
};

/** What the student does with a home, as text that differs where it does something else. */
using Behaviour = std::function<std::string(const HomeFiles&, const std::string& agent)>;

inline HomeFiles changed(HomeFiles files, const SettingChange& change) {
  std::string& text = files[change.file];
  if (change.key.empty()) {
    text = std::string(change.value.as_string());
  } else {
    auto document = text::TomlDocument::parse(text, change.file);
    document.set(change.key, change.value);
    text = document.text();
  }
  return files;
}

/** Whether "config.toml:agent.*.tools" or "agents/<any>/few_shot.json" names what is changed. */
inline bool names(const std::string& honour, const SettingChange& change) {
  const std::string place =
      change.key.empty() ? change.file : change.file + ":" + text::dotted(change.key);
  std::string pattern = honour;
  const std::size_t star = pattern.find('*');
  if (star == std::string::npos) return pattern == place;
  const std::string head = pattern.substr(0, star), tail = pattern.substr(star + 1);
  return place.size() > head.size() + tail.size() && place.compare(0, head.size(), head) == 0 &&
         place.compare(place.size() - tail.size(), tail.size(), tail) == 0;
}

/** Checks that the student sees every change that names an entry of the manifest, that it sees no
 * other, and that every entry has a change that proves it. */
inline void check_honours(const std::string& plugin_directory, const HomeFiles& base,
                          const std::vector<SettingChange>& changes, const Behaviour& behaviour) {
  const auto manifest = text::TomlDocument::parse(
      *text::read_staged_file(plugin_directory, "plugin.toml"), "plugin.toml");
  std::set<std::string> unproven;
  for (const json::value& provides : manifest.values().at("provides").as_array())
    for (const std::string& entry :
         sdk::strings_of(sdk::optional_array(provides.as_object(), "honours")))
      CHECK_MESSAGE(unproven.insert(entry).second, entry, " stands twice");
  const std::set<std::string> honoured = unproven;
  for (const SettingChange& change : changes) {
    CAPTURE(change.honour);
    CAPTURE(text::dotted(change.key));
    const bool seen =
        behaviour(base, change.agent) != behaviour(changed(base, change), change.agent);
    CHECK(seen == !change.honour.empty());
    for (const std::string& entry : honoured)
      if (change.honour.empty()) CHECK_FALSE(names(entry, change));
    if (change.honour.empty()) continue;
    CHECK(names(change.honour, change));
    CHECK(honoured.count(change.honour) == 1);
    unproven.erase(change.honour);
  }
  for (const std::string& entry : unproven) FAIL_CHECK("no change proves ", entry);
}

/** Cases for one number in each of its four places. */
inline void add_parameter(std::vector<SettingChange>& changes, const std::string& name,
                          const json::value& value, const std::string& model,
                          const std::string& agent) {
  const auto add = [&](const std::string& table, text::TomlPath key) {
    key.push_back(name);
    changes.push_back({"config.toml:" + table + "." + name, "config.toml", key, value, agent});
  };
  add("intelligence", {"intelligence"});
  add("models.*", {"models", model});
  add("agent", {"agent"});
  add("agent.*", {"agent", agent});
}

}  // namespace jarvis::shared
