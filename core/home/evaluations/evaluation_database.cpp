#include "core/home/evaluations/evaluation_database.hpp"

#include <Poco/Data/LOB.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>

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

/** The columns of new rows. */
struct Rows {
  struct {
    std::vector<std::string> keys, fingerprints, tasks, students, sessions;
    std::vector<int> attempts;
    std::vector<double> times;
    std::vector<BLOB> outputs;
  } runs;
  struct {
    std::vector<std::string> keys, judges, sessions;
    std::vector<double> times, scores;
  } judgements;
};

void insert(Session& session, Rows& rows) {
  if (auto& runs = rows.runs; !runs.keys.empty())
    session << "INSERT INTO runs (key, fingerprint, task_id, student, attempt, session_id, "
               "made_at, output) VALUES (?, ?, ?, ?, ?, ?, ?, coalesce(?, x'')) ON CONFLICT (key) "
               "DO NOTHING",
        use(runs.keys), use(runs.fingerprints), use(runs.tasks), use(runs.students),
        use(runs.attempts), use(runs.sessions), use(runs.times), use(runs.outputs), now;
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
      if (!runs) runs.emplace(*session, "SELECT output FROM runs WHERE key = ?");
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
  std::optional<Lookup<BLOB>> runs;
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

Result<std::unique_ptr<EvaluationDatabase>> EvaluationDatabase::open(const fs::path& file,
                                                                     const Clock& clock) {
  auto writing = open_evaluations(file);
  if (!writing) return writing.error();
  auto reading = open_evaluations(file);
  if (!reading) return reading.error();
  return std::unique_ptr<EvaluationDatabase>(
      new EvaluationDatabase(clock, std::make_unique<Reader>(file, *std::move(reading)),
                             std::make_unique<Writer>(file, *std::move(writing))));
}

Result<std::optional<std::string>> EvaluationDatabase::output(const RunKey& key) {
  return reader_->read<std::optional<std::string>>([&]() -> std::optional<std::string> {
    if (!reader_->runs->finds(digest_of(key))) return std::nullopt;
    return text_of(reader_->runs->value);
  });
}

Result<std::optional<double>> EvaluationDatabase::score(const JudgeKey& key) {
  return reader_->read<std::optional<double>>([&]() -> std::optional<double> {
    if (!reader_->judgements->finds(digest_of(key))) return std::nullopt;
    return reader_->judgements->value;
  });
}

Result<void> EvaluationDatabase::keep_output(const RunKey& key, const std::string& session_id,
                                             const std::string& output) {
  const std::string digest = digest_of(key);
  const BLOB bytes = blob_of(output);
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
