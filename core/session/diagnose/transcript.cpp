#include "core/session/diagnose/transcript.hpp"

#include <algorithm>

#include "core/base/json_text.hpp"

namespace jarvis {

namespace json = boost::json;

namespace {

constexpr std::size_t kShownLength = 20000;
constexpr std::size_t kWorthLeavingOut = 400;
constexpr char kScores[] = "compare_outputs";
// English and JSON have more bytes to a token; too few tokens left is worse than a result that is
// asked for twice.
constexpr std::int64_t kBytesPerToken = 3;

/** `size` bytes of the text from `offset` on, cut between characters. */
std::string piece(const std::string& text, std::size_t offset, std::size_t size) {
  std::string cut = shortened(text.substr(offset), size);
  if (offset + size < text.size()) cut.resize(cut.size() - std::string("…").size());
  return cut;
}

std::string page(const std::string& name, const std::string& text, std::size_t offset) {
  const std::string shown = piece(text, offset, kShownLength);
  const std::size_t end = offset + shown.size();
  json::object object{
      {"result", name}, {"offset", offset}, {"total_bytes", text.size()}, {"text", shown}};
  if (end < text.size())
    object["more"] = "call read_more with this result and offset " + std::to_string(end);
  return json::serialize(object);
}

}  // namespace

sdk::ToolDefinition read_more_tool() {
  return {"read_more",
          "Read on in a tool result that was too long to be shown whole, or see one again that was "
          "left out.",
          {{"type", "object"},
           {"properties",
            {{"result", {{"type", "string"}, {"description", "its name, such as result-7"}}},
             {"offset", {{"type", "integer"}, {"minimum", 0}}}}},
           {"required", json::array{"result"}}}};
}

Transcript::Transcript(sdk::GenerateRequest first, std::int64_t window_tokens)
    : request_(std::move(first)), window_tokens_(window_tokens) {}

void Transcript::add_results(const std::vector<sdk::ToolCall>& calls,
                             std::vector<sdk::ToolResult> results) {
  for (std::size_t i = 0; i < results.size(); ++i) {
    Kept kept{"result-" + std::to_string(results_.size() + 1), calls[i].name,
              std::move(results[i].content), request_.messages.size(), i};
    results[i].content =
        kept.text.size() > kShownLength ? page(kept.name, kept.text, 0) : kept.text;
    results_.push_back(std::move(kept));
  }
  request_.messages.push_back({"tool", "", {}, std::move(results), {}});
}

Result<std::string> Transcript::read_more(const json::object& arguments) const {
  const std::string name = sdk::optional_string(arguments, "result");
  const auto found = std::find_if(results_.begin(), results_.end(),
                                  [&](const Kept& kept) { return kept.name == name; });
  if (found == results_.end())
    return Error{ErrorKind::invalid, "there is no result '" + name + "'", ""};
  const auto offset = sdk::optional_integer(arguments, "offset", 0);
  if (offset < 0 || static_cast<std::size_t>(offset) > found->text.size())
    return Error{ErrorKind::invalid,
                 "offset " + std::to_string(offset) + " is not in '" + name + "', which has " +
                     std::to_string(found->text.size()) + " bytes",
                 ""};
  auto start = static_cast<std::size_t>(offset);
  while (start > 0 && start < found->text.size() &&
         (static_cast<unsigned char>(found->text[start]) & 0xC0) == 0x80)
    --start;
  return page(name, found->text, start);
}

const sdk::GenerateRequest& Transcript::request(bool may_call_tools) {
  request_.may_call_tools = may_call_tools;
  while (!fits() && (leave_out_oldest(false) || leave_out_oldest(true))) {
  }
  return request_;
}

bool Transcript::fits() const {
  const auto bytes = static_cast<std::int64_t>(json::serialize(sdk::to_json(request_)).size());
  return bytes / kBytesPerToken + request_.max_output_tokens <= window_tokens_;
}

// The results of the newest message are what the teacher is about to read.
bool Transcript::leave_out_oldest(bool scores_too) {
  for (Kept& kept : results_) {
    std::string& content = request_.messages[kept.message].tool_results[kept.place].content;
    if (kept.left_out || kept.message + 1 == request_.messages.size() ||
        content.size() < kWorthLeavingOut || (kept.tool == kScores && !scores_too))
      continue;
    content = json::serialize(json::object{
        {"left_out", "this result of " + kept.tool + " (" + std::to_string(kept.text.size()) +
                         " bytes) made room for newer ones; read_more shows it again"},
        {"result", kept.name}});
    kept.left_out = true;
    return true;
  }
  return false;
}

}  // namespace jarvis
