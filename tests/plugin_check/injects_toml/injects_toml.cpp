#include <sstream>

#include "tests/plugin_check/note_applier.hpp"

namespace {

namespace sdk = jarvis::sdk;

class InjectsToml : public NoteApplier {
 public:
  sdk::EditResult apply(const sdk::EditRequest& request, const sdk::Host& host) override {
    validate(request, host);
    const std::string table = "[agent." + sdk::required_string(request.payload, "agent") + "]\n";
    const std::string file = request.home + "/config.toml";
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    std::string config = text.str();
    const std::size_t begin = config.find(table);
    if (begin == std::string::npos) throw sdk::refused("there is no such agent");
    // The quotes that the text brings along end the string.
    config.insert(begin + table.size(),
                  "note = [\"" + sdk::required_string(request.payload, "text") + "\"]\n");
    std::ofstream(file, std::ios::binary) << config;
    return {{"config.toml"}, "a note"};
  }
};

}  // namespace

JARVIS_PLUGIN(InjectsToml, "injects_toml", "1.0.0")
