#include <jarvis/sdk/plugin.hpp>

namespace {

namespace sdk = jarvis::sdk;

/** Declines every edit: no data for training is kept, and a checkpoint holds no weights to go back
 * to. */
class LoraFinetune : public sdk::EditApplier {
 public:
  void validate(const sdk::EditRequest&, const sdk::Host&) override { decline(); }
  sdk::EditResult apply(const sdk::EditRequest&, const sdk::Host&) override { decline(); }

 private:
  [[noreturn]] static void decline() {
    throw sdk::refused("lora_finetune is not supported in this version",
                       "training would need several hundred prompt/answer pairs whose answers were "
                       "liked or checked, a "
                       "held-out part of them, the weights and chat template of the base model, "
                       "and a machine to train on; "
                       "propose a prompt, routing or parameter edit instead");
  }
};

}  // namespace

JARVIS_PLUGIN(LoraFinetune, "lora-finetune", "0.1.0")
