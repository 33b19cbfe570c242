#include "core/host/loaded_plugin.hpp"

#include <jarvis/abi/plugin.h>
#include <spdlog/spdlog.h>

#include <jarvis/sdk/host.hpp>

#include "core/host/library_file.hpp"
#include "core/host/reply.hpp"

#define BOOST_DLL_USE_STD_FS
#include <dlfcn.h>

#include <boost/dll/shared_library.hpp>
#include <deque>
#include <exception>
#include <mutex>

namespace jarvis {

namespace {

// What ABI 1.0 has. A later minor version appends, and its hosts load these plugins all the same.
constexpr std::uint32_t kSizeIn10 = offsetof(jarvis_plugin, get_interface) + sizeof(void*);

std::string name_in(jarvis_str text) {
  return std::string(sdk::view(text));
}

/** A library that is never closed: code of it may still be on another thread's stack, or registered
 * to run, when the program ends. */
boost::dll::shared_library& library_for_ever() {
  static std::mutex mutex;
  static auto& libraries = *new std::deque<boost::dll::shared_library>();
  const std::lock_guard lock(mutex);
  return libraries.emplace_back();
}

/** The host as one call sees it: a jarvis_host whose context is this object. */
class CallHost {
 public:
  CallHost(const Manifest& manifest, const json::object& settings, const CallContext& context)
      : manifest_(manifest), settings_(settings), context_(context) {}

  jarvis_host view() {
    return {sizeof(jarvis_host),
            JARVIS_ABI_MINOR,
            this,
            [](void* self, std::int32_t level, jarvis_str message) {
              log_of_plugin(of(self).manifest_.id, level, sdk::view(message));
            },
            [](void* self) -> std::int32_t {
              const auto& cancelled = of(self).context_.cancelled;
              return cancelled && cancelled() ? 1 : 0;
            },
            [](void* self, const jarvis_reply* reply) {
              return give_result(*reply, of(self).settings_);
            },
            [](void* self, jarvis_str service, jarvis_str request, const jarvis_reply* reply) {
              return of(self).serve(service, request, *reply);
            }};
  }

 private:
  static CallHost& of(void* self) { return *static_cast<CallHost*>(self); }

  // The caller may be C code: nothing may be thrown through it.
  jarvis_status serve(jarvis_str service, jarvis_str request, const jarvis_reply& reply) noexcept {
    try {
      if (!context_.services)
        return give_error(reply, {ErrorKind::refused,
                                  "service '" + name_in(service) + "' is not offered here", ""});
      const auto answer =
          context_.services(name_in(service), sdk::parse_object(sdk::view(request), "request"));
      return answer ? give_result(reply, *answer) : give_error(reply, answer.error());
    } catch (const std::exception& error) {
      return give_error(reply, {ErrorKind::internal, error.what(), ""});
    }
  }

  const Manifest& manifest_;
  const json::object& settings_;
  const CallContext& context_;
};

class LoadedPlugin : public Plugin {
 public:
  LoadedPlugin(Manifest manifest, json::object settings)
      : manifest_(std::move(manifest)), settings_(std::move(settings)) {}

  ~LoadedPlugin() override {
    if (!self_ready_ || !entry_.deinit) return;
    try {
      entry_.deinit(self_);
    } catch (...) {
      spdlog::warn("plugin '{}' let an exception pass its border in deinit", manifest_.id);
    }
  }

  const Manifest& manifest() const override { return manifest_; }

  Result<void> open() {
    if (auto checked = check_library_file(manifest_); !checked) return checked;
    std::error_code error;
    library_ = &library_for_ever();
    library_->load(manifest_.library, error,
                   boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    if (error) {
      const char* cause = ::dlerror();
      return plugin_refusal(
          manifest_, "it cannot be opened: " + (cause ? std::string(cause) : error.message()),
          "build it for this machine and with every library that it needs");
    }
    const auto* entry = &library_->get<const jarvis_plugin>(JARVIS_ENTRY_SYMBOL);
    std::memcpy(&entry_, entry, std::min<std::size_t>(entry->struct_size, sizeof entry_));
    if (auto checked = check_entry(); !checked) return checked;
    if (auto started = start(); !started) return started;
    return check_promises();
  }

  bool offers(PluginFunction function) const override {
    return function_in(interface(interface_of(function)), function) != nullptr;
  }

  Result<json::object> call(PluginFunction function, const json::object& request,
                            const CallContext& context) const override {
    return call_text(function, json::serialize(request), context);
  }

  Result<json::object> call_text(PluginFunction function, const std::string& text,
                                 const CallContext& context) const {
    const jarvis_function found = function_in(interface(interface_of(function)), function);
    if (!found)
      return plugin_refusal(manifest_, "it does not offer '" + std::string(to_string(function)) +
                                           "' (" + interface_of(function) + ")");
    CallHost host(manifest_, settings_, context);
    const jarvis_host view = host.view();
    Reply reply;
    jarvis_status status = 0;
    try {
      status = found(self_, &view, sdk::borrow(text), reply.sink());
    } catch (...) {
      return Error{ErrorKind::internal,
                   "plugin '" + manifest_.id + "' let an exception pass its border",
                   "wrap its functions as the SDK's guard does"};
    }
    return reply.take(status, manifest_.id);
  }

 private:
  const void* interface(const char* interface_id) const {
    try {
      return entry_.get_interface(self_, sdk::borrow(interface_id));
    } catch (...) {
      return nullptr;
    }
  }

  Result<void> check_entry() const {
    if (entry_.struct_size < kSizeIn10 || entry_.magic != JARVIS_ABI_MAGIC)
      return plugin_refusal(manifest_, "its entry is not a jarvis_plugin",
                            "rebuild it against the SDK");
    if (entry_.abi_major != JARVIS_ABI_MAJOR)
      return plugin_refusal(manifest_,
                            "it speaks ABI " + std::to_string(entry_.abi_major) +
                                ", this host speaks " + std::to_string(JARVIS_ABI_MAJOR),
                            "get a version of the plugin for this host");
    if (name_in(entry_.id) != manifest_.id || name_in(entry_.version) != manifest_.version)
      return plugin_refusal(manifest_,
                            "its manifest lies: it says " + manifest_.id + " " + manifest_.version +
                                ", the library says " + name_in(entry_.id) + " " +
                                name_in(entry_.version),
                            "make plugin.toml and JARVIS_PLUGIN agree");
    if (!entry_.init || !entry_.get_interface)
      return plugin_refusal(manifest_, "its entry lacks init or get_interface",
                            "rebuild it against the SDK");
    return {};
  }

  Result<void> start() {
    const CallContext nothing;
    CallHost host(manifest_, settings_, nothing);
    const jarvis_host view = host.view();
    Reply reply;
    jarvis_status status = 0;
    try {
      status = entry_.init(&view, reply.sink(), &self_);
    } catch (...) {
      return plugin_refusal(manifest_, "its init let an exception pass the border",
                            "wrap its functions as the SDK's guard does");
    }
    if (status != JARVIS_OK) {
      const std::string message = reply.message();
      return plugin_refusal(manifest_, "its init failed" + (message.empty() ? "" : ": " + message));
    }
    self_ready_ = true;
    return {};
  }

  Result<void> check_promises() const {
    for (const Provided& provided : manifest_.provides)
      if (!interface(provided.interface.c_str()))
        return plugin_refusal(
            manifest_, "its manifest lies: the library does not offer '" + provided.interface + "'",
            "take it out of [[provides]] or implement it");
    return {};
  }

  Manifest manifest_;
  json::object settings_;
  boost::dll::shared_library* library_ = nullptr;
  jarvis_plugin entry_{};
  void* self_ = nullptr;
  bool self_ready_ = false;
};

}  // namespace

Result<std::unique_ptr<Plugin>> load_plugin(const Manifest& manifest,
                                            const json::object& settings) try {
  auto plugin = std::make_unique<LoadedPlugin>(manifest, settings);
  if (auto opened = plugin->open(); !opened) return opened.error();
  return std::unique_ptr<Plugin>(std::move(plugin));
} catch (const std::exception& error) {
  return plugin_refusal(manifest, error.what());
}

Result<json::object> call_with_text(const Plugin& plugin, PluginFunction function,
                                    const std::string& request, const CallContext& context) {
  const auto* loaded = dynamic_cast<const LoadedPlugin*>(&plugin);
  if (!loaded)
    return Error{ErrorKind::internal,
                 "plugin '" + plugin.manifest().id + "' is not loaded in this process", ""};
  return loaded->call_text(function, request, context);
}

}  // namespace jarvis
