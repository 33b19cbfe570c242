#pragma once

#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "plugins/shared/provider.hpp"

namespace jarvis::shared {

/** How to change a body whose refusal names `word`. `apply` gives false when there is nothing to
 * change; it must not do so twice in a row to the same body. */
struct Mend {
  const char* word;
  bool (*apply)(json::object& body);
};

/** What servers refused before, so that it is not sent to them again. Safe to use from many
 * threads. */
class Refusals {
 public:
  bool has(const std::string& server, const std::string& word) const {
    const std::lock_guard lock(mutex_);
    return seen_.count(server + '\n' + word) != 0;
  }
  void add(const std::string& server, const std::string& word) {
    const std::lock_guard lock(mutex_);
    seen_.insert(server + '\n' + word);
  }

 private:
  mutable std::mutex mutex_;
  std::set<std::string> seen_;
};

/** An answer, and how large the request was that got it. */
struct Posted {
  sdk::HttpResult answer;
  std::size_t request_bytes = 0;
};

inline const Mend* applied_mend(json::object& body, const std::string& complaint,
                                const std::vector<Mend>& mends) {
  for (const Mend& mend : mends)
    if (complaint.find(mend.word) != std::string::npos && mend.apply(body)) return &mend;
  return nullptr;
}

/** Posts the body; what the server refuses with 400 or 422 and a mend takes away is sent again
 * without it. `stream` holds while the body asks for one. */
inline Posted post_mended(const Provider& provider, const std::string& path, json::object body,
                          const std::vector<Mend>& mends, const StreamShape& stream,
                          Refusals& refusals, const sdk::Host& host) {
  const std::string server = provider.base_url + '\n' + sdk::optional_string(body, "model");
  for (const Mend& mend : mends)
    if (refusals.has(server, mend.word)) mend.apply(body);
  while (true) {
    const std::string text = json::serialize(body);
    const bool streams = sdk::optional_bool(body, "stream");
    Posted posted{post(provider, path, text, host, streams ? stream : StreamShape()), text.size()};
    if (posted.answer.status != 400 && posted.answer.status != 422) return posted;
    const Mend* mend = applied_mend(body, provider_text(posted.answer.body), mends);
    if (!mend) return posted;
    refusals.add(server, mend->word);
  }
}

/** Mends that most protocols share. */
inline constexpr Mend kWithoutTemperature{
    "temperature", [](json::object& body) { return body.erase("temperature") > 0; }};
inline constexpr Mend kWithoutStream{"stream", [](json::object& body) {
                                       body.erase("stream_options");
                                       return body.erase("stream") > 0;
                                     }};

}  // namespace jarvis::shared
