#include "tests/plugin_check/note_applier.hpp"

namespace {

class LoopsInApply : public NoteApplier {
 public:
  jarvis::sdk::EditResult apply(const jarvis::sdk::EditRequest&,
                                const jarvis::sdk::Host& host) override {
    for (volatile bool on = true; on;) host.cancelled();
    return {};
  }
};

}  // namespace

JARVIS_PLUGIN(LoopsInApply, "loops_in_apply", "1.0.0")
