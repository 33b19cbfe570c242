#include <algorithm>
#include <jarvis/sdk/failure.hpp>
#include <jarvis/text/unified_diff.hpp>
#include <string_view>

#include "diff_hunks.hpp"

namespace jarvis::text {

namespace {

constexpr const char* kHint = "make the diff against the text as it is now";

/** A line of the original: what it says, and its bytes with the line end. */
struct TextLine {
  std::string_view content;
  std::string_view bytes;
};

std::vector<TextLine> lines_of(std::string_view text) {
  std::vector<TextLine> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t newline = text.find('\n', at);
    const std::size_t end = newline == std::string_view::npos ? text.size() : newline + 1;
    std::string_view content = text.substr(at, end - at);
    const std::string_view bytes = content;
    if (newline != std::string_view::npos) {
      content.remove_suffix(1);
      if (!content.empty() && content.back() == '\r') content.remove_suffix(1);
    }
    lines.push_back({content, bytes});
    at = end;
  }
  return lines;
}

/** Builds the new text hunk by hunk, from the top down. */
class Patch {
 public:
  explicit Patch(const std::string& original)
      : lines_(lines_of(original)), ends_open_(!original.empty() && original.back() != '\n') {
    const std::size_t newline = original.find('\n');
    const bool returns =
        newline != std::string::npos && newline > 0 && original[newline - 1] == '\r';
    ending_ = returns ? "\r\n" : "\n";
  }

  void apply(const Hunk& hunk) {
    const std::vector<const DiffLine*> old_lines = old_side(hunk);
    const std::size_t place = locate(hunk, old_lines);
    copy_until(place);
    for (const DiffLine& line : hunk.lines) {
      if (line.sign == '+')
        add(line);
      else if (line.sign == '-')
        ++next_;
      else
        append(lines_[next_++].bytes);
      if (line.without_newline) marked_ = true;
    }
  }

  std::string finished() {
    copy_until(lines_.size());
    // A diff that marks nothing says nothing about the final newline, so that stays as it was.
    if (ends_open_ && !marked_ && !result_.empty() && result_.back() == '\n') {
      result_.pop_back();
      if (!result_.empty() && result_.back() == '\r') result_.pop_back();
    }
    return std::move(result_);
  }

 private:
  static std::vector<const DiffLine*> old_side(const Hunk& hunk) {
    std::vector<const DiffLine*> lines;
    for (const DiffLine& line : hunk.lines)
      if (line.sign != '+') lines.push_back(&line);
    return lines;
  }

  bool fits(const std::vector<const DiffLine*>& wanted, std::size_t place) const {
    if (place + wanted.size() > lines_.size()) return false;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (lines_[place + i].content != wanted[i]->text) return false;
      // The mark "no newline" says that this is the text's last line.
      if (wanted[i]->without_newline && place + i + 1 != lines_.size()) return false;
    }
    return true;
  }

  std::size_t locate(const Hunk& hunk, const std::vector<const DiffLine*>& wanted) const {
    if (wanted.empty()) return place_of_insertion(hunk);
    const std::size_t numbered = hunk.old_start.value_or(0);
    if (numbered > next_ && fits(wanted, numbered - 1)) return numbered - 1;
    std::vector<std::size_t> places;
    for (std::size_t place = next_; place + wanted.size() <= lines_.size() && places.size() < 2;
         ++place)
      if (fits(wanted, place)) places.push_back(place);
    if (places.size() == 1) return places[0];
    if (places.empty())
      throw sdk::refused(hunk.name + " does not apply: " + mismatch(hunk, wanted), kHint);
    throw sdk::refused(hunk.name +
                           " is ambiguous: its lines stand in more than one place, at lines " +
                           std::to_string(places[0] + 1) + " and " + std::to_string(places[1] + 1),
                       "give more context lines");
  }

  /** Without context only the two ends of the text are places that can be checked. */
  std::size_t place_of_insertion(const Hunk& hunk) const {
    if (lines_.empty()) return 0;
    if (hunk.old_start && *hunk.old_start == 0 && next_ == 0) return 0;
    if (hunk.old_start && *hunk.old_start == lines_.size()) return lines_.size();
    throw sdk::refused(
        hunk.name + " is ambiguous: it has no context, so its place cannot be checked",
        "give context lines");
  }

  std::string mismatch(const Hunk& hunk, const std::vector<const DiffLine*>& wanted) const {
    for (std::size_t place = 0; place < next_; ++place)
      if (fits(wanted, place)) return "its lines stand before the end of the hunk above it only";
    for (const DiffLine* line : wanted) {
      const bool known = std::any_of(lines_.begin(), lines_.end(), [&](const TextLine& candidate) {
        return candidate.content == line->text;
      });
      if (!known)
        return std::string(line->sign == '-' ? "the removed" : "the context") + " line '" +
               shown(line->text) + "' is not in the text";
    }
    return "its " + std::to_string(wanted.size()) +
           " old lines do not stand together anywhere in the text" +
           (hunk.old_start ? " (the header says line " + std::to_string(*hunk.old_start) + ")"
                           : "");
  }

  void copy_until(std::size_t place) {
    for (; next_ < place; ++next_) append(lines_[next_].bytes);
  }

  void add(const DiffLine& line) { append(line.text, line.without_newline ? "" : ending_); }

  void append(std::string_view bytes, std::string_view ending = {}) {
    if (!result_.empty() && result_.back() != '\n') result_ += ending_;
    result_ += bytes;
    result_ += ending;
  }

  std::vector<TextLine> lines_;
  std::string ending_;
  std::string result_;
  std::size_t next_ = 0;
  bool ends_open_;
  bool marked_ = false;
};

}  // namespace

std::string apply_unified_diff(const std::string& original, const std::string& diff) {
  Patch patch(original);
  for (const Hunk& hunk : read_hunks(diff)) patch.apply(hunk);
  return patch.finished();
}

}  // namespace jarvis::text
