#include "tests/plugin_check/note_applier.hpp"

namespace {

class CountsItsEdits : public NoteApplier {
 public:
  jarvis::sdk::EditResult apply(const jarvis::sdk::EditRequest& request,
                                const jarvis::sdk::Host& host) override {
    validate(request, host);
    return write(request, "note " + std::to_string(++count_));
  }

 private:
  int count_ = 0;
};

}  // namespace

JARVIS_PLUGIN(CountsItsEdits, "counts_its_edits", "1.0.0")
