#include <chrono>
#include <cstdlib>
#include <ctime>
#include <utility>

#include "core/benchmark/refresh.hpp"
#include "core/home/traces/trace_store.hpp"
#include "tests/bench/trace_database.hpp"
#include "tests/support/fakes/engines.hpp"
#include "tests/support/fakes/traces.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

template <class T>
T good(Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "bench_mining: %s\n", result.error().message.c_str());
  std::exit(1);
}

/** Prints how long the work took, of the clock and of the processors. */
template <class Work>
void row(const char* name, Work work) {
  const auto begin = std::chrono::steady_clock::now();
  const std::clock_t used = std::clock();
  const auto [number, what] = work();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::printf("  %-40s %8.2f %10.2f %10.0f   %zu %s\n", name, took.count(),
              static_cast<double>(std::clock() - used) / CLOCKS_PER_SEC, bench::peak_megabytes(),
              number, what);
}

}  // namespace

int main(int count, char** arguments) {
  const auto path = bench::trace_database(bench::wanted_traces(count, arguments));
  const auto store = good(TraceStore::open(path));
  std::printf("Mining of %ld traces\n  %-40s %8s %10s %10s\n",
              static_cast<long>(good(store->count())), "", "s", "processor", "peak MB");
  using Counted = std::pair<std::size_t, const char*>;
  row("reading alone", [&] {
    TraceFilter rated;
    rated.rated_only = true;
    std::size_t found = 0;
    const auto scanned = store->scan(rated, [&](const Trace&) { return ++found > 0; });
    return Counted(scanned ? found : 0, "rated traces");
  });
  row("mining",
      [&] { return Counted(good(mine_prospects(*store, {}, {})).size(), "different questions"); });
  const TemporaryDirectory directory;
  const BenchmarkStore versions(directory.path());
  for (const char* name : {"refresh, first version, answers at once", "refresh without news"})
    row(name, [&] {
      FakeTeacher teacher;
      FakeJudge judge;
      const FixedClock clock;
      const Refresh refresh = good(refresh_benchmark(
          {*store, teacher, judge, clock, versions, {}, 8, &teacher, nullptr, {}}));
      return Counted(refresh.added, "tasks added");
    });
  return 0;
}
