#include "core/home/checkpoint/conflict.hpp"

#include <algorithm>
#include <vector>

#include "core/base/utf8.hpp"

namespace jarvis::git {

namespace {

constexpr std::size_t kMostPlaces = 3;
constexpr std::size_t kMostLines = 3;
constexpr std::size_t kMostBytes = 72;  ///< of one line

/** Lines from `begin`, counted from 0, up to `end`. */
struct LineRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct Hunk {
  LineRange before;
  LineRange after;
};

/** A place without lines is told as the line before it. */
LineRange range_of(int start, int lines) {
  const auto first = static_cast<std::size_t>(lines == 0 ? start : start - 1);
  return {first, first + static_cast<std::size_t>(lines)};
}

int collect(const git_diff_delta*, const git_diff_hunk* hunk, void* payload) {
  static_cast<std::vector<Hunk>*>(payload)->push_back(
      {range_of(hunk->old_start, hunk->old_lines), range_of(hunk->new_start, hunk->new_lines)});
  return 0;
}

std::vector<Hunk> hunks_of(const std::string& before, const std::string& after) {
  git_diff_options options = GIT_DIFF_OPTIONS_INIT;
  options.flags = GIT_DIFF_FORCE_TEXT;
  options.context_lines = 0;
  options.interhunk_lines = 0;
  std::vector<Hunk> hunks;
  check(git_diff_buffers(before.data(), before.size(), nullptr, after.data(), after.size(), nullptr,
                         &options, nullptr, nullptr, collect, nullptr, &hunks),
        "cannot compare two texts");
  return hunks;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    if (!lines.back().empty() && lines.back().back() == '\r') lines.back().pop_back();
    at = end + 1;
  }
  return lines;
}

void hide(std::string& text, const std::string& secret) {
  if (secret.empty()) return;
  for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos; at += 3)
    text.replace(at, secret.size(), "***");
}

/** How a line is shown. */
std::string shown(std::string line, const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) hide(line, secret);
  const std::string text = valid_utf8(line);
  if (text.size() <= kMostBytes) return "\"" + text + "\"";
  std::size_t cut = kMostBytes;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  return "\"" + text.substr(0, cut) + "…\"";
}

std::string shown(const std::vector<std::string>& lines, const LineRange& range,
                  const std::vector<std::string>& secrets) {
  std::string text;
  const std::size_t end = std::min(range.end, lines.size());
  for (std::size_t i = range.begin; i < end; ++i) {
    if (i - range.begin == kMostLines) return text + ", …";
    text += (text.empty() ? "" : ", ") + shown(lines[i], secrets);
  }
  return text.empty() ? "nothing" : text;
}

std::string numbered(const LineRange& range) {
  if (range.end <= range.begin) return "after line " + std::to_string(range.begin);
  if (range.end == range.begin + 1) return "line " + std::to_string(range.end);
  return "lines " + std::to_string(range.begin + 1) + "-" + std::to_string(range.end);
}

bool meet(const LineRange& one, const LineRange& other) {
  return one.begin <= other.end && other.begin <= one.end;
}

/** The places that the user changed, and what the commit had put there. */
std::vector<Hunk> meeting_places(const ConflictSides& sides) {
  const std::vector<Hunk> back = hunks_of(*sides.base, *sides.theirs);
  std::vector<Hunk> places;
  for (const Hunk& later : hunks_of(*sides.base, *sides.ours)) {
    const auto met = std::find_if(back.begin(), back.end(), [&](const Hunk& hunk) {
      return meet(hunk.before, later.before);
    });
    if (met != back.end()) places.push_back({met->before, later.after});
  }
  return places;
}

}  // namespace

std::string describe_conflict(const ConflictSides& sides) {
  const std::string name = "'" + sides.path + "'";
  if (!sides.ours) return name + " was deleted or renamed since";
  if (!sides.theirs || !sides.base) return name + " was changed or made anew since";
  const std::vector<std::string> before = lines_of(*sides.base), now = lines_of(*sides.ours);
  std::string text;
  std::size_t count = 0;
  for (const Hunk& place : meeting_places(sides)) {
    if (++count > kMostPlaces) return name + text + ", …";
    text += std::string(count == 1 ? " " : ", ") + numbered(place.after) + ": now " +
            shown(now, place.after, sides.secrets) + ", the edit had " +
            shown(before, place.before, sides.secrets);
  }
  return name + text;
}

}  // namespace jarvis::git
