#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>

#include "core/base/json_text.hpp"
#include "core/home/traces/exchange/trace_export.hpp"
#include "core/home/traces/exchange/trace_import.hpp"
#include "core/model/json.hpp"
#include "tests/bench/trace_database.hpp"

using namespace jarvis;
namespace fs = std::filesystem;
using Seconds = std::chrono::duration<double>;

namespace {

template <class T>
T good(Result<T> result, const char* what) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "bench_trace_import: %s: %s\n", what, result.error().message.c_str());
  std::exit(1);
}

void report(const char* what, long count, std::chrono::steady_clock::time_point begin) {
  const double took = Seconds(std::chrono::steady_clock::now() - begin).count();
  std::printf("  %-28s %9ld records %8.1f s %9.0f records/s, peak %4.0f MB\n", what, count, took,
              static_cast<double>(count) / took, bench::peak_megabytes());
  std::fflush(stdout);
}

/** Writes each trace of the JSONL in the form that `form` gives it. */
void convert(const fs::path& jsonl, const fs::path& to,
             const std::function<json::object(json::object)>& form) {
  if (fs::exists(to)) return;
  std::ifstream in(jsonl);
  std::ofstream out(to);
  for (std::string line; std::getline(in, line);)
    out << json::serialize(form(json::parse(line).as_object())) << '\n';
}

json::object as_chat(json::object trace) {
  return {{"id", "chatcmpl-" + std::string(trace.at("trace_id").as_string())},
          {"model", trace.at("model")},
          {"created", trace.at("started_at")},
          {"messages",
           {{{"role", "user"}, {"content", trace.at("query")}},
            {{"role", "assistant"}, {"content", trace.at("result")}}}},
          {"usage", {{"prompt_tokens", 12}, {"completion_tokens", 500}}}};
}

/** Question and answer of a line each: the search index costs by the word. */
json::object shortened_trace(json::object trace) {
  for (const char* key : {"query", "result"})
    trace[key] = shortened(std::string(trace.at(key).as_string()), 80);
  return trace;
}

double megabytes(const fs::path& file) {
  return static_cast<double>(fs::file_size(file)) / 1e6;
}

void import_new(const char* what, const fs::path& file, const fs::path& folder) {
  const fs::path store = folder / "imported.db";
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(store.string() + suffix);
  const auto begin = std::chrono::steady_clock::now();
  const auto done = good(import_traces(store, {file.string()}, {}), what);
  report(what, done.imported, begin);
  const auto again = std::chrono::steady_clock::now();
  report("  the same again", good(import_traces(store, {file.string()}, {}), what).already_there,
         again);
}

}  // namespace

int main(int count, char** arguments) {
  const long wanted = bench::wanted_traces(count, arguments);
  const fs::path database = bench::trace_database(wanted);
  const fs::path folder = database.parent_path();
  const fs::path jsonl = folder / ("traces-" + std::to_string(wanted) + ".jsonl");
  const auto converted = [&](const char* name) {
    return folder / (name + std::to_string(wanted) + ".jsonl");
  };
  const fs::path chats = converted("chats-"), short_ones = converted("short-"),
                 short_chats = converted("short-chats-");
  std::printf("Import and export of %ld traces\n", wanted);
  const auto begin = std::chrono::steady_clock::now();
  report("export", static_cast<long>(good(export_traces(database, {}, jsonl), "export")), begin);
  convert(jsonl, chats, as_chat);
  convert(jsonl, short_ones, shortened_trace);
  convert(short_ones, short_chats, as_chat);
  std::printf(
      "  short: question and answer of 80 bytes at most (%.0f MB); long: as they are (%.0f MB)\n",
      megabytes(short_ones), megabytes(jsonl));
  import_new("short, our JSONL", short_ones, folder);
  import_new("short, a chat log", short_chats, folder);
  import_new("long, our JSONL", jsonl, folder);
  import_new("long, a chat log", chats, folder);
  import_new("long, a traces.db", database, folder);
  return 0;
}
