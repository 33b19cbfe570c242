#include <doctest/doctest.h>

#include <algorithm>
#include <jarvis/sdk/failure.hpp>
#include <jarvis/text/unified_diff.hpp>
#include <map>
#include <sstream>

#include "diff_oracle.hpp"

using namespace jarvis::property;

namespace {

using Tally = std::map<std::string, std::size_t>;

/** Words are missing or were changed: such a diff may always be refused. */
bool has_lost_words(const Damage& damage) {
  return damage.outer_context || damage.inner_context || damage.altered || damage.prose;
}

bool is_untouched(const Damage& damage) {
  return !damage.numbers && !has_lost_words(damage);
}

/** A removed line "-- x" is written "--- x": without counts that hold it may begin another file. */
bool looks_like_two_files(const RandomDiff& diff) {
  for (const MadeHunk& hunk : diff.hunks)
    for (const MadeLine& line : hunk.lines)
      if (line.sign == '-' && line.text.rfind("-- ", 0) == 0) return true;
  return false;
}

bool may_refuse(const RandomDiff& diff) {
  if (has_lost_words(diff.damage)) return true;
  if (diff.damage.counts && looks_like_two_files(diff)) return true;
  // Right numbers settle what the lines leave open, but a place without any line is never checked.
  if (diff.damage.numbers || diff.damage.bare_blanks) return may_be_unclear(diff);
  return std::any_of(diff.hunks.begin(), diff.hunks.end(), [](const MadeHunk& hunk) {
    return std::all_of(hunk.lines.begin(), hunk.lines.end(),
                       [](const MadeLine& line) { return line.sign == '+'; });
  });
}

/** What is wrong with how `diff` was taken, or nothing. */
std::string problem_of(const RandomDiff& diff, Tally& tally) {
  std::string result;
  try {
    result = jarvis::text::apply_unified_diff(diff.before, diff.text);
  } catch (const jarvis::sdk::Failure& failure) {
    const bool proper = failure.status() == JARVIS_REFUSED && *failure.what() != '\0';
    if (!proper) return std::string("failed otherwise than by a refusal: ") + failure.what();
    if (!may_refuse(diff)) return std::string("refused without need: ") + failure.what();
    ++tally[has_lost_words(diff.damage) ? "refused: words were lost, changed or added"
                                        : "refused: the place is not clear"];
    return {};
  }
  if (result == diff.meant) {
    ++tally[is_untouched(diff.damage) ? "applied as meant: nothing but form was damaged"
                                      : "applied as meant: numbers or words were damaged"];
    return {};
  }
  if (is_untouched(diff.damage)) return "applied, and not as meant";
  const auto literally = read_literally(diff);
  if (!literally || *literally != contents_of(result)) return "applied where it does not stand";
  ++tally["applied where the damaged diff says: all of its lines stand there too"];
  return {};
}

std::string described(const RandomDiff& diff) {
  std::string result = "was refused";
  try {
    result = jarvis::text::apply_unified_diff(diff.before, diff.text);
  } catch (const jarvis::sdk::Failure&) {
  }
  return "--- the prompt\n" + diff.before + "\n--- the diff\n" + diff.text + "\n--- meant\n" +
         diff.meant + "\n--- became\n" + result + "\n---";
}

}  // namespace

TEST_CASE("diff: a damaged diff of a random prompt is applied as it was meant or refused") {
  const std::size_t count = count_from_environment("JARVIS_PROPERTY_COUNT", 2000);
  const std::size_t first = count_from_environment("JARVIS_PROPERTY_FIRST", 0);
  constexpr std::size_t kMostReported = 10;
  Tally tally;
  std::size_t failures = 0;
  for (std::size_t number = first; number < first + count; ++number) {
    Random random(number);
    const RandomDiff diff = random_diff(random);
    const std::string problem = problem_of(diff, tally);
    if (problem.empty()) continue;
    if (++failures <= kMostReported)
      FAIL_CHECK("diff ", number, ": ", problem, "\n", described(diff));
  }
  std::ostringstream figures;
  for (const auto& [what, times] : tally) figures << "  " << times << "  " << what << "\n";
  MESSAGE(figures.str(), "  ", failures, "  failures");
  CHECK(failures == 0);
}
