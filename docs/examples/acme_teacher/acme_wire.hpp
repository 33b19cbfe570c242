#pragma once

#include <jarvis/sdk/payload/generate.hpp>
#include <jarvis/sdk/payload/http.hpp>

/** Acme's JSON, and nothing but it: what goes out, what comes back, and what its errors mean. */
namespace acme {

namespace sdk = jarvis::sdk;
namespace json = boost::json;

/** The body of a request. Throws Failure(JARVIS_INVALID) when no message has anything to send. */
json::object body_of(const sdk::GenerateRequest& request);

/** The answer to a request whose body had `request_bytes`. Throws Failure: failure_of for a status
 * that is no success, JARVIS_RETRYABLE for a body that is no answer. */
sdk::GenerateResult result_of(const sdk::HttpResult& answer, std::size_t request_bytes);

/** What Acme's refusal means to the host: whether to wait, or what the user has to mend. */
sdk::Failure failure_of(const sdk::HttpResult& answer);

}  // namespace acme
