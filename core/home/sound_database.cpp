#include "core/home/sound_database.hpp"

#include <Poco/Data/SQLite/SQLiteException.h>
#include <Poco/Data/Session.h>

#include <cstdint>
#include <vector>

#include "core/home/traces/trace_connection.hpp"

namespace jarvis {

namespace fs = std::filesystem;
using namespace Poco::Data::Keywords;

namespace {

constexpr std::uintmax_t kWholeInAMoment = std::uintmax_t{256} << 20;

std::string first_finding(Poco::Data::Session& session, const std::string& check) {
  std::vector<std::string> findings;
  session << "PRAGMA " + check + "(1)", into(findings), now;
  if (findings.empty()) return "it cannot be checked";
  if (findings.front() == "ok") return "";
  // Before it stands a line that says which of its databases SQLite means.
  return findings.front().substr(findings.front().rfind('\n') + 1);
}

}  // namespace

std::string damage_of(const fs::path& file, Thoroughness thoroughness) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  if (error || size == 0) return "";
  auto opened = open_traces(file, TraceAccess::read_only);
  if (!opened) return "";
  try {
    is_without_tables(**opened);
    if (thoroughness == Thoroughness::full) return first_finding(**opened, "integrity_check");
    return size <= kWholeInAMoment ? first_finding(**opened, "quick_check") : "";
  } catch (const Poco::Exception& exception) {
    const Error failure = database_error(exception, file);
    return failure.kind == ErrorKind::invalid ? exception.displayText() : "";
  }
}

}  // namespace jarvis
