#include "tests/plugin_check/note_applier.hpp"

namespace {

class LeavesTheHome : public NoteApplier {
 public:
  void validate(const jarvis::sdk::EditRequest& request, const jarvis::sdk::Host&) override {
    jarvis::sdk::required_string(request.payload, "agent");
    jarvis::sdk::required_string(request.payload, "text");
  }
};

}  // namespace

JARVIS_PLUGIN(LeavesTheHome, "leaves_the_home", "1.0.0")
