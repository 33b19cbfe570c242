#include "core/home/traces/newest_matches.hpp"

#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>

#include <vector>

namespace jarvis {

using namespace Poco::Data::Keywords;
using Poco::Data::Session;

namespace {

std::string joined(const std::vector<Poco::Int64>& ids) {
  std::string text;
  for (const Poco::Int64 id : ids) text += (text.empty() ? "" : ",") + std::to_string(id);
  return text;
}

constexpr std::int64_t kMostShown = 10000;
constexpr const char* kNewestFirst = " ORDER BY started_at DESC, id DESC LIMIT ?";

}  // namespace

std::optional<std::string> newest_matches(Session& session, const std::string& expression,
                                          std::int64_t limit) {
  if (limit < 1 || limit > kMostShown) return std::nullopt;
  const Poco::Int64 looked_at = 2 * limit + 300;
  std::vector<Poco::Int64> written_last, newest;
  session << "SELECT rowid FROM traces_fts WHERE traces_fts MATCH ? ORDER BY rowid DESC LIMIT ?",
      bind(expression), bind(looked_at), into(written_last), now;
  std::vector<double> started;
  session << "SELECT id, started_at FROM traces WHERE id IN (" + joined(written_last) + ")" +
                 kNewestFirst,
      bind(Poco::Int64{limit}), into(newest), into(started), now;
  if (static_cast<Poco::Int64>(written_last.size()) == looked_at) {
    // The index may hold rows that are gone.
    if (static_cast<std::int64_t>(newest.size()) < limit) return std::nullopt;
    int may_miss_some = 0;
    session << "SELECT EXISTS(SELECT 1 FROM traces WHERE started_at > ? AND id < ?)",
        bind(started.back()), bind(written_last.back()), into(may_miss_some), now;
    if (may_miss_some != 0) return std::nullopt;
  }
  return joined(newest);
}

}  // namespace jarvis
