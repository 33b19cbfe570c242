#include <doctest/doctest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "config/embedded.hpp"
#include "core/home/live_home.hpp"
#include "core/home/settings/setting_rules.hpp"
#include "core/home/settings/settings.hpp"
#include "tests/documents/pages.hpp"
#include "tests/examples/page.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis::testing;

namespace {

constexpr const char* kRoot = "learning.distillation";

struct Key {
  std::string name;     ///< "gate.min_improvement"
  std::string written;  ///< its default as it stands in the file; empty: none
  std::string meaning;
};

/** A table of default.toml. */
struct Table {
  std::string name;  ///< below the root; empty: the root itself
  std::string meaning;
  std::vector<Key> keys;
};

/** Reads config/default.toml: a comment belongs to the key or table below it; a key without a
 * default is itself a comment. */
std::vector<Table> tables_of(std::istringstream lines) {
  static const std::regex table(R"(\[learning\.distillation\.?(.*)\])");
  static const std::regex key(R"((# )?([a-z_]+) = (.*))");
  std::vector<Table> tables;
  std::string comment;
  std::smatch match;
  for (std::string line; std::getline(lines, line);) {
    if (std::regex_match(line, match, table)) {
      tables.push_back({match[1], comment, {}});
      comment.clear();
    } else if (std::regex_match(line, match, key)) {
      const std::string prefix = tables.back().name.empty() ? "" : tables.back().name + ".";
      tables.back().keys.push_back(
          {prefix + match[2].str(), match[1].matched ? "" : match[3].str(), comment});
      comment.clear();
    } else if (line.rfind("# ", 0) == 0) {
      comment += (comment.empty() ? "" : " ") + line.substr(2);
    } else {
      comment.clear();
    }
  }
  return tables;
}

std::vector<Table> tables() {
  return tables_of(std::istringstream(std::string(jarvis::embedded_file("default.toml"))));
}

std::string type_of(const std::string& written) {
  if (written.empty()) return "number";
  if (written == "true" || written == "false") return "true or false";
  if (written[0] == '"') return "string";
  if (written[0] == '[') return "list of strings";
  return written.find('.') == std::string::npos ? "whole number" : "number";
}

/** What load_settings demands, by key. */
std::map<std::string, std::string> demanded() {
  const auto rules = jarvis::setting_rules();
  REQUIRE(rules);
  std::map<std::string, std::string> values;
  for (const jarvis::SettingRule& rule : *rules) values[rule.key] = rule.values;
  return values;
}

std::string row_of(const Key& key, const std::string& values) {
  const std::string name = key.name.substr(key.name.rfind('.') + 1);
  return "| `" + name + "` | " + type_of(key.written) + (values.empty() ? "" : ", " + values) +
         " | " + (key.written.empty() ? "" : "`" + key.written + "`") + " | " + key.meaning +
         " |\n";
}

std::string page_part() {
  const auto values = demanded();
  std::string text;
  for (const Table& table : tables()) {
    const std::string name = table.name.empty() ? kRoot : std::string(kRoot) + "." + table.name;
    text += "\n## `[" + name + "]`\n";
    if (!table.meaning.empty()) text += table.meaning + "\n";
    const auto entries = values.find(table.name);
    if (entries != values.end())
      text += "\nNames of your own, each with a value: " + entries->second + ".\n";
    if (table.keys.empty()) continue;
    text += "\n| key | type, values | default | meaning |\n|---|---|---|---|\n";
    for (const Key& key : table.keys) text += row_of(key, values.at(key.name));
  }
  return text + "\n";
}

/** What a page may write in front of a key: nothing, a dot, or the root. */
std::string below_root(std::string name) {
  if (name.rfind(kRoot, 0) == 0) name = name.substr(std::string(kRoot).size());
  if (!name.empty() && name[0] == '.') name = name.substr(1);
  return name;
}

/** "daemon.pid", which is spelt as a setting is. */
bool is_file_name(const std::string& name) {
  static const std::set<std::string> kinds{"broken", "git", "json", "jsonl", "pid", "toml"};
  return kinds.contains(name.substr(name.rfind('.') + 1));
}

}  // namespace

TEST_CASE("documents: each setting of default.toml is read, and each that is read stands there") {
  std::set<std::string> written, read;
  for (const Table& table : tables()) {
    const bool is_open = table.keys.empty();
    if (is_open) written.insert(table.name);
    CHECK_MESSAGE((table.name.empty() || !table.meaning.empty()), table.name);
    for (const Key& key : table.keys) {
      written.insert(key.name);
      CHECK_MESSAGE(!key.meaning.empty(), key.name);
    }
  }
  for (const auto& [name, values] : demanded()) read.insert(name);
  CHECK(written == read);
}

TEST_CASE("documents: docs/configuration.md is what default.toml and the checks say") {
  check_made_part("docs/configuration.md", page_part());
}

TEST_CASE("documents: every setting that a page names exists") {
  static const std::regex name(R"(\[?([a-z_]*(\.[a-z_]+)+)\]?( = .*)?)");
  std::set<std::string> known{""}, first;
  for (const Table& table : tables()) {
    known.insert(table.name);
    if (!table.name.empty()) first.insert(table.name.substr(0, table.name.find('.')));
    for (const Key& key : table.keys) known.insert(key.name);
  }
  std::size_t count = 0;
  for (const Page& page : user_pages())
    for (const CodeSpan& span : code_spans(page.text)) {
      std::smatch match;
      if (!std::regex_match(span.text, match, name)) continue;
      const std::string key = below_root(match[1]);
      const bool is_ours = match[1].str().rfind(kRoot, 0) == 0 || match[1].str()[0] == '.' ||
                           first.contains(key.substr(0, key.find('.')));
      // What is below `plugin` is the plugin's own.
      if (!is_ours || is_file_name(key) || key.rfind("plugin.", 0) == 0) continue;
      ++count;
      INFO(page.name << ":" << span.line << " " << span.text);
      CHECK(known.contains(key));
    }
  CHECK(count > 20);
}

TEST_CASE("documents: every piece of config.toml that a page shows is one") {
  std::size_t count = 0;
  for (const Page& page : user_pages()) {
    if (page.name == "docs/plugin-author.md" || page.name == "docs/plugin-manifest.md") continue;
    for (const Block& block : blocks_of(page.text)) {
      if (block.language != "toml") continue;
      ++count;
      INFO(page.name << ":" << block.line);
      const TemporaryDirectory home;
      home.write("config.toml", block.text);
      const auto settings = jarvis::load_settings(jarvis::LiveHome(home.path()));
      CHECK_MESSAGE(settings.ok(), (settings.ok() ? "" : settings.error().message));
    }
  }
  CHECK(count > 5);
}
