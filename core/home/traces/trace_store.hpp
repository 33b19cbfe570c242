#pragma once

#include <filesystem>
#include <memory>

#include "core/ports/trace_reader.hpp"

namespace jarvis {

/** Reads <home>/traces.db, which other programs write at the same time. Opened read-only. Text that
 * is not UTF-8 arrives with U+FFFD in place of the wrong bytes; a JSON column that is not JSON
 * arrives as a string. Safe to call from many threads. */
class TraceStore : public TraceReader {
 public:
  /** A file that does not exist yet counts as a store without traces. One that is no database, or
   * has other tables, is an error. */
  static Result<std::unique_ptr<TraceStore>> open(const std::filesystem::path& path);
  ~TraceStore() override;

  Result<std::int64_t> count() const override;
  /** A negative limit means all. */
  Result<std::vector<Trace>> list(const TraceFilter& filter) const override;
  /** `id` may be any unique prefix; an ambiguous one is an error that names the candidates. */
  Result<Trace> get(const std::string& id) const override;
  Result<std::vector<Trace>> search(const std::string& words, std::int64_t limit) const override;
  Result<void> scan(const TraceFilter& filter, const Visit& visit) const override;
  Result<Trace> find(const std::string& id) const override;
  Result<std::vector<Trace>> ratings(TraceFilter filter) const override;
  Result<std::int64_t> count_matching(const TraceFilter& filter) const override;

 private:
  class Connection;
  explicit TraceStore(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

}  // namespace jarvis
