#include <charconv>
#include <map>

#include "core/base/figures.hpp"
#include "core/base/json_text.hpp"
#include "core/dashboard/pages.hpp"
#include "core/dashboard/wording.hpp"

namespace jarvis::dashboard {

namespace {

constexpr std::size_t kPerPage = 50;
constexpr std::size_t kErrorShown = 160;

/** The page that is asked for; 1 where that is no number. */
std::size_t page_number(const std::string& text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number > 0 ? number : 1;
}

std::string edits_text(const SessionLine& session) {
  std::map<std::string_view, int> counts;
  for (const EditLine& edit : session.edits) ++counts[to_string(edit.status)];
  std::string text;
  for (const auto& [status, count] : counts)
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " +
            replaced(std::string(status), "_by_", " by ");
  return text.empty() ? "–" : text;
}

Html row(const SessionLine& session, const std::string& at_work) {
  const Html score = session.after ? Html{percent(session.before), " → ", percent(session.after)}
                                   : Html(percent(session.before));
  return element("tr", {row_head(link("/sessions/" + session.id, moment(session.started_at))),
                        cell(badge(session.status, session.id == at_work)), cell(session.trigger),
                        cell(score, "num"), cell(dollars(session.cost_usd), "num"),
                        cell(session.error.empty() ? edits_text(session)
                                                   : shortened(session.error, kErrorShown),
                             "wide")});
}

Html pager(std::size_t page, std::size_t pages) {
  if (pages < 2) return {};
  const auto address = [](std::size_t number) {
    return "/sessions?page=" + std::to_string(number);
  };
  Html links;
  if (page > 1) links += element("a", {{"href", address(page - 1)}, {"rel", "prev"}}, "Newer");
  links += element("span", {{"class", "soft"}},
                   "Page " + std::to_string(page) + " of " + std::to_string(pages));
  if (page < pages) links += element("a", {{"href", address(page + 1)}, {"rel", "next"}}, "Older");
  return element("nav", {{"class", "pager"}, {"aria-label", "More sessions"}}, links);
}

}  // namespace

Page sessions_page(const Visit& visit) {
  const auto content = visit.desk.index.look();
  const std::string at_work = visit.desk.session_at_work();
  const auto& sessions = content->sessions;
  const std::size_t pages = std::max<std::size_t>((sessions.size() + kPerPage - 1) / kPerPage, 1);
  const std::size_t page = std::min(page_number(visit.target.field("page")), pages);
  Html rows;
  for (std::size_t i = (page - 1) * kPerPage; i < std::min(page * kPerPage, sessions.size()); ++i)
    rows += row(sessions[i], at_work);
  Html list = sessions.empty()
                  ? element("p", {{"class", "empty"}},
                            "No sessions yet. 'jarvis learning run' starts one, or the overview.")
                  : table("Sessions, newest first",
                          {column("Started"), column("Status"), column("Trigger"),
                           column("Score", "num"), column("Cost", "num"), column("Edits")},
                          rows);
  for (const std::string& reason : content->broken) list += note("warn", "Unreadable: " + reason);
  list += pager(page, pages);
  return {"Sessions",
          "/sessions",
          {element("h1", "Sessions"),
           element("p", {{"class", "lead"}},
                   counted(sessions.size(), "session", "sessions") + ", newest first."),
           element("div", {{"class", "card"}, {"data-live", "sessions"}}, list)},
          200,
          !at_work.empty()};
}

}  // namespace jarvis::dashboard
