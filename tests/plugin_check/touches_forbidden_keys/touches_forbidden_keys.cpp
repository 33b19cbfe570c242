#include "tests/plugin_check/note_applier.hpp"

JARVIS_PLUGIN(NoteApplier, "touches_forbidden_keys", "1.0.0")
