#pragma once

#include <optional>
#include <string>

#include "core/dashboard/html.hpp"
#include "core/model/session.hpp"

namespace jarvis::dashboard {

// Small pieces that many pages show.

/** "rejected by gate", in the colour of what it means. */
Html badge(EditStatus status);
/** `at_work`: an unfinished session without anybody at work was interrupted. */
Html badge(SessionStatus status, bool at_work);
/** A <time> of what iso8601 writes, as the clocks of this place show it. */
Html moment(const std::string& iso8601);
/** "+3.2 points", green or red. */
Html gain(std::optional<double> delta);
/** "4.2 s", "310 ms". */
std::string duration(double seconds);
/** "1 edit", "3 edits". */
std::string counted(std::size_t count, const std::string& one, const std::string& many);
/** A text in a box of its own, with its line breaks. */
Html text_box(const std::string& text);
/** A box for what went wrong, or has to be known. */
Html note(const char* kind, const Html& content);
Html error_note(const std::string& message, const std::string& hint);
/** A table that scrolls within its box. */
Html scrolling(const std::string& label, const Html& table);
/** A table from its cells. */
Html table(const std::string& caption, const Html& head, const Html& rows);
Html column(const std::string& title, const char* kind = "");
Html cell(const Html& content, const char* kind = "");
Html row_head(const Html& content);
/** One entry of a list of facts. */
Html fact(const std::string& name, const Html& value);
Html pair(const std::string& name, const Html& value);
Html link(const std::string& address, const Html& text);

}  // namespace jarvis::dashboard
