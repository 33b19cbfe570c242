#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/conformance/demand.hpp"
#include "tests/support/loopback_server.hpp"

namespace jarvis::conformance {

using testing::RecordedRequest;
using testing::ScriptedReply;

struct AskedCall {
  std::string name;
  json::object arguments;
};

/** What the model behind a server answers, in no protocol's form. */
struct Turn {
  enum class End { normal, max_tokens, refusal };

  std::string text = {};
  std::vector<AskedCall> calls = {};
  End end = End::normal;
  /** All tokens of the prompt; those read from a cache and written to one are among them. */
  int prompt_tokens = 1000;
  int cache_read_tokens = 0;
  int cache_write_tokens = 0;
  /** Tokens of the answer; those of reasoning are on top. */
  int answer_tokens = 50;
  int reasoning_tokens = 0;
};

/** One provider's protocol, as strict as the provider: what a request must look like, and how
 * answers and errors do. Reasoning that an answer with calls brought must come back with its calls,
 * where the protocol has that. */
class Protocol {
 public:
  virtual ~Protocol() = default;
  /** Throws Complaint. */
  virtual void check(const RecordedRequest& request) const = 0;
  virtual bool wants_stream(const RecordedRequest& request) const = 0;
  /** As a stream where the request wants one. */
  virtual ScriptedReply answer(const RecordedRequest& request, const Turn& turn) const = 0;
  virtual ScriptedReply error(int status, const std::string& message) const = 0;
};

/** In what the servers of chat completions differ. */
struct ChatServerKind {
  bool needs_key = true;
  std::string model;  ///< as it must come
  double lowest_temperature = 0;
  bool wants_usage_option = false;   ///< `usage: {include: true}`
  bool reports_cost = false;         ///< kReportedCost
  bool own_cache_fields = false;     ///< prompt_cache_hit_tokens instead of details
  std::string reasoning_field = {};  ///< "content": between <think> and </think>
};

constexpr double kReportedCost = 0.0375;

std::unique_ptr<Protocol> anthropic_protocol();
std::unique_ptr<Protocol> chat_protocol(ChatServerKind kind);
std::unique_ptr<Protocol> gemini_protocol();
std::unique_ptr<Protocol> responses_protocol();
std::unique_ptr<Protocol> ollama_protocol();

/** The value of a header; empty when it is not there. */
std::string header(const RecordedRequest& request, const std::string& name);
/** The body, which must be an object. */
json::object body_of(const RecordedRequest& request);

}  // namespace jarvis::conformance
