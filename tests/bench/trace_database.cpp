#include "tests/bench/trace_database.hpp"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <Poco/Exception.h>
#include <sys/resource.h>

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "core/home/traces/trace_schema.hpp"

namespace jarvis::bench {

namespace fs = std::filesystem;
using namespace Poco::Data::Keywords;

namespace {

class Numbers {
 public:
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(next() % end); }
  bool one_in(std::size_t count) { return below(count) == 0; }

 private:
  std::uint64_t state_ = 1;
};

/** Questions and answers of words whose frequencies fall as those of a language do. */
class Author {
 public:
  Author() {
    static constexpr std::string_view kParts[] = {"ba",  "ne",  "li", "to",  "ru",  "sha",
                                                  "gim", "por", "ve", "ken", "dal", "mi",
                                                  "os",  "ter", "un", "fa"};
    for (std::size_t i = 0; i < 20000; ++i) {
      std::string word;
      for (std::size_t rest = i + 1; rest > 0; rest /= 16) word += kParts[rest % 16];
      words_.push_back(std::move(word));
    }
  }

  std::string question() {
    const std::size_t kind = numbers_.below(100);
    if (kind < 15 && !earlier_.empty()) return copy();
    if (kind < 35 && !earlier_.empty()) return near_copy();
    std::string text =
        kind < 55 ? from_template() : "Please explain " + text_of(5 + numbers_.below(25));
    if (kind >= 95) text += " " + text_of(100 + numbers_.below(200));
    text += '?';
    if (earlier_.size() < 50000)
      earlier_.push_back(text);
    else
      earlier_[numbers_.below(earlier_.size())] = text;
    return text;
  }

  std::string answer(long index) {
    std::string text = text_of(30 + numbers_.below(60));
    if (numbers_.one_in(2)) text += std::string(" ") + kCommonWord;
    if (numbers_.one_in(1000)) text += std::string(" ") + kUncommonWord;
    if (index % 400000 == 123) text += std::string(" ") + kRareWord;
    if (numbers_.one_in(20)) text += " \u2013 gr\u00fc\u00dfe";
    return text + ".";
  }

  double feedback() {
    const std::size_t kind = numbers_.below(100);
    if (kind < 60) return 0.7 + static_cast<double>(numbers_.below(4)) * 0.1;
    return kind < 85 ? static_cast<double>(numbers_.below(4)) * 0.1 : 0.5;
  }

  std::string id() {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(numbers_.next()));
    return text;
  }

 private:
  const std::string& word() {
    const std::size_t most = words_.size() >> numbers_.below(12);
    return words_[numbers_.below(most)];
  }

  std::string text_of(std::size_t count) {
    std::string text = word();
    for (std::size_t i = 1; i < count; ++i) text += " " + word();
    return text;
  }

  std::string from_template() {
    switch (numbers_.below(3)) {
      case 0:
        return "What is the weather going to be in " + word() + " on the next " + word();
      case 1:
        return "How much is " + std::to_string(numbers_.below(5000)) + " times " +
               std::to_string(numbers_.below(5000)) + " divided by " + word();
      default:
        return "Write a python function that sorts the list of " + word() + " by " + word();
    }
  }

  std::string copy() {
    std::string text = earlier_[numbers_.below(earlier_.size())];
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return "  " + text;
  }

  std::string near_copy() { return earlier_[numbers_.below(earlier_.size())] + " " + word(); }

  Numbers numbers_;
  std::vector<std::string> words_;
  std::vector<std::string> earlier_;
};

void fill(Poco::Data::Session& session, long count) {
  Author author;
  std::string id, query, result;
  double feedback = 0, started = 0, ended = 0;
  Poco::Data::Statement trace(session), step(session);
  trace
      << "INSERT INTO traces(trace_id, query, agent, model, result, feedback, started_at,"
         " ended_at, total_tokens, total_latency_seconds) VALUES (?,?,'simple','qwen3:4b',?,?,?,?,"
         " 512, 1.5)",
      use(id), use(query), use(result), use(feedback), use(started), use(ended);
  step << "INSERT INTO trace_steps(trace_id, step_index, step_type, input, output) VALUES"
          " (?,0,'generate','{\"model\":\"qwen3:4b\"}','{\"tokens\":512}')",
      use(id);
  session << "BEGIN", now;
  for (long i = 0; i < count; ++i) {
    id = author.id();
    query = author.question();
    result = author.answer(i);
    feedback = author.feedback();
    // Traces are written when they end, so that a long one comes after shorter ones that began
    // later.
    started = 1.7e9 + static_cast<double>(i) * 30 - (i % 50 == 0 ? 100 : 0);
    ended = 1.7e9 + static_cast<double>(i) * 30 + 2;
    trace.execute();
    step.execute();
    if (i % 100000 == 99999) std::fprintf(stderr, "made %ld traces\n", i + 1);
  }
  session << "COMMIT", now;
}

}  // namespace

fs::path trace_database(long count) try {
  const fs::path folder = fs::temp_directory_path() / "jarvis-bench";
  const fs::path made = folder / ("traces-" + std::to_string(count) + ".db");
  if (fs::exists(made)) return made;
  fs::create_directories(folder);
  const fs::path unfinished = folder / "unfinished.db";
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(unfinished.string() + suffix);
  Poco::Data::SQLite::Connector::registerConnector();
  {
    Poco::Data::Session session("SQLite", unfinished.string());
    for (const std::string_view statement : kTraceSchema) session << std::string(statement), now;
    session << "PRAGMA synchronous=OFF", now;
    fill(session, count);
    session << "PRAGMA wal_checkpoint(TRUNCATE)", now;
  }
  fs::rename(unfinished, made);
  return made;
} catch (const Poco::Exception& exception) {
  std::fprintf(stderr, "cannot make the traces: %s\n", exception.displayText().c_str());
  std::exit(1);
}

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

long wanted_traces(int count, char** arguments) {
  const long given = count > 1 ? std::atol(arguments[1]) : 0;
  return given > 0 ? given : 1000000;
}

}  // namespace jarvis::bench
