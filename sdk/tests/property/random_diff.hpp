#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "random.hpp"

namespace jarvis::property {

/** A line of a hunk, without sign and line end. */
struct MadeLine {
  char sign = ' ';
  std::string text;
  bool marked = false;  ///< "\ No newline at end of file" belongs behind it
};

struct MadeHunk {
  std::size_t old_start = 0;
  std::size_t old_count = 0;
  std::size_t new_start = 0;
  std::size_t new_count = 0;
  bool numbered = true;
  std::vector<MadeLine> lines;
};

/** What models do to diffs. */
struct Damage {
  bool numbers = false;        ///< wrong line numbers, or none
  bool counts = false;         ///< wrong counts
  bool bare_blanks = false;    ///< blank context lines without their leading blank
  bool returns = false;        ///< CRLF in the whole diff
  bool cut_end = false;        ///< no line end behind the last line
  bool markers = false;        ///< every "\ No newline at end of file" is left out
  bool fence = false;          ///< ``` around it
  bool outer_context = false;  ///< context lines lost at the ends of hunks
  bool inner_context = false;  ///< a context line lost between others
  bool altered = false;        ///< a context line with other words
  bool prose = false;          ///< talk before or behind the hunks
};

/** A prompt, the prompt that was meant, and a diff between the two as a model gives it. */
struct RandomDiff {
  std::string before;
  std::string meant;  ///< by the rules for the final newline, where the damage took that away
  Damage damage;
  std::vector<MadeHunk> hunks;  ///< what the diff's text says
  std::string text;
};

/** Made by libgit2, then damaged. */
RandomDiff random_diff(Random& random);

/** Parts of a text at its line ends, which are left out. */
std::vector<std::string> contents_of(const std::string& text);

}  // namespace jarvis::property
