#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace jarvis::testing {

/** One folder of tests/cases, as README.md there describes it. */
struct Case {
  std::string name;
  std::filesystem::path folder;
  std::vector<std::string> commands;
  std::vector<std::string> setup;
  std::string out, err, rc;
  std::optional<int> paid;
};

/** All cases, by name. */
std::vector<Case> read_cases(const std::filesystem::path& folder);

/** "learning reject e-1 --reason \"too long\"" → its words. */
std::vector<std::string> words_of(const std::string& line);

std::string text_of(const std::filesystem::path& file);

}  // namespace jarvis::testing
