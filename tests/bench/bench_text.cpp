#include <jarvis/text/toml_document.hpp>
#include <jarvis/text/unified_diff.hpp>

#include "tests/bench/table.hpp"

using jarvis::bench::median_milliseconds;
using jarvis::bench::Table;
using jarvis::text::apply_unified_diff;
using jarvis::text::TomlDocument;

namespace {

/** 200 tables of ten lines. */
std::string long_config() {
  std::string text;
  for (int i = 0; i < 200; ++i) {
    const std::string number = std::to_string(i);
    text +=
        "# What the agent with the number " + number + " is for\n[agent.agent-" + number + "]\n";
    text += "class = \"native_react\"\ntools = [\"calculator\", \"web_search\"] # two\n";
    text +=
        "temperature = 0.7\nmax_turns = 10\nmax_tokens = 1_024\ndescription = '''some text'''\n";
    text += "limits = { memory = 512, time.seconds = 30 }\n\n";
  }
  return text;
}

std::string long_prompt() {
  std::string text;
  for (int i = 1; i <= 1000; ++i)
    text += "- Rule " + std::to_string(i) + " says something that the agent must keep to.\n";
  return text;
}

std::string line_of(int number) {
  return "- Rule " + std::to_string(number) + " says something that the agent must keep to.\n";
}

/** Three hunks in the prompt, `off` lines away from where they say. */
std::string diff_of_prompt(int off) {
  std::string diff = "--- a/system_prompt.md\n+++ b/system_prompt.md\n";
  for (const int line : {100, 500, 900}) {
    const std::string start = std::to_string(line + off);
    diff += "@@ -" + start + ",3 +" + start + ",3 @@\n " + line_of(line) + "-" + line_of(line + 1) +
            "+- This rule is new.\n " + line_of(line + 2);
  }
  return diff;
}

void bench_config() {
  const std::string text = long_config();
  Table table("A config.toml of 2,000 lines");
  table.row("parse", median_milliseconds(21, 5, [&] { TomlDocument::parse(text, "config.toml"); }));
  const TomlDocument parsed = TomlDocument::parse(text, "config.toml");
  double number = 0;
  const auto edit = [&](const char* what, auto change) {
    table.row(what, median_milliseconds(21, 5, [&] {
                TomlDocument document = parsed;
                number += 1;
                change(document);
              }));
  };
  edit("set a value in the middle", [&](TomlDocument& document) {
    document.set({"agent", "agent-100", "temperature"}, number);
  });
  edit("set a value in the last table", [&](TomlDocument& document) {
    document.set({"agent", "agent-199", "temperature"}, number);
  });
  edit("add a table", [&](TomlDocument& document) {
    document.set({"models", "Qwen/Qwen3.5-9B", "temperature"}, number);
  });
  edit("append to an array", [](TomlDocument& document) {
    document.append({"agent", "agent-100", "tools"}, "file_read");
  });
  edit("remove a key", [](TomlDocument& document) {
    document.remove({"agent", "agent-100", "max_turns"});
  });
  table.row("parse and set a value, as an applier does", median_milliseconds(21, 5, [&] {
              TomlDocument document = TomlDocument::parse(text, "config.toml");
              document.set({"agent", "agent-100", "temperature"}, number += 1);
            }));
}

void bench_diff() {
  const std::string prompt = long_prompt();
  const std::string exact = diff_of_prompt(0);
  const std::string off = diff_of_prompt(50);
  Table table("A diff of three hunks on a prompt of 1,000 lines");
  table.row("line numbers that are right",
            median_milliseconds(21, 20, [&] { apply_unified_diff(prompt, exact); }));
  table.row("line numbers that are wrong, found by content",
            median_milliseconds(21, 20, [&] { apply_unified_diff(prompt, off); }));
}

}  // namespace

int main() {
  bench_config();
  bench_diff();
}
