#include "plugins/students/chat/text_file.hpp"
#include "plugins/students/chat/tool.hpp"

namespace jarvis::chat {

namespace {

constexpr std::size_t kMostBytes = 256 * 1024;

/** The one folder that the user opened for this tool. */
std::string root_of(const sdk::StudentRequest& request) {
  const std::string root = sdk::optional_string(request.settings, "read_root");
  if (root.empty())
    throw sdk::invalid(
        "no folder may be read: the user has set no [learning.distillation.student] read_root");
  const std::string real = root.front() == '/' ? resolved(root) : "";
  if (real.empty())
    throw sdk::invalid("[learning.distillation.student] read_root is no absolute path of a folder");
  return real;
}

/** Below the home lie keys, and the answers by which an edit is measured. */
void require_outside_of_home(const std::string& path, const std::string& shown,
                             const sdk::StudentRequest& request) {
  const std::string live = sdk::optional_string(request.settings, "live_home");
  for (const std::string& home : {live, request.home})
    if (const std::string real = home.empty() ? "" : resolved(home);
        !real.empty() && is_below(resolved(path), real))
      throw sdk::invalid("'" + shown + "' belongs to the assistant's own home, which is not read");
}

std::string content_of(const json::object& arguments, const ToolContext& context) {
  const std::string shown = sdk::optional_string(arguments, "path");
  if (shown.empty()) throw sdk::invalid("'path' is missing");
  const std::string root = root_of(context.request);
  const std::string path = shown.front() == '/' ? shown : root + "/" + shown;
  require_outside_of_home(path, shown, context.request);
  return text_file_below(root, path, shown, kMostBytes);
}

}  // namespace

const Tool kFileRead{
    "file_read", "Read a text file in the folder that the user opened for it.",
    [] { return one_text("path", "The file's path, relative to that folder or absolute"); },
    content_of};

}  // namespace jarvis::chat
