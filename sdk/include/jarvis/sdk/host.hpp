#pragma once

#include <jarvis/abi/host.h>

#include <jarvis/sdk/json.hpp>
#include <string>
#include <string_view>

namespace jarvis::sdk {

/** `text` for the border. Not owned: valid as long as what `text` points to. */
inline jarvis_str borrow(std::string_view text) {
  return {text.data(), text.size()};
}
/** What crossed the border, as C++ sees it. Not owned: copy what must outlive the call. */
inline std::string_view view(jarvis_str text) {
  return text.len == 0 ? std::string_view()
                       : std::string_view(text.ptr, static_cast<std::size_t>(text.len));
}

/** The host during one call. Borrowed: valid until the call returns, on the calling thread only; do
 * not keep a copy. */
class Host {
 public:
  /** `host` is what the plugin's function was given; never null. */
  explicit Host(const jarvis_host* host) : host_(host) {}

  /** One line in the host's log under the plugin's name. UTF-8, without a line's end. The host
   * removes secrets. */
  void info(std::string_view message) const { log(JARVIS_LOG_INFO, message); }
  /** As info, for what the user should look at. */
  void warning(std::string_view message) const { log(JARVIS_LOG_WARNING, message); }

  /** True when nobody wants the answer any more: throw Failure(JARVIS_CANCELLED, …) soon. Cheap;
   * ask it between the steps of anything that takes longer than a second. */
  bool cancelled() const { return host_->cancelled && host_->cancelled(host_->context) != 0; }

  /** `[learning.distillation.plugin.<id>]`, {} when there is none. It fits the manifest's
   * settings_schema and is the same in every call. */
  json::object settings() const {
    Answer answer;
    if (!host_->settings) return {};
    answer.status = host_->settings(host_->context, answer.sink());
    return answer.take("settings");
  }

  /** Calls a host service by name; jarvis_host.call lists which one exists for which interface, the
   * payload structs have their requests and results. Blocks until the answer is there, for minutes
   * where a model is asked. Throws Failure with the status, message and hint that the host gave:
   * JARVIS_REFUSED for a service that is not offered here and for want of budget, JARVIS_CANCELLED
   * when nobody waits any more. Let it pass unless the call can succeed without the answer. */
  json::object call(std::string_view service, const json::object& request) const {
    Answer answer;
    if (!host_->call) throw refused("this host offers no services");
    const std::string text = json::serialize(request);
    answer.status = host_->call(host_->context, borrow(service), borrow(text), answer.sink());
    return answer.take(service);
  }

 private:
  struct Answer {
    jarvis_status status = 0;
    std::string result, message, hint;
    std::int64_t retry_after_ms = 0;
    jarvis_reply reply{};

    const jarvis_reply* sink() {
      reply = {sizeof(jarvis_reply), 0, this,
               [](void* self, jarvis_str text) {
                 static_cast<Answer*>(self)->result = std::string(view(text));
               },
               [](void* self, const jarvis_error* error) {
                 auto* answer = static_cast<Answer*>(self);
                 answer->message = std::string(view(error->message));
                 answer->hint = std::string(view(error->hint));
                 answer->retry_after_ms = error->retry_after_ms;
               }};
      return &reply;
    }

    json::object take(std::string_view service) const {
      if (status != JARVIS_OK)
        throw Failure(status, message.empty() ? std::string(service) + " failed" : message, hint,
                      retry_after_ms);
      return parse_object(result, "answer of " + std::string(service));
    }
  };

  void log(std::int32_t level, std::string_view message) const {
    if (host_->log) host_->log(host_->context, level, borrow(message));
  }

  const jarvis_host* host_;
};

}  // namespace jarvis::sdk
