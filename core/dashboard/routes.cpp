#include "core/dashboard/routes.hpp"

#include <map>

#include "core/dashboard/pages.hpp"

namespace jarvis::dashboard {

namespace {

using PlainPage = Page (*)(const Visit&);
using PageOfOne = Page (*)(const Visit&, const std::string& id);

const std::map<std::string, PlainPage>& plain_pages() {
  static const std::map<std::string, PlainPage> pages{
      {"/", overview_page},           {"/sessions", sessions_page}, {"/review", review_page},
      {"/benchmark", benchmark_page}, {"/traces", traces_page},     {"/plugins", plugins_page},
      {"/settings", settings_page},   {"/actions", actions_page}};
  return pages;
}

const std::map<std::string, PageOfOne>& pages_of_one() {
  static const std::map<std::string, PageOfOne> pages{
      {"sessions", session_page}, {"traces", trace_page}, {"actions", action_page}};
  return pages;
}

}  // namespace

Page page_at(const Visit& visit) {
  if (const auto page = plain_pages().find(visit.target.path); page != plain_pages().end())
    return page->second(visit);
  const auto parts = visit.target.parts();
  if (parts.size() >= 2 && is_id(parts[1])) {
    const auto page = pages_of_one().find(parts[0]);
    if (parts.size() == 2 && page != pages_of_one().end()) return page->second(visit, parts[1]);
    if (parts.size() == 3 && parts[0] == "sessions" && parts[2] == "conversation")
      return conversation_page(visit, parts[1]);
  }
  return not_found_page("There is nothing at this address.");
}

}  // namespace jarvis::dashboard
