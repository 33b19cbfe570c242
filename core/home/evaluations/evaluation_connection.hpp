#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "core/home/transaction.hpp"
#include "core/model/result.hpp"

namespace Poco {
class Exception;
namespace Data {
class Session;
}
}  // namespace Poco

namespace jarvis {

/** An open evaluations.db with its tables, made where there is no file. Waits at most `patience`
 * for other programs that write, here and later. One thread at a time.
 *
 *  For the other file of this folder that speaks SQL; everybody else uses EvaluationDatabase. */
Result<std::shared_ptr<Poco::Data::Session>> open_evaluations(const std::filesystem::path& file,
                                                              std::chrono::milliseconds patience);

/** What a failed statement means to the user. */
Error evaluations_error(const Poco::Exception& exception, const std::filesystem::path& file);

}  // namespace jarvis
