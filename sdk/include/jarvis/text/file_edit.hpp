#pragma once

#include <jarvis/sdk/plugin.hpp>
#include <jarvis/text/prompt.hpp>
#include <jarvis/text/staged_file.hpp>
#include <jarvis/text/toml_document.hpp>
#include <string>

namespace jarvis::text {

/** What an edit makes of one file of the home. */
struct FileEdit {
  std::string file;     ///< relative to the home
  std::string text;     ///< all of the new text
  std::string summary;  ///< one line for a person, as EditResult::summary
};

/** An applier that changes one file. `edited` computes the new text and writes nothing; validate
 * and apply both call it, so that validate refuses exactly what apply would. */
class FileEditApplier : public sdk::EditApplier {
 public:
  /** As `edited`, whose result is dropped. */
  void validate(const sdk::EditRequest& request, const sdk::Host&) final { edited(request); }

  /** Writes what `edited` gives; throws as it and write_staged_file do. */
  sdk::EditResult apply(const sdk::EditRequest& request, const sdk::Host&) final {
    const FileEdit edit = edited(request);
    write_staged_file(request.home, edit.file, edit.text);
    return {{edit.file}, edit.summary};
  }

 protected:
  /** The edit of one file. Reads request.home, writes nothing. Throws sdk::Failure for everything
   * that cannot be applied, "no change: …" included. Called twice for one edit: it must come to the
   * same. */
  virtual FileEdit edited(const sdk::EditRequest& request) const = 0;
};

/** The home's config.toml. Throws JARVIS_REFUSED when there is none or it is a link, JARVIS_INVALID
 * when it is not TOML. */
TomlDocument read_staged_config(const std::string& home);

/** The edit that sets a number of the home's config.toml; `config` is changed, no file is. Throws
 * JARVIS_REFUSED ("no change: …") where it has that value already, also as the other kind of
 * number, and as TomlDocument::set does. */
FileEdit set_number(TomlDocument& config, const TomlPath& place, const json::value& number);

/** As agent_prompt, of a staged home, without following links. */
AgentPrompt staged_prompt(const std::string& home, const std::string& agent);

/** The edit that makes `prompt` the system prompt of the agent that `present` is of: of its file,
 * or of its key in config.toml. Writes nothing; throws as read_staged_config and TomlDocument. */
FileEdit prompt_edit(const std::string& home, const AgentPrompt& present, const std::string& prompt,
                     std::string summary);

/** The model named at `field` of the payload: 1 to 200 of letters, digits and `._:/@+-`. Throws
 * JARVIS_INVALID for anything else. */
std::string require_model(const json::object& payload, std::string_view field);

}  // namespace jarvis::text
