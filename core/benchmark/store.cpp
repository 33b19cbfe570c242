#include "core/benchmark/store.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "core/base/atomic_file.hpp"
#include "core/benchmark/document.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

/** N of "personal_v<N>.json"; nothing for any other name. */
std::optional<int> number_in(const std::string& name) {
  const std::string prefix = "personal_v", suffix = ".json";
  if (name.size() <= prefix.size() + suffix.size() || name.rfind(prefix, 0) != 0 ||
      name.compare(name.size() - suffix.size(), suffix.size(), suffix) != 0)
    return std::nullopt;
  const char* first = name.data() + prefix.size();
  const char* last = name.data() + name.size() - suffix.size();
  int number = 0;
  const auto [end, error] = std::from_chars(first, last, number);
  if (error != std::errc() || end != last || number < 1 || *first == '0') return std::nullopt;
  return number;
}

}  // namespace

BenchmarkStore::BenchmarkStore(fs::path directory) : directory_(std::move(directory)) {}

fs::path BenchmarkStore::path_of(int number) const {
  return directory_ / ("personal_v" + std::to_string(number) + ".json");
}

Result<std::optional<BenchmarkFile>> BenchmarkStore::newest() const {
  std::error_code error;
  fs::directory_iterator entries(directory_, error);
  if (error == std::errc::no_such_file_or_directory) return std::optional<BenchmarkFile>();
  int highest = 0;
  for (; !error && entries != fs::directory_iterator(); entries.increment(error))
    highest = std::max(highest, number_in(entries->path().filename().string()).value_or(0));
  if (error)
    return Error{ErrorKind::io, "cannot list '" + directory_.string() + "': " + error.message(),
                 "check its owner and mode"};
  if (highest == 0) return std::optional<BenchmarkFile>();
  auto file = load(highest);
  if (!file) return file.error();
  return std::optional<BenchmarkFile>(*std::move(file));
}

Result<BenchmarkFile> BenchmarkStore::load(int number) const {
  const fs::path path = path_of(number);
  const auto text = read_file(path);
  if (!text) return text.error();
  auto file = parse_benchmark(*text);
  if (file && file->benchmark.number == number) return file;
  const std::string cause =
      file ? "it says that it is version " + std::to_string(file->benchmark.number)
           : file.error().message;
  return Error{ErrorKind::invalid, "benchmark file '" + path.string() + "' is broken: " + cause,
               "restore it from a backup, or move it away to go back to the version before it"};
}

Result<BenchmarkFile> BenchmarkStore::load(const std::string& version) const {
  if (const auto number = number_in(version + ".json")) return load(*number);
  return Error{ErrorKind::not_found, "'" + version + "' is no version of the benchmark", ""};
}

Result<void> BenchmarkStore::write(const BenchmarkFile& file) const {
  const fs::path path = path_of(file.benchmark.number);
  std::error_code error;
  if (fs::exists(fs::symlink_status(path, error)))
    return Error{
        ErrorKind::refused,
        "benchmark file '" + path.string() + "' exists, and a version is never overwritten",
        "refresh again to write the next version"};
  const std::string text = benchmark_text(file);
  if (const auto read = parse_benchmark(text); !read)
    return Error{ErrorKind::internal,
                 "'" + path.string() +
                     "' was not written, it could not be read back: " + read.error().message,
                 ""};
  if (auto made = make_private_directory(directory_); !made) return made;
  return write_file_atomically(path, text, 0600);
}

}  // namespace jarvis
