#pragma once

#include <string>
#include <vector>

namespace jarvis::chat {

/** A part of a note: the lines between two blank ones, or a part of them where they are long. */
struct Passage {
  std::string file;  ///< relative to the home
  int line = 1;      ///< where it begins
  std::string text;
};

/** The passages of the home's notes (text::kNotePlaces), in the order of their files' names. Of
 * hostile ones: links that leave the home, folders that are a repository of their own, what is no
 * text or too large, and what comes after the first so many files and bytes are passed over. */
std::vector<Passage> passages_of_notes(const std::string& home);

/** The passages that hold words of `query`, best first: more different words, then more
 * occurrences, then as they stood. At most `most`. */
std::vector<Passage> best_passages(std::vector<Passage> passages, const std::string& query,
                                   std::size_t most);

}  // namespace jarvis::chat
