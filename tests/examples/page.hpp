#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace jarvis::testing {

/** A fenced block of a page of Markdown. */
struct Block {
  std::size_t line = 0;  ///< of the opening fence, from 1
  std::string language;
  std::string text;
};

/** Throws for a fence that is not closed. */
std::vector<Block> blocks_of(const std::string& page);

/** Shell commands of a page, with what the page says that they print. */
struct Step {
  std::size_t line = 0;
  std::string commands;
  std::optional<std::string> printed;  ///< the ```text block that follows; "…" stands for any
};

/** The ```sh blocks, in order. Throws for a ```text block that follows none. */
std::vector<Step> steps_of(const std::vector<Block>& blocks);

/** One shell script that takes all steps, each in the same shell and with its output in a file of
 * its own; it ends at the first command that fails. */
std::string script_of(const std::vector<Step>& steps, const std::filesystem::path& outputs);

/** Where script_of puts what step `index` prints on stdout and stderr. */
std::filesystem::path output_of(const std::filesystem::path& outputs, std::size_t index);

}  // namespace jarvis::testing
