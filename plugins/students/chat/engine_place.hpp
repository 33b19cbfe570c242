#pragma once

#include <jarvis/text/toml_document.hpp>
#include <string>

namespace jarvis::chat {

/** Who serves the student's model, where, and in which words it is spoken to. */
struct EnginePlace {
  enum class Protocol { completions, ollama };

  std::string name;      ///< as a home writes it: "ollama", "vllm"; never empty
  std::string base_url;  ///< what the protocol's paths are put behind; no slash at its end
  Protocol protocol = Protocol::completions;
};

/** The home's engine. It listens at `base_url`, else where the home says, else, for Ollama, where
 * `ollama_host` says (the variable OLLAMA_HOST; may be empty), else at its usual address.
 *
 * Ollama is spoken to in its own protocol where the home's engine is "ollama", and where neither
 * the home nor `base_url` says anything. An address whose path names a version ("/v1") is always
 * one of the chat-completions protocol. Throws JARVIS_UNAVAILABLE when no address is known. */
EnginePlace engine_place(const text::TomlDocument& config, const std::string& base_url,
                         const std::string& ollama_host);

}  // namespace jarvis::chat
