#pragma once

#include <dlfcn.h>
#include <jarvis/abi/plugin.h>

#include <functional>
#include <jarvis/sdk/host.hpp>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace jarvis::testing {

namespace json = boost::json;

/** What a call to a plugin came to. `result` is filled on JARVIS_OK, the rest otherwise. */
struct Answer {
  jarvis_status status = 0;  ///< what the function returned, also a number that is no status
  json::object result;
  std::string message;
  std::string hint;
  /** Whether it succeeded. */
  bool ok() const { return status == JARVIS_OK; }
};

/** A host for tests: services are functions, everything that was logged is kept. A service throws
 *  sdk::Failure to fail; other exceptions must not leave it. Set the members before a call. Not
 * safe for calls at the same time: `lines` is not locked. It must outlive the calls that it is used
 * for. */
class FakeHost {
 public:
  using Service = std::function<json::object(const json::object&)>;

  /** By name, as "http". One that is not here is JARVIS_REFUSED. */
  std::map<std::string, Service> services;
  json::object settings;           ///< what the plugin gets as its own table; not checked
  std::vector<std::string> lines;  ///< what was logged at any level, oldest first
  bool cancelled = false;          ///< what the plugin is told

  FakeHost() {
    host_ = {
        sizeof(jarvis_host),
        JARVIS_ABI_MINOR,
        this,
        [](void* self, int32_t, jarvis_str text) { of(self).lines.emplace_back(sdk::view(text)); },
        [](void* self) -> int32_t { return of(self).cancelled; },
        [](void* self, const jarvis_reply* reply) {
          const std::string text = json::serialize(of(self).settings);
          reply->result(reply->context, sdk::borrow(text));
          return jarvis_status(JARVIS_OK);
        },
        [](void* self, jarvis_str service, jarvis_str request, const jarvis_reply* reply) {
          return of(self).serve(std::string(sdk::view(service)), sdk::view(request), reply);
        }};
  }
  FakeHost(const FakeHost&) = delete;
  FakeHost& operator=(const FakeHost&) = delete;

  /** For the border; valid as long as this object. */
  const jarvis_host* get() const { return &host_; }

 private:
  static FakeHost& of(void* self) { return *static_cast<FakeHost*>(self); }

  jarvis_status serve(const std::string& name, std::string_view request,
                      const jarvis_reply* reply) {
    const auto fail = [&](jarvis_status status, const std::string& message, const std::string& hint,
                          std::int64_t retry_after_ms) {
      const jarvis_error error{sizeof(error), status, sdk::borrow(message), sdk::borrow(hint),
                               retry_after_ms};
      reply->error(reply->context, &error);
      return status;
    };
    const auto service = services.find(name);
    if (service == services.end()) return fail(JARVIS_REFUSED, "no service '" + name + "'", "", 0);
    try {
      const std::string text =
          json::serialize(service->second(sdk::parse_object(request, "request")));
      reply->result(reply->context, sdk::borrow(text));
      return JARVIS_OK;
    } catch (const sdk::Failure& failure) {
      return fail(failure.status(), failure.what(), failure.hint(), failure.retry_after_ms());
    }
  }

  jarvis_host host_{};
};

/** A plugin's real shared object, loaded as the host loads it, without the host's checks of
 * manifest and digest. The library stays loaded until the program ends. Calls may come from many
 * threads, each with a FakeHost of its own, as far as the interface allows it. */
class LoadedPlugin {
 public:
  /** Opens `file` and calls its init, whose host offers neither services nor settings. Throws
   * std::runtime_error with the loader's words, or when init fails. */
  explicit LoadedPlugin(const std::string& file) {
    library_ = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library_) throw std::runtime_error(dlerror());
    plugin_ = static_cast<const jarvis_plugin*>(dlsym(library_, JARVIS_ENTRY_SYMBOL));
    if (!plugin_) throw std::runtime_error(file + " exports no " JARVIS_ENTRY_SYMBOL);
    Answer answer;
    const jarvis_reply reply = sink(answer);
    if (plugin_->init(host_.get(), &reply, &self_) != JARVIS_OK)
      throw std::runtime_error("init failed: " + answer.message);
  }
  ~LoadedPlugin() {
    if (plugin_->deinit) plugin_->deinit(self_);
  }
  LoadedPlugin(const LoadedPlugin&) = delete;
  LoadedPlugin& operator=(const LoadedPlugin&) = delete;

  /** The entry symbol's value. */
  const jarvis_plugin& entry() const { return *plugin_; }

  /** The functions of an interface: `of<jarvis_edit_applier_1>(JARVIS_EDIT_APPLIER_1)`. Throws
   * std::runtime_error when the plugin does not offer it. The table is the plugin's own. */
  template <class Table>
  const Table& of(const char* interface_id) const {
    const void* table = plugin_->get_interface(self_, sdk::borrow(interface_id));
    if (!table) throw std::runtime_error(std::string("no interface ") + interface_id);
    return *static_cast<const Table*>(table);
  }

  /** Calls a function of one of the tables. Throws sdk::Failure when it gives a result that is no
   * JSON object. */
  Answer call(jarvis_function function, const json::object& request, FakeHost& host) const {
    return call_text(function, json::serialize(request), host);
  }

  /** As call, with request bytes that need not be JSON. */
  Answer call_text(jarvis_function function, const std::string& request, FakeHost& host) const {
    Answer answer;
    const jarvis_reply reply = sink(answer);
    answer.status = function(self_, host.get(), sdk::borrow(request), &reply);
    return answer;
  }

 private:
  static jarvis_reply sink(Answer& answer) {
    return {sizeof(jarvis_reply), 0, &answer,
            [](void* self, jarvis_str text) {
              static_cast<Answer*>(self)->result = sdk::parse_object(sdk::view(text), "result");
            },
            [](void* self, const jarvis_error* error) {
              static_cast<Answer*>(self)->message = std::string(sdk::view(error->message));
              static_cast<Answer*>(self)->hint = std::string(sdk::view(error->hint));
            }};
  }

  void* library_ = nullptr;
  const jarvis_plugin* plugin_ = nullptr;
  void* self_ = nullptr;
  FakeHost host_;
};

}  // namespace jarvis::testing
