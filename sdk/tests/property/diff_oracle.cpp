#include "diff_oracle.hpp"

#include <algorithm>

namespace jarvis::property {

namespace {

std::vector<std::string> old_side(const MadeHunk& hunk) {
  std::vector<std::string> lines;
  for (const MadeLine& line : hunk.lines)
    if (line.sign != '+') lines.push_back(line.text);
  return lines;
}

/** Without the blank context lines at its end, which a reader may take for what parts two hunks. */
MadeHunk without_blank_end(MadeHunk hunk) {
  while (!hunk.lines.empty() && hunk.lines.back().sign == ' ' && hunk.lines.back().text.empty())
    hunk.lines.pop_back();
  return hunk;
}

bool is_unclear(const MadeHunk& hunk, const std::vector<std::string>& lines) {
  return old_side(hunk).empty() || places_of(hunk, lines).size() != 1;
}

std::optional<std::size_t> place_of_insertion(const MadeHunk& hunk, std::size_t next,
                                              std::size_t size) {
  if (size == 0) return 0;
  if (!hunk.numbered) return std::nullopt;
  if (hunk.old_start == 0 && next == 0) return 0;
  if (hunk.old_start == size) return size;
  return std::nullopt;
}

std::optional<std::size_t> place_for(const MadeHunk& hunk, std::size_t next,
                                     const std::vector<std::string>& lines) {
  if (old_side(hunk).empty()) return place_of_insertion(hunk, next, lines.size());
  std::vector<std::size_t> places = places_of(hunk, lines);
  places.erase(
      std::remove_if(places.begin(), places.end(), [&](std::size_t place) { return place < next; }),
      places.end());
  const bool where_it_says =
      hunk.numbered && hunk.old_start > 0 &&
      std::find(places.begin(), places.end(), hunk.old_start - 1) != places.end();
  if (where_it_says) return hunk.old_start - 1;
  return places.size() == 1 ? std::make_optional(places[0]) : std::nullopt;
}

}  // namespace

std::vector<std::size_t> places_of(const MadeHunk& hunk, const std::vector<std::string>& lines) {
  const std::vector<std::string> wanted = old_side(hunk);
  std::vector<std::size_t> places;
  for (std::size_t place = 0; place + wanted.size() <= lines.size(); ++place)
    if (std::equal(wanted.begin(), wanted.end(),
                   lines.begin() + static_cast<std::ptrdiff_t>(place)))
      places.push_back(place);
  return places;
}

bool may_be_unclear(const RandomDiff& diff) {
  const std::vector<std::string> lines = contents_of(diff.before);
  return std::any_of(diff.hunks.begin(), diff.hunks.end(), [&](const MadeHunk& hunk) {
    return is_unclear(hunk, lines) ||
           (diff.damage.bare_blanks && is_unclear(without_blank_end(hunk), lines));
  });
}

std::optional<std::vector<std::string>> read_literally(const RandomDiff& diff) {
  const std::vector<std::string> lines = contents_of(diff.before);
  std::vector<std::string> result;
  std::size_t next = 0;
  for (const MadeHunk& hunk : diff.hunks) {
    const auto place = place_for(hunk, next, lines);
    if (!place) return std::nullopt;
    for (; next < *place; ++next) result.push_back(lines[next]);
    for (const MadeLine& line : hunk.lines) {
      if (line.sign != '-') result.push_back(line.text);
      if (line.sign != '+') ++next;
    }
  }
  for (; next < lines.size(); ++next) result.push_back(lines[next]);
  return result;
}

}  // namespace jarvis::property
