#include "core/home/evaluations/evaluation_database.hpp"

#include <Poco/Data/LOB.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <Poco/Nullable.h>
#include <Poco/Tuple.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "core/home/evaluations/evaluation_connection.hpp"
#include "core/home/evaluations/group_commit.hpp"

namespace jarvis {

namespace fs = std::filesystem;
using namespace Poco::Data::Keywords;
using Poco::Nullable;
using Poco::Data::BLOB;
using Poco::Data::Session;
using Poco::Data::Statement;
using SteadyClock = std::chrono::steady_clock;

namespace {

constexpr auto kLongestUnsynced = std::chrono::milliseconds(100);

/** Outputs are bytes: Poco ends text at the first NUL. It binds no bytes at all as NULL. */
BLOB blob_of(const std::string& text) {
  return BLOB(reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

std::string text_of(const BLOB& bytes) {
  return {reinterpret_cast<const char*>(bytes.rawContent()), bytes.size()};
}

template <class T, class Stored = T>
std::optional<T> optional_of(const Nullable<Stored>& value) {
  return value.isNull() ? std::nullopt : std::optional<T>(value.value());
}

template <class Stored, class T>
Nullable<Stored> nullable(const std::optional<T>& value) {
  return value ? Nullable<Stored>(*value) : Nullable<Stored>();
}

using AnswerRow = Poco::Tuple<BLOB, std::string, Nullable<Poco::Int64>, Nullable<double>>;

/** The columns of new rows. */
struct Rows {
  struct {
    std::vector<std::string> keys, fingerprints, tasks, students, sessions;
    std::vector<int> attempts;
    std::vector<double> times;
    std::vector<BLOB> outputs;
    std::vector<std::string> models;
    std::vector<Nullable<Poco::Int64>> tokens;
    std::vector<Nullable<double>> latencies;
  } runs;
  struct {
    std::vector<std::string> keys, judges, sessions;
    std::vector<double> times, scores;
  } judgements;
};

void insert(Session& session, Rows& rows) {
  if (auto& runs = rows.runs; !runs.keys.empty())
    session << "INSERT INTO runs (key, fingerprint, task_id, student, attempt, session_id, "
               "made_at, output, model, tokens_used, latency_seconds) "
               "VALUES (?, ?, ?, ?, ?, ?, ?, coalesce(?, x''), ?, ?, ?) ON CONFLICT (key) "
               "DO NOTHING",
        use(runs.keys), use(runs.fingerprints), use(runs.tasks), use(runs.students),
        use(runs.attempts), use(runs.sessions), use(runs.times), use(runs.outputs),
        use(runs.models), use(runs.tokens), use(runs.latencies), now;
  if (auto& judgements = rows.judgements; !judgements.keys.empty())
    session << "INSERT INTO judgements (key, judge, session_id, made_at, score) "
               "VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
        use(judgements.keys), use(judgements.judges), use(judgements.sessions),
        use(judgements.times), use(judgements.scores), now;
}

}  // namespace

/** Looks rows up. */
struct EvaluationDatabase::Reader {
  Reader(fs::path path, std::shared_ptr<Session> opened)
      : file(std::move(path)), session(std::move(opened)) {}

  /** A lookup by digest, prepared once. */
  template <class Value>
  struct Lookup {
    Lookup(Session& session, const char* query) : statement(session) {
      statement << query, use(key), into(value);
    }

    bool finds(std::string digest) {
      key = std::move(digest);
      return statement.execute() > 0;
    }

    std::string key;
    Value value{};
    Statement statement;
  };

  /** Calls `look` with the connection held. */
  template <class T, class Look>
  Result<T> read(Look look) {
    const std::lock_guard lock(mutex);
    try {
      if (!runs)
        runs.emplace(*session,
                     "SELECT output, coalesce(model, ''), tokens_used, latency_seconds FROM runs "
                     "WHERE key = ?");
      if (!judgements) judgements.emplace(*session, "SELECT score FROM judgements WHERE key = ?");
      return look();
    } catch (const Poco::Exception& exception) {
      // A statement that failed stays where it stopped and cannot be run again.
      runs.reset();
      judgements.reset();
      return evaluations_error(exception, file);
    }
  }

  const fs::path file;
  std::mutex mutex;
  std::shared_ptr<Session> session;
  std::optional<Lookup<AnswerRow>> runs;
  std::optional<Lookup<double>> judgements;
};

/** Adds rows, many to a transaction. */
struct EvaluationDatabase::Writer {
  Writer(fs::path path, std::shared_ptr<Session> opened)
      : file(std::move(path)),
        session(std::move(opened)),
        commits([this](Rows& rows) { return write([&] { insert(*session, rows); }); }) {}

  /** Makes `change` in a transaction of its own. */
  Result<void> write(const std::function<void()>& change) {
    const std::lock_guard lock(mutex);
    try {
      choose_durability();
      in_transaction(*session, change);
      return {};
    } catch (const Poco::Exception& exception) {
      return evaluations_error(exception, file);
    } catch (const std::exception& exception) {
      return Error{ErrorKind::internal, "cannot write '" + file.string() + "': " + exception.what(),
                   ""};
    }
  }

  /** Any commit outlives the process; only a synced one, with all before it, outlives a power cut.
   * To sync each would make the disk the limit where students are fast. */
  void choose_durability() {
    const auto time = SteadyClock::now();
    const bool full = time - last_sync >= kLongestUnsynced;
    if (full) last_sync = time;
    if (full == is_full) return;
    *session << std::string("PRAGMA synchronous=") + (full ? "FULL" : "NORMAL"), now;
    is_full = full;
  }

  const fs::path file;
  std::mutex mutex;
  std::shared_ptr<Session> session;
  SteadyClock::time_point last_sync;
  bool is_full = true;  // what SQLite begins with
  GroupCommit<Rows> commits;
};

EvaluationDatabase::EvaluationDatabase(const Clock& clock, std::unique_ptr<Reader> reader,
                                       std::unique_ptr<Writer> writer)
    : clock_(clock), reader_(std::move(reader)), writer_(std::move(writer)) {}

EvaluationDatabase::~EvaluationDatabase() = default;

Result<std::unique_ptr<EvaluationDatabase>> EvaluationDatabase::open(
    const fs::path& file, const Clock& clock, std::chrono::milliseconds patience) {
  auto writing = open_evaluations(file, patience);
  if (!writing) return writing.error();
  auto reading = open_evaluations(file, patience);
  if (!reading) return reading.error();
  return std::unique_ptr<EvaluationDatabase>(
      new EvaluationDatabase(clock, std::make_unique<Reader>(file, *std::move(reading)),
                             std::make_unique<Writer>(file, *std::move(writing))));
}

Result<std::optional<KeptAnswer>> EvaluationDatabase::answer(const RunKey& key) {
  return reader_->read<std::optional<KeptAnswer>>([&]() -> std::optional<KeptAnswer> {
    if (!reader_->runs->finds(digest_of(key))) return std::nullopt;
    const AnswerRow& row = reader_->runs->value;
    return KeptAnswer{text_of(row.get<0>()), row.get<1>(), optional_of<std::int64_t>(row.get<2>()),
                      optional_of<double>(row.get<3>())};
  });
}

Result<std::vector<std::string>> EvaluationDatabase::newest_outputs(const std::string& task_id,
                                                                    int limit) {
  return reader_->read<std::vector<std::string>>([&] {
    std::vector<BLOB> rows;
    *reader_->session << "SELECT output FROM runs WHERE task_id = ? "
                         "ORDER BY made_at DESC, rowid DESC LIMIT ?",
        bind(task_id), bind(std::max(limit, 0)), into(rows), now;
    std::vector<std::string> outputs;
    for (const BLOB& row : rows) outputs.push_back(text_of(row));
    return outputs;
  });
}

Result<std::optional<std::string>> EvaluationDatabase::first_output(const std::string& fingerprint,
                                                                    const std::string& task_id) {
  return reader_->read<std::optional<std::string>>([&]() -> std::optional<std::string> {
    std::vector<BLOB> rows;
    *reader_->session << "SELECT output FROM runs WHERE task_id = ? AND fingerprint = ? "
                         "ORDER BY attempt LIMIT 1",
        bind(task_id), bind(fingerprint), into(rows), now;
    if (rows.empty()) return std::nullopt;
    return text_of(rows.front());
  });
}

Result<std::optional<double>> EvaluationDatabase::score(const JudgeKey& key) {
  return reader_->read<std::optional<double>>([&]() -> std::optional<double> {
    if (!reader_->judgements->finds(digest_of(key))) return std::nullopt;
    return reader_->judgements->value;
  });
}

Result<void> EvaluationDatabase::keep_answer(const RunKey& key, const std::string& session_id,
                                             const KeptAnswer& answer) {
  const std::string digest = digest_of(key);
  const BLOB bytes = blob_of(answer.output);
  const double time = clock_.now();
  return writer_->commits.add([&](Rows& rows) {
    rows.runs.keys.push_back(digest);
    rows.runs.fingerprints.push_back(key.fingerprint);
    rows.runs.tasks.push_back(key.task_id);
    rows.runs.students.push_back(key.student);
    rows.runs.attempts.push_back(key.attempt);
    rows.runs.sessions.push_back(session_id);
    rows.runs.times.push_back(time);
    rows.runs.outputs.push_back(bytes);
    rows.runs.models.push_back(answer.model);
    rows.runs.tokens.push_back(nullable<Poco::Int64>(answer.tokens_used));
    rows.runs.latencies.push_back(nullable<double>(answer.latency_seconds));
  });
}

Result<void> EvaluationDatabase::keep_score(const JudgeKey& key, const std::string& session_id,
                                            double score) {
  const std::string digest = digest_of(key);
  const double time = clock_.now();
  return writer_->commits.add([&](Rows& rows) {
    rows.judgements.keys.push_back(digest);
    rows.judgements.judges.push_back(key.judge);
    rows.judgements.sessions.push_back(session_id);
    rows.judgements.times.push_back(time);
    rows.judgements.scores.push_back(score);
  });
}

Result<CallCounts> EvaluationDatabase::counts(const std::string& session_id) {
  return reader_->read<CallCounts>([&] {
    Poco::Int64 runs = 0, judgements = 0;
    *reader_->session << "SELECT count(*) FROM runs WHERE session_id = ?", bind(session_id),
        into(runs), now;
    *reader_->session << "SELECT count(*) FROM judgements WHERE session_id = ?", bind(session_id),
        into(judgements), now;
    return CallCounts{runs, judgements};
  });
}

}  // namespace jarvis
