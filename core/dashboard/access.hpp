#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/dashboard/request.hpp"

namespace jarvis::dashboard {

// Who may ask for what. All of these are functions of their arguments alone.

/** The host that a browser shows in its address bar for this server: another one is a page that
 * made its name lead here. */
bool is_own_host(std::string_view host, int port);

/** Whether a form was sent by a page of this server: its Origin says so; or, where the browser
 * tells none ("null" is what it tells of pages without a referrer), what it says of the site does.
 */
bool is_from_own_page(const Request& request, int port);

/** Equal secrets, compared in a time that does not tell where they differ. An empty one equals
 * none.
 */
bool is_same_secret(std::string_view one, std::string_view other);

/** The cookie's value; empty when the header has none of that name. */
std::string cookie_value(const std::string& header, const std::string& name);

/** A path and the fields of its query. */
struct Target {
  std::string path;
  std::map<std::string, std::string> query;

  std::string field(const std::string& name) const;
  /** "/sessions/x" → {"sessions", "x"}. */
  std::vector<std::string> parts() const;
};

/** Nothing where it is no plain path of letters, digits and "-._~:": nothing is escaped in it, no
 * part is empty or begins with a dot, so that no path leads out of the place it names. Blanks and
 * control characters are nowhere in it, so that one that was read can be a header's value. */
std::optional<Target> parse_target(std::string_view target);

/** The fields of "application/x-www-form-urlencoded" text; nothing when it is malformed. */
std::optional<std::map<std::string, std::string>> parse_fields(const std::string& text);

/** Whether a text can be the id of a session, an edit or a trace that stands in a path. */
bool is_id(std::string_view text);

}  // namespace jarvis::dashboard
