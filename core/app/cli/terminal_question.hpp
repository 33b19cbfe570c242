#pragma once

#include <optional>
#include <string>
#include <vector>

namespace jarvis {

/** What the user types on a line, without blanks at its ends. Nothing at the end of the input and
 * after Ctrl-C. */
std::optional<std::string> typed_line();

/** Forgets what was typed and not read: it was no answer to what is asked next. */
void forget_typed();

/** The word of `words` that an answer means: itself, or a beginning of it, in any case; empty when
 * it is none. `words` begin with different letters. */
std::string meant_word(const std::string& answer, const std::vector<std::string>& words);

/** Shows a text in the user's $VISUAL, $EDITOR or $PAGER, else in less or more, as a file that
 * cannot be written; comes back when that program ends. What went wrong; empty when nothing did. */
std::string show_in_viewer(const std::string& name, const std::string& text);

}  // namespace jarvis
