#include <doctest/doctest.h>

#include <sstream>

#include "toml_checks.hpp"

using namespace jarvis::property;

namespace {

using Check = std::string (*)(const RandomToml&, Random&, Tally&);

/** What is wrong with one check of one document; what it throws is wrong too. */
std::string problem_of(Check check, const RandomToml& document, Random& random, Tally& tally) {
  try {
    return check(document, random, tally);
  } catch (const std::exception& error) {
    return std::string("it was refused: ") + error.what();
  }
}

std::string check_read_of(const RandomToml& document, Random&, Tally& tally) {
  ++tally["documents"];
  return check_read(document);
}

}  // namespace

TEST_CASE("toml: a random edit of a random document changes what is meant and no other byte") {
  const std::size_t count = count_from_environment("JARVIS_PROPERTY_COUNT", 2000);
  const std::size_t first = count_from_environment("JARVIS_PROPERTY_FIRST", 0);
  constexpr std::size_t kMostReported = 10;
  Tally tally;
  std::size_t failures = 0;
  for (std::size_t number = first; number < first + count; ++number) {
    Random random(number);
    const RandomToml document = random_toml(random);
    for (const Check check : {check_read_of, check_set, check_insert, check_remove, check_append,
                              check_remove_item, check_refusals}) {
      const std::string problem = problem_of(check, document, random, tally);
      if (problem.empty()) continue;
      if (++failures <= kMostReported)
        FAIL_CHECK("document ", number, ": ", problem, "\n--- the document\n", document.text,
                   "\n---");
    }
  }
  std::ostringstream figures;
  for (const auto& [what, times] : tally) figures << "  " << times << "  " << what << "\n";
  MESSAGE(figures.str(), "  ", failures, "  failures");
  CHECK(failures == 0);
}
