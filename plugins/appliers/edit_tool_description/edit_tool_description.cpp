#include <jarvis/text/file_edit.hpp>
#include <jarvis/text/names.hpp>
#include <jarvis/text/student_settings.hpp>
#include <jarvis/text/tool_descriptions.hpp>

namespace {

namespace sdk = jarvis::sdk;
namespace text = jarvis::text;

class EditToolDescription : public text::FileEditApplier {
 protected:
  text::FileEdit edited(const sdk::EditRequest& request) const override {
    const std::string tool = text::require_name(request.payload, "tool_name");
    const std::string description = text::require_text(request.payload, "new_description");
    text::require_tool_description(description, "payload.new_description");
    auto present = text::read_staged_file(request.home, text::kDescriptionsFile);
    auto document =
        text::TomlDocument::parse(std::move(present).value_or(""), text::kDescriptionsFile);
    text::set_tool_description(document, tool, description);
    return {text::kDescriptionsFile, document.text(),
            "tool '" + tool + "' gets another description"};
  }
};

}  // namespace

JARVIS_PLUGIN(EditToolDescription, "edit-tool-description", "0.1.0")
