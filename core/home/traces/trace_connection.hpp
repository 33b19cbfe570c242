#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "core/model/result.hpp"

namespace Poco {
class Exception;
namespace Data {
class Session;
}
}  // namespace Poco

namespace jarvis {

enum class TraceAccess { read_only, write, create };

/** An open traces.db with a busy timeout. Reading never changes a byte of the database; `create`
 * makes an empty file (0600) where there is none, without tables. One thread at a time.
 *
 *  For the other files of this folder that speak SQL; everybody else uses TraceStore. */
Result<std::shared_ptr<Poco::Data::Session>> open_traces(const std::filesystem::path& path,
                                                         TraceAccess access);

/** Makes an empty file (0600) where there is none. */
Result<void> make_missing_trace_file(const std::filesystem::path& path);

/** Whether nothing was made in the database yet. Throws Poco::Exception. */
bool is_without_tables(Poco::Data::Session& session);

/** The column names of a table; empty when there is no such table. Throws Poco::Exception. */
std::set<std::string> columns_of(Poco::Data::Session& session, const std::string& table);

/** Whether the schema has a table or index of this name. Throws Poco::Exception. */
bool has_table_or_index(Poco::Data::Session& session, const std::string& name);

/** Refuses a database whose tables are not those of an OpenJarvis traces.db. Throws
 * Poco::Exception. */
Result<void> check_trace_tables(Poco::Data::Session& session, const std::filesystem::path& path);

/** What SQLite found of a damaged store. */
Error damaged_traces(const std::filesystem::path& path, const std::string& finding);

/** What a failed statement means to the user. */
Error database_error(const Poco::Exception& exception, const std::filesystem::path& path);

}  // namespace jarvis
