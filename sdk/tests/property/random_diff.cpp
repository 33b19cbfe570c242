#include "random_diff.hpp"

#include <git2.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace jarvis::property {

namespace {

using Lines = std::vector<std::string>;

const Lines kLines{"",
                   "",
                   "",
                   "You are a helpful assistant.",
                   "- Answer briefly.",
                   "- Show each step.",
                   "- Never guess.",
                   "+ plus",
                   "-- two dashes",
                   "++ two pluses",
                   "--- a/prompt",
                   "+++ b/prompt",
                   "@@ -1,2 +1,2 @@",
                   "diff --git a/prompt b/prompt",
                   "\\ No newline at end of file",
                   "```",
                   "```json",
                   "# Title",
                   "## Rules",
                   "\tindented",
                   "  by two",
                   " ",
                   "trailing ",
                   "é 日本 😀",
                   "Tools: {tool_descriptions}",
                   "index 1..2"};

std::string random_line(Random& random, std::size_t variety) {
  if (random.chance(40)) return random.pick(kLines);
  return "Line " + std::to_string(random.below(variety)) + " of the prompt.";
}

/** A text as its lines; each has the line end of the text but perhaps the last. */
struct Prompt {
  Lines lines;
  std::string newline;
  bool ends_open = false;

  std::string text() const {
    std::string text;
    for (const std::string& line : lines) text += line + newline;
    if (ends_open && !text.empty()) text.resize(text.size() - newline.size());
    return text;
  }
};

Prompt random_prompt(Random& random, std::size_t variety) {
  Prompt prompt;
  prompt.newline = random.chance(20) ? "\r\n" : "\n";
  prompt.ends_open = random.chance(20);
  const std::size_t count = random.chance(5) ? random.below(3) : random.between(3, 60);
  for (std::size_t i = 0; i < count; ++i) prompt.lines.push_back(random_line(random, variety));
  // An open end behind an empty line is the closed end of the line before it.
  if (!prompt.lines.empty() && prompt.lines.back().empty()) prompt.lines.back() = "the end";
  return prompt;
}

void mutate(Prompt& prompt, Random& random, std::size_t variety) {
  Lines& lines = prompt.lines;
  const std::size_t at = random.below(lines.size() + 1);
  const auto place = lines.begin() + static_cast<std::ptrdiff_t>(at);
  switch (random.below(6)) {
    case 0:
    case 1:
      lines.insert(place, random_line(random, variety));
      break;
    case 2:
      if (place != lines.end()) lines.erase(place);
      break;
    case 3:
      if (place != lines.end()) *place += " And more.";
      break;
    case 4:
      if (place != lines.end()) *place = random_line(random, variety);
      break;
    default:
      if (place != lines.end() && place + 1 != lines.end()) std::iter_swap(place, place + 1);
  }
}

std::string without_end(std::string text) {
  if (!text.empty() && text.back() == '\n') text.pop_back();
  if (!text.empty() && text.back() == '\r') text.pop_back();
  return text;
}

struct Library {
  Library() { git_libgit2_init(); }
  ~Library() { git_libgit2_shutdown(); }
};

struct PatchDeleter {
  void operator()(git_patch* patch) const { git_patch_free(patch); }
};

/** The hunks between two texts. */
std::vector<MadeHunk> hunks_between(const std::string& before, const std::string& after,
                                    unsigned context) {
  static const Library library;
  git_diff_options options = GIT_DIFF_OPTIONS_INIT;
  options.context_lines = context;
  options.flags = GIT_DIFF_FORCE_TEXT;
  git_patch* made = nullptr;
  if (git_patch_from_buffers(&made, before.data(), before.size(), "prompt", after.data(),
                             after.size(), "prompt", &options) != 0)
    throw std::runtime_error("libgit2 makes no patch");
  const std::unique_ptr<git_patch, PatchDeleter> patch(made);
  std::vector<MadeHunk> hunks;
  for (std::size_t h = 0; h < git_patch_num_hunks(patch.get()); ++h) {
    const git_diff_hunk* source = nullptr;
    std::size_t count = 0;
    git_patch_get_hunk(&source, &count, patch.get(), h);
    MadeHunk hunk{static_cast<std::size_t>(source->old_start),
                  static_cast<std::size_t>(source->old_lines),
                  static_cast<std::size_t>(source->new_start),
                  static_cast<std::size_t>(source->new_lines),
                  true,
                  {}};
    for (std::size_t i = 0; i < count; ++i) {
      const git_diff_line* line = nullptr;
      git_patch_get_line_in_hunk(&line, patch.get(), h, i);
      const bool is_marker = line->origin == GIT_DIFF_LINE_CONTEXT_EOFNL ||
                             line->origin == GIT_DIFF_LINE_ADD_EOFNL ||
                             line->origin == GIT_DIFF_LINE_DEL_EOFNL;
      if (is_marker)
        hunk.lines.back().marked = true;
      else
        hunk.lines.push_back(
            {line->origin, without_end({line->content, line->content_len}), false});
    }
    hunks.push_back(std::move(hunk));
  }
  return hunks;
}

Damage random_damage(Random& random) {
  Damage damage;
  if (random.chance(15)) return damage;
  damage.numbers = random.chance(30);
  damage.counts = random.chance(30);
  damage.bare_blanks = random.chance(30);
  damage.returns = random.chance(15);
  damage.cut_end = random.chance(20);
  damage.markers = random.chance(30);
  damage.fence = random.chance(20);
  damage.outer_context = random.chance(12);
  damage.inner_context = random.chance(5);
  damage.altered = random.chance(5);
  damage.prose = random.chance(4);
  return damage;
}

bool is_context(const MadeLine& line) {
  return line.sign == ' ';
}

void lose_outer_context(MadeHunk& hunk, Random& random) {
  const bool renumbered = random.chance(50);
  while (!hunk.lines.empty() && is_context(hunk.lines.front()) && random.chance(60)) {
    hunk.lines.erase(hunk.lines.begin());
    if (renumbered) ++hunk.old_start, ++hunk.new_start;
    if (renumbered) --hunk.old_count, --hunk.new_count;
  }
  while (!hunk.lines.empty() && is_context(hunk.lines.back()) && random.chance(60))
    hunk.lines.pop_back();
}

std::vector<std::size_t> contexts_of(const MadeHunk& hunk, bool inner) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < hunk.lines.size(); ++i)
    if (is_context(hunk.lines[i]) && (!inner || (i > 0 && i + 1 < hunk.lines.size())))
      places.push_back(i);
  return places;
}

/** Does to the hunks what the damage says. What finds nothing to damage is taken back. */
void damage_hunks(RandomDiff& diff, Random& random) {
  Damage& damage = diff.damage;
  bool altered = false, lost = false;
  for (MadeHunk& hunk : diff.hunks) {
    if (damage.outer_context) lose_outer_context(hunk, random);
    if (const auto inner = contexts_of(hunk, true); damage.inner_context && !inner.empty()) {
      hunk.lines.erase(hunk.lines.begin() + static_cast<std::ptrdiff_t>(random.pick(inner)));
      lost = true;
    }
    if (const auto all = contexts_of(hunk, false); damage.altered && !all.empty()) {
      MadeLine& line = hunk.lines[random.pick(all)];
      line.text += random.chance(50) ? " as it was" : "  ";
      altered = true;
    }
    if (damage.numbers) {
      hunk.numbered = random.chance(70);
      hunk.old_start = random.below(70);
      hunk.new_start = random.below(70);
    }
    if (damage.counts) {
      hunk.old_count = random.below(12);
      hunk.new_count = random.below(12);
    }
    if (damage.markers)
      for (MadeLine& line : hunk.lines) line.marked = false;
  }
  damage.inner_context = lost;
  damage.altered = altered;
}

std::string hunk_header(const MadeHunk& hunk, Random& random) {
  if (!hunk.numbered) return random.chance(50) ? "@@ ... @@" : "@@";
  const auto side = [&](std::size_t start, std::size_t count) {
    const bool short_form = count == 1 && random.chance(50);
    return std::to_string(start) + (short_form ? "" : "," + std::to_string(count));
  };
  return "@@ -" + side(hunk.old_start, hunk.old_count) + " +" +
         side(hunk.new_start, hunk.new_count) + " @@" + (random.chance(20) ? " # Title" : "");
}

std::string file_header(Random& random) {
  switch (random.below(3)) {
    case 0:
      return "";
    case 1:
      return "--- a/agents/simple/system_prompt.md\n+++ b/agents/simple/system_prompt.md\n";
    default:
      return "diff --git a/prompt b/prompt\nindex 0123456..789abcd 100644\n--- a/prompt\n+++ "
             "b/prompt\n";
  }
}

std::string written(const RandomDiff& diff, Random& random) {
  const Damage& damage = diff.damage;
  std::string text = file_header(random);
  for (const MadeHunk& hunk : diff.hunks) {
    text += hunk_header(hunk, random) + "\n";
    for (const MadeLine& line : hunk.lines) {
      const bool bare = damage.bare_blanks && is_context(line) && line.text.empty();
      text += (bare ? std::string() : line.sign + line.text) + "\n";
      if (line.marked) text += "\\ No newline at end of file\n";
    }
  }
  if (damage.prose) {
    const std::string talk = "This makes the answers shorter.\n";
    text = random.chance(50) ? talk + text : text + talk;
  }
  if (damage.fence) text = (random.chance(50) ? "```diff\n" : "```\n") + text + "```\n";
  if (damage.cut_end && !text.empty()) text.pop_back();
  if (!damage.returns) return text;
  std::string returned;
  for (const char c : text) {
    if (c == '\n' && (returned.empty() || returned.back() != '\r')) returned += '\r';
    returned += c;
  }
  return returned;
}

}  // namespace

std::vector<std::string> contents_of(const std::string& text) {
  Lines lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t newline = text.find('\n', at);
    const std::size_t end = newline == std::string::npos ? text.size() : newline + 1;
    const std::string line = text.substr(at, end - at);
    lines.push_back(newline == std::string::npos ? line : without_end(line));
    at = end;
  }
  return lines;
}

RandomDiff random_diff(Random& random) {
  const std::size_t variety = random.chance(30) ? 5 : 1000;
  RandomDiff diff;
  Prompt prompt = random_prompt(random, variety);
  diff.before = prompt.text();
  // A text without a line end does not say which kind is its own.
  if (diff.before.find('\n') == std::string::npos) prompt.newline = "\n";
  do {
    for (std::size_t i = random.between(1, 6); i > 0; --i) mutate(prompt, random, variety);
    if (random.chance(10)) prompt.ends_open = !prompt.ends_open;
    if (!prompt.lines.empty() && prompt.lines.back().empty()) prompt.lines.back() = "a new end";
    diff.meant = prompt.text();
  } while (diff.meant == diff.before);
  diff.hunks = hunks_between(diff.before, diff.meant,
                             random.chance(10) ? 0 : static_cast<unsigned>(random.between(1, 4)));
  diff.damage = random_damage(random);
  damage_hunks(diff, random);
  if (diff.damage.markers && !diff.meant.empty()) {
    // A diff that marks nothing leaves the end as it was.
    const bool was_open = !diff.before.empty() && diff.before.back() != '\n';
    if (prompt.ends_open && !was_open) diff.meant += prompt.newline;
    if (!prompt.ends_open && was_open) diff.meant = without_end(diff.meant);
  }
  diff.text = written(diff, random);
  return diff;
}

}  // namespace jarvis::property
