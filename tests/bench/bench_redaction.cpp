#include <ctime>
#include <thread>

#include "core/privacy/redactor.hpp"
#include "tests/bench/table.hpp"

using namespace jarvis;
using jarvis::bench::median_milliseconds;

namespace {

constexpr std::size_t kSize = std::size_t{8} << 20;
constexpr int kRounds = 7;

std::string repeated(const std::string& unit) {
  std::string text;
  text.reserve(kSize + unit.size());
  while (text.size() < kSize) text += unit;
  return text;
}

std::string prose() {
  return repeated(
      "The student was asked how many pieces the shop had lost since the spring, and it answered "
      "with the number of pieces that were there in the first place. Nobody noticed for a week. "
      "When the user came back, she wrote: \"That is not what I asked for, please read it again.\" "
      "The second answer was right, but it took three attempts and more than forty seconds.\n");
}

std::string trace_json() {
  return repeated(
      R"({"trace_id":"0a1b2c3d4e5f6071","query":"How much is 17 * 23, and is it prime?","agent":"simple",)"
      R"("model":"qwen3:4b","result":"17 * 23 = 391. It is not prime.","outcome":null,"feedback":0.5,)"
      R"("started_at":"2026-06-01T03:00:00Z","total_tokens":1412,"latency_seconds":1.25,"steps":[)"
      R"({"index":0,"type":"generate","input":{"model":"qwen3:4b"},"output":{"prompt_tokens":812,)"
      R"("completion_tokens":600,"content":"First I multiply.","finish_reason":"stop"}}]})"
      "\n");
}

std::string code() {
  return repeated(
      "def load_settings(path: str, *, strict: bool = False) -> dict[str, object]:\n"
      "    \"\"\"Reads the settings of the service; raises ValueError on unknown keys.\"\"\"\n"
      "    with open(path, encoding=\"utf-8\") as file:\n"
      "        values = tomllib.loads(file.read())\n"
      "    for key, value in values.items():\n"
      "        if strict and key not in KNOWN_KEYS:\n"
      "            raise ValueError(f\"{path}: unknown key {key!r}, line {value.line + 1}\")\n"
      "    return {key: DEFAULTS.get(key, value) for key in values if key[0] != '_'}\n\n");
}

std::string base64() {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  std::uint32_t state = 1;
  while (text.size() < kSize) {
    state = state * 1664525u + 1013904223u;
    text += kDigits[state >> 26];
  }
  return text;
}

/** A log in which every line holds four secrets. Some of them come again and again. */
std::string full_of_hits() {
  std::string text;
  for (std::size_t i = 0; text.size() < kSize; ++i) {
    const std::string number = std::to_string(10000000 + i % 5000);
    text += "2026-06-01T03:00:00Z INFO request user" + number + "@example.com from +49 30 " +
            number + " with token=ab" + number + "cdef and db postgres://app:pw" + number +
            "@db.internal/main took 12 ms, status 200\n";
  }
  return text;
}

/** As median_milliseconds, of processor time: what other work on the machine does not change. */
template <class Work>
double processor_milliseconds(Work work) {
  std::vector<double> times;
  for (int round = 0; round < kRounds; ++round) {
    const std::clock_t begin = std::clock();
    work();
    times.push_back(static_cast<double>(std::clock() - begin) * 1000 / CLOCKS_PER_SEC);
  }
  std::nth_element(times.begin(), times.begin() + kRounds / 2, times.end());
  return times[kRounds / 2];
}

struct Corpus {
  const char* name;
  std::string text;
};

double rate(const std::string& text, double milliseconds) {
  return static_cast<double>(text.size()) / 1e6 / (milliseconds / 1000);
}

}  // namespace

int main() {
  auto read = redaction_rules({}, "config.toml");
  if (!read) {
    std::fprintf(stderr, "bench_redaction: %s\n", read.error().message.c_str());
    return 1;
  }
  const auto rules = std::make_shared<const RedactionRules>(std::move(*read));
  std::printf("Redaction of %zu MB, MB/s\n%-24s %16s %12s %12s\n", kSize >> 20, "",
              "processor time", "one thread", "two threads");
  for (const Corpus& corpus :
       {Corpus{"prose", prose()}, Corpus{"JSON of traces", trace_json()}, Corpus{"code", code()},
        Corpus{"Base64", base64()}, Corpus{"full of secrets", full_of_hits()}}) {
    const std::string_view text = corpus.text;
    const auto alone = [&] {
      Redactor redactor(rules, {});
      redactor.redact(text);
    };
    const double processor = processor_milliseconds(alone);
    const double one = median_milliseconds(kRounds, 1, alone);
    const double two = median_milliseconds(kRounds, 1, [&] {
      Redactor redactor(rules, {});
      std::thread other([&] { redactor.redact(text.substr(0, text.size() / 2)); });
      redactor.redact(text.substr(text.size() / 2));
      other.join();
    });
    std::printf("%-24s %16.0f %12.0f %12.0f\n", corpus.name, rate(corpus.text, processor),
                rate(corpus.text, one), rate(corpus.text, two));
  }
  return 0;
}
