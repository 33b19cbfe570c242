#pragma once

#include <string>

#include "core/dashboard/access.hpp"
#include "core/dashboard/desk.hpp"
#include "core/dashboard/html.hpp"

namespace jarvis::dashboard {

/** One page without its frame. */
struct Page {
  std::string title;
  std::string section = {};  ///< the address in the navigation that it belongs to
  Html content = {};
  int status = 200;
  /** Loads itself again every few seconds where no script runs. */
  bool reloads = false;
};

/** What a page is asked with. */
struct Visit {
  Desk& desk;
  const Target& target;
  const std::string& csrf;  ///< goes into every form
};

Page not_found_page(const std::string& what);
Page error_page(const Error& error);

/** The page in its frame: navigation, name of the home, footer. */
std::string framed(const Visit& visit, const Page& page);
/** A page for who has not signed in: no navigation, nothing of the home. */
std::string bare(const std::string& title, const Html& content, bool goes_on_to_overview = false);

/** A form that changes something; its fields stand in `content`. */
Html form(const Visit& visit, const std::string& address, const Html& content);
Html button(const std::string& text, const char* kind = "");
Html hidden_field(const std::string& name, const std::string& value);

}  // namespace jarvis::dashboard
