#pragma once

#include <filesystem>
#include <fstream>
#include <jarvis/sdk/plugin.hpp>

/** The applier that the plugins of this folder break: puts payload.text into a file of an agent. */
class NoteApplier : public jarvis::sdk::EditApplier {
 public:
  void validate(const jarvis::sdk::EditRequest& request, const jarvis::sdk::Host&) override {
    jarvis::sdk::required_string(request.payload, "text");
    const std::string agent = jarvis::sdk::required_string(request.payload, "agent");
    if (agent.find_first_not_of("abcdefghijklmnopqrstuvwxyz") != std::string::npos)
      throw jarvis::sdk::invalid("field 'payload.agent' is no name of an agent");
  }

  jarvis::sdk::EditResult apply(const jarvis::sdk::EditRequest& request,
                                const jarvis::sdk::Host& host) override {
    validate(request, host);
    return write(request, jarvis::sdk::required_string(request.payload, "text"));
  }

 protected:
  static jarvis::sdk::EditResult write(const jarvis::sdk::EditRequest& request,
                                       const std::string& text) {
    const std::string file =
        "agents/" + jarvis::sdk::required_string(request.payload, "agent") + "/note.md";
    const std::filesystem::path path = std::filesystem::path(request.home) / file;
    std::error_code ignored;
    std::filesystem::create_directories(path.parent_path(), ignored);
    std::ofstream(path, std::ios::binary) << text;
    return {{file}, "a note"};
  }
};
