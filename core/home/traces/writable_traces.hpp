#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>

#include "core/model/result.hpp"

namespace Poco::Data {
class Session;
}

namespace jarvis {

/** How long a writer waits while another program holds the store. */
inline constexpr auto kPatience = std::chrono::seconds(30);

/** A traces.db to write to, whose tables and triggers are the expected ones. One thread at a time.
 *
 *  For the other files of this folder that speak SQL; everybody else uses trace_writer.hpp. */
class WritableTraces {
 public:
  /** not_found when there is no file. Waits at most `patience` for other writers, here and later.
   */
  static Result<WritableTraces> open(const std::filesystem::path& path,
                                     std::chrono::milliseconds patience);
  /** Makes the file (0600) and the tables of OpenJarvis where there are none; so a store whose
   * making was interrupted is completed. */
  static Result<WritableTraces> open_or_create(const std::filesystem::path& path,
                                               std::chrono::milliseconds patience);

  /** Makes the change in a transaction; an Error or an exception of it takes all back. It may be
   * called again from the beginning when the store was held by another program. */
  Result<void> change(const std::function<Result<void>(Poco::Data::Session&)>& change);

  /** Does the work without a transaction of its own; begins it again as `change` does. */
  Result<void> use(const std::function<void(Poco::Data::Session&)>& work);

  const std::filesystem::path& path() const { return path_; }
  Poco::Data::Session& session() { return *session_; }

 private:
  WritableTraces(std::filesystem::path path, std::chrono::milliseconds patience,
                 std::shared_ptr<Poco::Data::Session> session);

  std::filesystem::path path_;
  std::chrono::milliseconds patience_;
  std::shared_ptr<Poco::Data::Session> session_;
};

/** Whether a trigger feeds the search index. A trigger runs with our rights when we write: refused
 * where there is any other. Throws Poco::Exception. */
Result<bool> has_index_trigger(Poco::Data::Session& session, const std::filesystem::path& path);

}  // namespace jarvis
