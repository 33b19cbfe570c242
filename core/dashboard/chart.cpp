#include "core/dashboard/chart.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/base/figures.hpp"
#include "core/dashboard/wording.hpp"

namespace jarvis::dashboard {

namespace {

constexpr std::size_t kMostDrawn = 60;
constexpr double kWidth = 840;
constexpr double kLeft = 60;
constexpr double kRight = 824;
constexpr double kTop = 14;
constexpr std::size_t kDates = 6;
constexpr double kWidestClose = 0.55;  ///< a wider range of scores is drawn from 0 to 100 %

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string day_of(const std::string& iso8601) {
  return iso8601.substr(0, 10);
}

/** Where the points of a chart lie: evenly from left to right, values from bottom to top. */
struct Plane {
  std::size_t count;
  double low;
  double high;
  double bottom;

  double x(std::size_t i) const {
    const double step = (kRight - kLeft) / static_cast<double>(std::max<std::size_t>(count, 1));
    return kLeft + step * (static_cast<double>(i) + 0.5);
  }
  double half_step() const { return x(0) - kLeft; }
  double y(double value) const { return bottom - (bottom - kTop) * (value - low) / (high - low); }
};

Html text_at(double x, double y, const char* anchor, const std::string& text) {
  return element("text", {{"x", number(x)}, {"y", number(y)}, {"text-anchor", anchor}}, text);
}

Html line_between(const char* kind, double x1, double y1, double x2, double y2) {
  return element("line",
                 {{"class", kind},
                  {"x1", number(x1)},
                  {"y1", number(y1)},
                  {"x2", number(x2)},
                  {"y2", number(y2)}},
                 {});
}

Html grid(const Plane& plane, int lines, std::string (*label)(double)) {
  Html drawn;
  for (int i = 0; i <= lines; ++i) {
    const double value = plane.low + (plane.high - plane.low) * i / lines;
    drawn += line_between("grid", kLeft, plane.y(value), kRight, plane.y(value));
    drawn += text_at(kLeft - 8, plane.y(value) + 4, "end", label(value));
  }
  return drawn;
}

/** Some of the labels, so that they do not touch. */
Html dates(const Plane& plane, const std::vector<std::string>& labels, double y) {
  Html drawn;
  const std::size_t step = (labels.size() + kDates - 1) / kDates;
  for (std::size_t i = 0; i < labels.size(); i += std::max<std::size_t>(step, 1))
    if (i == 0 || labels[i] != labels[i - step])
      drawn += text_at(plane.x(i), y, "middle", labels[i]);
  return drawn;
}

Html drawing(const std::string& id, const std::string& title, const std::string& description,
             double height, const Html& content) {
  return scrolling(title, element("svg",
                                  {{"class", "chart"},
                                   {"viewBox", "0 0 " + number(kWidth) + " " + number(height)},
                                   {"role", "img"},
                                   {"aria-labelledby", id + "-title " + id + "-text"}},
                                  {element("title", {{"id", id + "-title"}}, title),
                                   element("desc", {{"id", id + "-text"}}, description), content}));
}

Html as_table(const std::string& id, const std::string& caption, const Html& head,
              const Html& rows) {
  return element("details", {{"id", id + "-table"}},
                 {element("summary", "The same as a table"), table(caption, head, rows)});
}

std::string path_through(const std::vector<std::pair<double, double>>& points) {
  std::string text;
  for (const auto& [x, y] : points)
    text += (text.empty() ? "M" : " L") + number(x) + " " + number(y);
  return text;
}

Html path(const char* kind, const std::string& shape) {
  return element("path", {{"class", kind}, {"d", shape}}, {});
}

Html accepted_mark(double x, double y) {
  return element("circle",
                 {{"class", "accepted"}, {"cx", number(x)}, {"cy", number(y)}, {"r", "5"}}, {});
}

Html rejected_mark(double x, double y) {
  return path("rejected", "M" + number(x - 4) + " " + number(y - 4) + " L" + number(x + 4) + " " +
                              number(y + 4) + " M" + number(x - 4) + " " + number(y + 4) + " L" +
                              number(x + 4) + " " + number(y - 4));
}

Html rolled_back_mark(double x, double y) {
  return path("back", "M" + number(x + 4) + " " + number(y - 5) + " L" + number(x - 4) + " " +
                          number(y) + " L" + number(x + 4) + " " + number(y + 5) + " Z");
}

Html legend_entry(const Html& mark, const std::string& text) {
  return element(
      "li",
      {element(
           "svg",
           {{"width", "14"}, {"height", "14"}, {"viewBox", "0 0 14 14"}, {"aria-hidden", "true"}},
           mark),
       text});
}

/** What edits of a kind a session has. */
struct Marks {
  EditStatus status;
  const char* name;
  Html (*mark)(double x, double y);
  double lane;
};
const Marks kMarks[] = {{EditStatus::applied, "accepted", accepted_mark, 218},
                        {EditStatus::rejected_by_gate, "rejected", rejected_mark, 236},
                        {EditStatus::rolled_back, "rolled back", rolled_back_mark, 254}};

std::vector<const EditLine*> edits_with(const SessionLine& session, EditStatus status) {
  std::vector<const EditLine*> found;
  for (const EditLine& edit : session.edits)
    if (edit.status == status) found.push_back(&edit);
  return found;
}

Html lane_marks(const Plane& plane, std::size_t i, const SessionLine& session) {
  Html drawn;
  for (const Marks& marks : kMarks) {
    const auto edits = edits_with(session, marks.status);
    if (edits.empty()) continue;
    std::string names;
    for (const EditLine* edit : edits)
      names += (names.empty() ? "" : ", ") + edit->op +
               (edit->delta ? " " + points(*edit->delta) : std::string());
    Html mark{element("title", std::string(marks.name) + ": " + names),
              marks.mark(plane.x(i), marks.lane)};
    if (edits.size() > 1)
      mark += text_at(plane.x(i) + 8, marks.lane + 4, "start", std::to_string(edits.size()));
    drawn += element("g", mark);
  }
  return drawn;
}

/** What the session left behind: with all of its edits taken back, what it found. */
std::optional<double> score_of(const SessionLine& session) {
  const bool changed = !edits_with(session, EditStatus::applied).empty() ||
                       edits_with(session, EditStatus::rolled_back).empty();
  return session.after && changed ? session.after : session.before;
}

/** The newest that fit, oldest first. */
template <class Wanted>
std::vector<const SessionLine*> drawn_sessions(const std::vector<SessionLine>& sessions,
                                               Wanted is_wanted) {
  std::vector<const SessionLine*> found;
  for (const SessionLine& session : sessions)
    if (found.size() < kMostDrawn && is_wanted(session)) found.push_back(&session);
  std::reverse(found.begin(), found.end());
  return found;
}

std::string as_percent(double value) {
  return percent(value);
}

Html score_rows(const std::vector<const SessionLine*>& drawn) {
  Html rows;
  for (auto at = drawn.rbegin(); at != drawn.rend(); ++at) {
    const SessionLine& session = **at;
    Html cells = row_head(link("/sessions/" + session.id, day_of(session.started_at)));
    cells += cell(session.benchmark_version);
    cells += cell(percent(session.before), "num");
    cells += cell(percent(session.after), "num");
    for (const Marks& marks : kMarks)
      cells += cell(std::to_string(edits_with(session, marks.status).size()), "num");
    rows += element("tr", cells);
  }
  return rows;
}

/** Round tens of percent around all scores, so that small changes are seen. */
Plane score_plane(const std::vector<const SessionLine*>& drawn) {
  double low = 1, high = 0;
  for (const SessionLine* session : drawn) {
    for (const auto& score : {session->before, score_of(*session)}) {
      if (!score) continue;
      low = std::min(low, *score);
      high = std::max(high, *score);
    }
  }
  low = std::max(0.0, std::floor(low * 10 - 0.2) / 10);
  high = std::min(1.0, std::ceil(high * 10 + 0.2) / 10);
  if (high - low > kWidestClose) return {drawn.size(), 0, 1, 196};
  if (high - low < 0.2) (low >= 0.2 ? low : high) += low >= 0.2 ? -0.2 : 0.2;
  return {drawn.size(), low, high, 196};
}

/** 1, 2 or 5 times a power of ten. */
double rounded_up(double value) {
  if (value <= 0) return 1;
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double step : {1.0, 2.0, 5.0})
    if (step * power >= value) return step * power;
  return 10 * power;
}

}  // namespace

Html score_chart(const std::vector<SessionLine>& sessions) {
  const auto drawn = drawn_sessions(
      sessions, [](const SessionLine& session) { return score_of(session).has_value(); });
  if (drawn.empty()) return {};
  const Plane plane = score_plane(drawn);
  const bool is_close = plane.high - plane.low <= kWidestClose;
  Html content =
      grid(plane, is_close ? static_cast<int>(std::lround((plane.high - plane.low) * 10)) : 5,
           as_percent);
  std::vector<std::pair<double, double>> run;
  std::vector<std::string> labels;
  Html lines, dots;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    const SessionLine& session = *drawn[i];
    labels.push_back(day_of(session.started_at));
    // Scores on another version's tasks do not continue these.
    if (i > 0 && session.benchmark_version != drawn[i - 1]->benchmark_version) {
      const double between = (plane.x(i - 1) + plane.x(i)) / 2;
      lines += path("line", path_through(run));
      lines += line_between("version", between, kTop, between, plane.bottom);
      lines += text_at(between + 4, kTop + 10, "start", session.benchmark_version);
      run.clear();
    }
    const double y = plane.y(*score_of(session));
    if (session.before) run.emplace_back(plane.x(i) - plane.half_step(), plane.y(*session.before));
    run.emplace_back(plane.x(i), y);
    dots += element(
        "g", {element("title", labels.back() + ": " + percent(score_of(session))),
              element("circle",
                      {{"class", "dot"}, {"cx", number(plane.x(i))}, {"cy", number(y)}, {"r", "4"}},
                      {})});
    dots += lane_marks(plane, i, session);
  }
  lines += path("line", path_through(run));
  content += lines;
  content += dots;
  content += dates(plane, labels, 278);
  Html entries;
  for (const Marks& marks : kMarks)
    entries += legend_entry(marks.mark(7, 7), std::string("edit ") + marks.name);
  const std::string title = "Benchmark score by session";
  const Html head{column("Session"),           column("Benchmark"),       column("Before", "num"),
                  column("After", "num"),      column("Accepted", "num"), column("Rejected", "num"),
                  column("Rolled back", "num")};
  return {drawing("score", title,
                  "From " + percent(score_of(*drawn.front())) + " to " +
                      percent(score_of(*drawn.back())) + " over " +
                      counted(drawn.size(), "session", "sessions") +
                      "; marks below the line stand for edits. The table says the same.",
                  286, content),
          element("ul", {{"class", "legend"}}, entries),
          as_table("score", title, head, score_rows(drawn))};
}

Html money_chart(const std::vector<SessionLine>& sessions) {
  const auto drawn = drawn_sessions(sessions, [](const SessionLine&) { return true; });
  if (drawn.empty()) return {};
  double most = 0, sum = 0;
  for (const SessionLine* session : drawn) {
    most = std::max(most, session->cost_usd);
    sum += session->cost_usd;
  }
  const Plane plane{drawn.size(), 0, rounded_up(most), 150};
  Html content = grid(plane, 2, dollars);
  std::vector<std::string> labels;
  Html rows;
  const double width =
      std::clamp((kRight - kLeft) / static_cast<double>(drawn.size()) * 0.6, 2.0, 44.0);
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    const SessionLine& session = *drawn[i];
    labels.push_back(day_of(session.started_at));
    const double y = plane.y(session.cost_usd);
    content += element("g", {element("title", labels.back() + ": " + dollars(session.cost_usd)),
                             element("rect",
                                     {{"class", "bar-shape"},
                                      {"x", number(plane.x(i) - width / 2)},
                                      {"y", number(y)},
                                      {"width", number(width)},
                                      {"height", number(std::max(plane.bottom - y, 0.5))},
                                      {"rx", "2"}},
                                     {})});
  }
  for (auto at = drawn.rbegin(); at != drawn.rend(); ++at)
    rows += element("tr", {row_head(link("/sessions/" + (*at)->id, day_of((*at)->started_at))),
                           cell((*at)->trigger), cell(dollars((*at)->cost_usd), "num")});
  content += dates(plane, labels, 172);
  const std::string title = "Money by session";
  return {drawing("money", title,
                  dollars(sum) + " in " + counted(drawn.size(), "session", "sessions") +
                      ", at most " + dollars(most) + " in one.",
                  180, content),
          as_table("money", title, {column("Session"), column("Trigger"), column("Cost", "num")},
                   rows)};
}

Html feedback_chart(const std::vector<FeedbackPoint>& points) {
  if (points.empty()) return {};
  const Plane plane{points.size(), 0, 1, 150};
  Html content = grid(plane, 2, as_percent);
  std::vector<std::pair<double, double>> run;
  std::vector<std::string> labels;
  Html dots, rows;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const FeedbackPoint& point = points[i];
    labels.push_back(point.label);
    run.emplace_back(plane.x(i), plane.y(point.mean));
    dots += element("g", {element("title", point.label + ": " + percent(point.mean) + " of " +
                                               counted(static_cast<std::size_t>(point.rated),
                                                       "rated answer", "rated answers")),
                          element("circle",
                                  {{"class", "dot"},
                                   {"cx", number(run.back().first)},
                                   {"cy", number(run.back().second)},
                                   {"r", "4"}},
                                  {})});
  }
  for (auto at = points.rbegin(); at != points.rend(); ++at)
    rows += element("tr", {row_head(at->label), cell(percent(at->mean), "num"),
                           cell(std::to_string(at->rated), "num")});
  content += path("line", path_through(run));
  content += dots;
  content += dates(plane, labels, 172);
  const std::string title = "Mean rating of the answers";
  return {drawing("feedback", title,
                  "From " + percent(points.front().mean) + " to " + percent(points.back().mean) +
                      " over the newest rated answers.",
                  180, content),
          as_table("feedback", title,
                   {column("From"), column("Mean", "num"), column("Rated answers", "num")}, rows)};
}

Html interval_drawing(double delta, const std::array<double, 2>& interval) {
  const double most =
      std::max({std::abs(delta), std::abs(interval[0]), std::abs(interval[1]), 0.1});
  const auto x = [&](double value) { return 210 + value / most * 190; };
  const std::string text = points(delta) + " points, 90 % interval " + points(interval[0]) +
                           " to " + points(interval[1]);
  return element(
      "svg",
      {{"class", "interval"}, {"viewBox", "0 0 420 44"}, {"role", "img"}, {"aria-label", text}},
      {line_between("grid", 10, 16, 410, 16), line_between("zero", 210, 4, 210, 28),
       line_between("range", x(interval[0]), 16, x(interval[1]), 16),
       element("circle", {{"class", "mean"}, {"cx", number(x(delta))}, {"cy", "16"}, {"r", "6"}},
               {}),
       text_at(210, 42, "middle", "0"), text_at(10, 42, "start", points(-most)),
       text_at(410, 42, "end", points(most))});
}

}  // namespace jarvis::dashboard
