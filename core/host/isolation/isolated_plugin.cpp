#include "core/host/isolation/isolated_plugin.hpp"

#include <algorithm>
#include <mutex>

#include "core/host/isolation/worker.hpp"
#include "core/host/library_file.hpp"

namespace jarvis {

namespace {

class IsolatedPlugin : public Plugin {
 public:
  IsolatedPlugin(Manifest manifest, json::object settings, IsolationLimits limits,
                 std::unique_ptr<Worker> first)
      : manifest_(std::move(manifest)),
        settings_(std::move(settings)),
        limits_(std::move(limits)),
        functions_(first->functions()) {
    idle_.push_back(std::move(first));
  }

  const Manifest& manifest() const override { return manifest_; }

  bool offers(PluginFunction function) const override {
    return std::find(functions_.begin(), functions_.end(), function) != functions_.end();
  }

  Result<json::object> call(PluginFunction function, const json::object& request,
                            const CallContext& context) const override {
    if (!offers(function))
      return plugin_refusal(manifest_, "it does not offer '" + std::string(to_string(function)) +
                                           "' (" + interface_of(function) + ")");
    auto worker = take();
    if (!worker) return worker.error();
    auto answer = (*worker)->call(function, request, context);
    if (function == PluginFunction::edit_apply)
      end_idle();
    else if ((*worker)->is_sound())
      give_back(std::move(*worker));
    return answer;
  }

 private:
  Result<std::unique_ptr<Worker>> take() const {
    while (auto worker = take_idle())
      if (!worker->has_ended()) return worker;
    return Worker::start(manifest_, settings_, limits_);
  }

  std::unique_ptr<Worker> take_idle() const {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return nullptr;
    auto worker = std::move(idle_.back());
    idle_.pop_back();
    return worker;
  }

  // Nothing of the plugin's runs on while the edit that it made is judged and measured.
  void end_idle() const {
    while (take_idle())
      ;
  }

  void give_back(std::unique_ptr<Worker> worker) const {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(worker));
  }

  const Manifest manifest_;
  const json::object settings_;
  const IsolationLimits limits_;
  const std::vector<PluginFunction> functions_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Worker>> idle_;
};

}  // namespace

Result<std::unique_ptr<Plugin>> isolate_plugin(const Manifest& manifest,
                                               const json::object& settings,
                                               const IsolationLimits& limits) {
  IsolationLimits own = limits;
  const auto& provides = manifest.provides;
  if (std::none_of(provides.begin(), provides.end(), [](const Provided& provided) {
        return provided.interface == JARVIS_EDIT_APPLIER_1;
      }))
    own.writable.clear();
  auto first = Worker::start(manifest, settings, own);
  if (!first) return first.error();
  return std::unique_ptr<Plugin>(
      std::make_unique<IsolatedPlugin>(manifest, settings, own, std::move(*first)));
}

}  // namespace jarvis
