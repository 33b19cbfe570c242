#include "core/host/plugin.hpp"

#include <spdlog/spdlog.h>

#include <jarvis/sdk/host.hpp>

#include "core/base/atomic_file.hpp"
#include "core/base/digest.hpp"
#include "core/host/reply.hpp"

#define BOOST_DLL_USE_STD_FS
#include <dlfcn.h>

#include <boost/dll/library_info.hpp>
#include <boost/dll/shared_library.hpp>
#include <deque>
#include <exception>
#include <mutex>

namespace jarvis {

namespace {

constexpr std::size_t kLibraryLimit = std::size_t{256} << 20;

Error refusal(const Manifest& manifest, const std::string& why, const std::string& hint = {}) {
  return {ErrorKind::refused, "plugin '" + manifest.id + "': " + why, hint};
}

std::string name_in(jarvis_str text) {
  return std::string(sdk::view(text));
}

void log_line(const std::string& id, std::int32_t level, jarvis_str message) {
  const auto text = sdk::view(message);
  switch (level) {
    case JARVIS_LOG_ERROR:
      spdlog::error("{}: {}", id, text);
      break;
    case JARVIS_LOG_WARNING:
      spdlog::warn("{}: {}", id, text);
      break;
    case JARVIS_LOG_INFO:
      spdlog::info("{}: {}", id, text);
      break;
    default:
      spdlog::debug("{}: {}", id, text);
  }
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
              log_line(of(self).manifest_.id, level, message);
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

class DynamicPlugin : public Plugin {
 public:
  DynamicPlugin(Manifest manifest, json::object settings)
      : manifest_(std::move(manifest)), settings_(std::move(settings)) {}

  ~DynamicPlugin() override {
    if (!self_ready_ || !entry_.deinit) return;
    try {
      entry_.deinit(self_);
    } catch (...) {
      spdlog::warn("plugin '{}' let an exception pass its border in deinit", manifest_.id);
    }
  }

  const Manifest& manifest() const override { return manifest_; }

  Result<void> open() {
    if (auto checked = check_file(); !checked) return checked;
    std::error_code error;
    library_ = &library_for_ever();
    library_->load(manifest_.library, error,
                   boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    if (error) {
      const char* cause = ::dlerror();
      return refusal(manifest_,
                     "it cannot be opened: " + (cause ? std::string(cause) : error.message()),
                     "build it for this machine and with every library that it needs");
    }
    const auto* entry = &library_->get<const jarvis_plugin>(JARVIS_ENTRY_SYMBOL);
    std::memcpy(&entry_, entry, std::min<std::size_t>(entry->struct_size, sizeof entry_));
    if (auto checked = check_entry(); !checked) return checked;
    if (auto started = start(); !started) return started;
    return check_promises();
  }

  Result<json::object> call(jarvis_function function, const json::object& request,
                            const CallContext& context) const override {
    if (!function) return refusal(manifest_, "it does not offer this function");
    CallHost host(manifest_, settings_, context);
    const jarvis_host view = host.view();
    const std::string text = json::serialize(request);
    Reply reply;
    jarvis_status status = 0;
    try {
      status = function(self_, &view, sdk::borrow(text), reply.sink());
    } catch (...) {
      return Error{ErrorKind::internal,
                   "plugin '" + manifest_.id + "' let an exception pass its border",
                   "wrap its functions as the SDK's guard does"};
    }
    return reply.take(status, manifest_.id);
  }

 private:
  const void* interface(const char* interface_id) const override {
    try {
      return entry_.get_interface(self_, sdk::borrow(interface_id));
    } catch (...) {
      return nullptr;
    }
  }

  /** What can be known without running any of its code. */
  Result<void> check_file() const {
    const auto bytes = read_file(manifest_.library, kLibraryLimit);
    if (!bytes)
      return refusal(manifest_, bytes.error().message, "build or install the plugin again");
    const std::string digest = sha256(*bytes);
    if (digest != manifest_.sha256)
      return refusal(
          manifest_,
          "'" + manifest_.library.string() + "' is not the file that its manifest names: sha256 " +
              digest.substr(0, 12) + "…, expected " + manifest_.sha256.substr(0, 12) + "…",
          "install the plugin again");
    try {
      boost::dll::library_info info(manifest_.library, true);
      const auto symbols = info.symbols();
      if (std::find(symbols.begin(), symbols.end(), JARVIS_ENTRY_SYMBOL) == symbols.end())
        return refusal(
            manifest_,
            "'" + manifest_.library.string() + "' exports no symbol '" JARVIS_ENTRY_SYMBOL "'",
            "export it with JARVIS_PLUGIN(Class, id, version)");
    } catch (const std::exception&) {
      return refusal(manifest_,
                     "'" + manifest_.library.string() + "' is no shared object that can be read",
                     "build or install the plugin again");
    }
    return {};
  }

  Result<void> check_entry() const {
    if (entry_.struct_size < sizeof(jarvis_plugin) || entry_.magic != JARVIS_ABI_MAGIC)
      return refusal(manifest_, "its entry is not a jarvis_plugin", "rebuild it against the SDK");
    if (entry_.abi_major != JARVIS_ABI_MAJOR)
      return refusal(manifest_,
                     "it speaks ABI " + std::to_string(entry_.abi_major) + ", this host speaks " +
                         std::to_string(JARVIS_ABI_MAJOR),
                     "get a version of the plugin for this host");
    if (name_in(entry_.id) != manifest_.id || name_in(entry_.version) != manifest_.version)
      return refusal(manifest_,
                     "its manifest lies: it says " + manifest_.id + " " + manifest_.version +
                         ", the library says " + name_in(entry_.id) + " " + name_in(entry_.version),
                     "make plugin.toml and JARVIS_PLUGIN agree");
    if (!entry_.init || !entry_.get_interface)
      return refusal(manifest_, "its entry lacks init or get_interface",
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
      return refusal(manifest_, "its init let an exception pass the border",
                     "wrap its functions as the SDK's guard does");
    }
    if (status != JARVIS_OK) {
      const std::string message = reply.message();
      return refusal(manifest_, "its init failed" + (message.empty() ? "" : ": " + message));
    }
    self_ready_ = true;
    return {};
  }

  Result<void> check_promises() const {
    for (const Provided& provided : manifest_.provides)
      if (!interface(provided.interface.c_str()))
        return refusal(manifest_,
                       "its manifest lies: the library does not offer '" + provided.interface + "'",
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
  auto plugin = std::make_unique<DynamicPlugin>(manifest, settings);
  if (auto opened = plugin->open(); !opened) return opened.error();
  return std::unique_ptr<Plugin>(std::move(plugin));
} catch (const std::exception& error) {
  return refusal(manifest, error.what());
}

}  // namespace jarvis
