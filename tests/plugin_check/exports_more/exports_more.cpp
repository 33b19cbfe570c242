#include "tests/plugin_check/note_applier.hpp"

extern "C" __attribute__((visibility("default"))) int helper_of_exports_more();
extern "C" int helper_of_exports_more() {
  return 1;
}

JARVIS_PLUGIN(NoteApplier, "exports_more", "1.0.0")
