#include "core/app/cli/spelling.hpp"

#include <doctest/doctest.h>

using namespace jarvis;

TEST_CASE("spelling: nothing is suggested for a word that is far from all") {
  CHECK(nearest("bogus", {"learning", "feedback", "doctor"}) == "");
  CHECK(nearest("", {"learning"}) == "");
  CHECK(nearest("x", {"-s"}) == "");
  CHECK(nearest("word", {}) == "");
  CHECK(did_you_mean("wild", {"auto", "tiered", "manual"}) == "");
}

TEST_CASE("spelling: a letter too many, too few, wrong, or two that changed places") {
  const std::vector<std::string> names{"learning", "feedback", "traces", "run", "review"};
  CHECK(nearest("learnning", names) == "learning");
  CHECK(nearest("lerning", names) == "learning");
  CHECK(nearest("leaming", names) == "learning");
  CHECK(nearest("laerning", names) == "learning");
  CHECK(nearest("urn", names) == "run");
  CHECK(nearest("reveiw", names) == "review");
  CHECK(did_you_mean("trace", names) == "did you mean 'traces'?");
}

TEST_CASE("spelling: the nearest one wins, whatever the order") {
  CHECK(nearest("--jsn", {"--json", "--jon"}) == "--json");
  CHECK(nearest("lst", {"last", "list", "lst-of-all"}) == "last");
  CHECK(nearest("lisst", {"last", "list"}) == "list");
}

TEST_CASE("spelling: a telling beginning counts, where nothing is nearer") {
  CHECK(nearest("hist", {"show", "history"}) == "history");
  CHECK(nearest("automatic", {"auto", "tiered"}) == "auto");
  CHECK(nearest("hi", {"show", "history"}) == "");
}
