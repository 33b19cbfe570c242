#include "diff_hunks.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <jarvis/sdk/failure.hpp>
#include <jarvis/text/utf8.hpp>
#include <string_view>

namespace jarvis::text {

namespace {

constexpr const char* kHint =
    "give one unified diff of the present text, with @@ hunks and context lines";

bool begins(const std::string& line, std::string_view with) {
  return line.compare(0, with.size(), with) == 0;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const bool has_return = end > at && text[end - 1] == '\r';
    lines.push_back(text.substr(at, end - at - (has_return ? 1 : 0)));
    at = end + 1;
  }
  return lines;
}

void drop_blank_ends(std::vector<std::string>& lines) {
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  const auto first =
      std::find_if(lines.begin(), lines.end(), [](const auto& line) { return !line.empty(); });
  lines.erase(lines.begin(), first);
}

/** Takes away a ``` fence around the whole diff. */
void drop_fence(std::vector<std::string>& lines) {
  if (lines.empty() || !begins(lines.front(), "```")) return;
  if (lines.size() < 2 || lines.back() != "```")
    throw sdk::refused("the diff's ``` fence is not closed at its end", kHint);
  lines.erase(lines.begin());
  lines.pop_back();
}

bool is_file_header(const std::string& line) {
  constexpr std::array<std::string_view, 10> kBeginnings{
      "diff ",          "index ",    "--- ",      "+++ ",
      "new file mode ", "old mode ", "new mode ", "similarity index ",
      "rename from ",   "rename to "};
  return std::any_of(kBeginnings.begin(), kBeginnings.end(),
                     [&](std::string_view beginning) { return begins(line, beginning); });
}

std::optional<std::size_t> number_at(const std::string& line, std::size_t& at) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(line.data() + at, line.data() + line.size(), number);
  if (error != std::errc()) return std::nullopt;
  at = static_cast<std::size_t>(end - line.data());
  return number;
}

/** What a hunk header says of one side. */
struct Range {
  std::size_t start = 0;
  std::size_t count = 1;
};

std::optional<Range> range_at(const std::string& line, std::size_t& at, char sign) {
  while (at < line.size() && line[at] == ' ') ++at;
  if (at >= line.size() || line[at] != sign) return std::nullopt;
  ++at;
  const auto start = number_at(line, at);
  if (!start) return std::nullopt;
  Range range{*start, 1};
  if (at < line.size() && line[at] == ',') {
    ++at;
    const auto count = number_at(line, at);
    if (!count) return std::nullopt;
    range.count = *count;
  }
  return range;
}

struct Header {
  std::optional<Range> old_side;
  std::optional<Range> new_side;
};

Header header_of(const std::string& line) {
  std::size_t at = 2;
  Header header;
  header.old_side = range_at(line, at, '-');
  if (header.old_side) header.new_side = range_at(line, at, '+');
  if (!header.new_side) header.old_side.reset();
  return header;
}

/** True when lines[at] and the two behind it begin the diff of another file. */
bool another_file(const std::vector<std::string>& lines, std::size_t at) {
  if (begins(lines[at], "diff --git ")) return true;
  return at + 2 < lines.size() && begins(lines[at], "--- ") && begins(lines[at + 1], "+++ ") &&
         begins(lines[at + 2], "@@");
}

class Reader {
 public:
  explicit Reader(std::vector<std::string> lines) : lines_(std::move(lines)) {}

  std::vector<Hunk> hunks() {
    skip_file_headers();
    std::vector<Hunk> hunks;
    while (at_ < lines_.size()) hunks.push_back(hunk(hunks.size() + 1));
    if (hunks.empty()) throw sdk::refused("the diff has no hunk", kHint);
    return hunks;
  }

 private:
  void skip_file_headers() {
    int old_names = 0;
    for (; at_ < lines_.size() && !begins(lines_[at_], "@@"); ++at_) {
      const std::string& line = lines_[at_];
      if (!line.empty() && !is_file_header(line))
        throw sdk::refused("line " + std::to_string(at_ + 1) + " of the diff belongs to no hunk",
                           kHint);
      if (begins(line, "--- ") && ++old_names > 1)
        throw sdk::refused("the diff changes more than one file", kHint);
    }
  }

  Hunk hunk(std::size_t number) {
    const std::string& title = lines_[at_];
    const Header header = header_of(title);
    Hunk hunk;
    const std::size_t close = title.find("@@", 2);
    hunk.name = "hunk " + std::to_string(number) + " (" +
                shown(title.substr(0, close == std::string::npos ? 2 : close + 2)) + ")";
    if (header.old_side) hunk.old_start = header.old_side->start;
    ++at_;
    const std::size_t body = at_;
    if (header.old_side && counted(hunk, *header.old_side, *header.new_side)) return hunk;
    at_ = body;
    hunk.lines.clear();
    uncounted(hunk);
    return hunk;
  }

  /** Reads exactly as many lines as the header says; false when they do not end at a hunk's end. */
  bool counted(Hunk& hunk, const Range& old_side, const Range& new_side) {
    std::size_t old_left = old_side.count;
    std::size_t new_left = new_side.count;
    while (old_left > 0 || new_left > 0) {
      if (at_ >= lines_.size() || !take(hunk)) return false;
      const char sign = hunk.lines.back().sign;
      if ((sign != '+' && old_left-- == 0) || (sign != '-' && new_left-- == 0)) return false;
    }
    if (hunk.lines.empty()) return false;
    while (at_ < lines_.size() && lines_[at_].empty()) ++at_;
    if (at_ < lines_.size() && another_file(lines_, at_))
      throw sdk::refused("the diff changes more than one file", kHint);
    return at_ == lines_.size() || begins(lines_[at_], "@@");
  }

  /** Reads up to the next header, whatever the counts were. */
  void uncounted(Hunk& hunk) {
    std::size_t end = at_;
    while (end < lines_.size() && !begins(lines_[end], "@@")) ++end;
    const std::size_t next = end;
    // Blank lines in front of the next header part the hunks; as context they would prove nothing.
    while (end > at_ && lines_[end - 1].empty()) --end;
    while (at_ < end) {
      if (another_file(lines_, at_))
        throw sdk::refused("the diff changes more than one file", kHint);
      if (!take(hunk))
        throw sdk::refused(hunk.name + " has a line that begins with none of ' ', '-' and '+': '" +
                               shown(lines_[at_]) + "'",
                           kHint);
    }
    at_ = next;
    if (hunk.lines.empty()) throw sdk::refused(hunk.name + " is empty", kHint);
  }

  bool take(Hunk& hunk) {
    const std::string& line = lines_[at_];
    if (line.empty()) {
      hunk.lines.push_back({' ', "", false});
    } else if (line[0] == ' ' || line[0] == '-' || line[0] == '+') {
      hunk.lines.push_back({line[0], line.substr(1), false});
    } else {
      return false;
    }
    ++at_;
    // Behind the line at once, so that a marker between two sides is not counted as a line.
    take_marker(hunk);
    return true;
  }

  void take_marker(Hunk& hunk) {
    if (at_ >= lines_.size() || !begins(lines_[at_], "\\ ")) return;
    hunk.lines.back().without_newline = true;
    ++at_;
  }

  std::vector<std::string> lines_;
  std::size_t at_ = 0;
};

}  // namespace

std::string shown(const std::string& line) {
  constexpr std::size_t kLongest = 120;
  std::string text;
  std::size_t at = 0;
  while (at < line.size() && at < kLongest) {
    const std::size_t begin = at;
    const std::optional<char32_t> c = next_code_point(line, at);
    if (!c) ++at;
    text += c && *c >= 0x20 && *c != 0x7F ? line.substr(begin, at - begin) : "?";
  }
  return at < line.size() ? text + "…" : text;
}

std::vector<Hunk> read_hunks(const std::string& diff) {
  std::vector<std::string> lines = lines_of(diff);
  drop_blank_ends(lines);
  drop_fence(lines);
  drop_blank_ends(lines);
  return Reader(std::move(lines)).hunks();
}

}  // namespace jarvis::text
