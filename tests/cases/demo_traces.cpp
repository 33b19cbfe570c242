#include "tests/cases/demo_traces.hpp"

#include <stdexcept>

#include "core/app/cli/demo_home.hpp"
#include "core/home/traces/trace_writer.hpp"

namespace jarvis::testing {

std::vector<Trace> make_home_without_traces(const std::filesystem::path& home) {
  std::filesystem::create_directory(home);
  const auto traces = make_demo_home(home);
  if (!traces) throw std::runtime_error(traces.error().message);
  return *traces;
}

void store_traces(const std::filesystem::path& home, const std::vector<Trace>& traces) {
  const auto file = home / "traces.db";
  if (auto created = create_trace_database(file); !created)
    throw std::runtime_error(created.error().message);
  if (auto stored = insert_traces(file, traces); !stored)
    throw std::runtime_error(stored.error().message);
}

}  // namespace jarvis::testing
