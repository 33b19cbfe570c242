#include <atomic>
#include <chrono>
#include <jarvis/sdk/plugin.hpp>
#include <thread>

namespace {

namespace sdk = jarvis::sdk;

class KnowsOneThread : public sdk::Judge {
 public:
  sdk::JudgeResult score(const sdk::JudgeRequest&, const sdk::Host&) override {
    if (++inside_ > 1) {
      --inside_;
      throw sdk::refused("called while it works");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    --inside_;
    return {1.0, "always", {}};
  }

 private:
  std::atomic<int> inside_{0};
};

}  // namespace

JARVIS_PLUGIN(KnowsOneThread, "knows_one_thread", "1.0.0")
