#include <chrono>
#include <cstdlib>

#include "core/home/traces/trace_store.hpp"
#include "core/home/traces/trace_writer.hpp"
#include "tests/bench/table.hpp"
#include "tests/bench/trace_database.hpp"

using namespace jarvis;
using jarvis::bench::median_milliseconds;

namespace {

template <class T>
T good(Result<T> result, const char* what) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "bench_traces: %s: %s\n", what, result.error().message.c_str());
  std::exit(1);
}

}  // namespace

int main(int count, char** arguments) {
  const auto path = bench::trace_database(bench::wanted_traces(count, arguments));
  const auto begin = std::chrono::steady_clock::now();
  if (const auto indexed = index_traces(path); !indexed) std::exit(1);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  const auto store = good(TraceStore::open(path), "open");
  std::printf("The store of %ld traces\n", static_cast<long>(good(store->count(), "count")));
  std::printf("  %-48s %12s %10.2f ms\n", "make the indexes, once", "", took.count());
  const auto row = [&](const std::string& what, auto ask) {
    std::size_t found = 0;
    const double time =
        median_milliseconds(5, 1, [&] { found = good(ask(), what.c_str()).size(); });
    std::printf("  %-48s %6zu found %10.2f ms\n", what.c_str(), found, time);
  };
  TraceFilter filter;
  row("open and list the newest",
      [&] { return good(TraceStore::open(path), "open")->list(filter); });
  row("list the newest", [&] { return store->list(filter); });
  filter.max_feedback = 0.05;
  row("list the newest that failed", [&] { return store->list(filter); });
  row("search a rare word", [&] { return store->search(bench::kRareWord, 20); });
  row("search an uncommon word", [&] { return store->search(bench::kUncommonWord, 20); });
  row("search a common word", [&] { return store->search(bench::kCommonWord, 20); });
  row("search a common and a rare word",
      [&] { return store->search(std::string(bench::kCommonWord) + " " + bench::kRareWord, 20); });
  row("search a word that is nowhere", [&] { return store->search("xylophonic", 20); });
  return 0;
}
