#include "plugins/students/chat/tool.hpp"

namespace jarvis::chat {

const Tool kThink{"think", "Write down a thought before answering. Nobody else sees it.",
                  [] { return one_text("thought", "What to think about"); },
                  [](const json::object&, const ToolContext&) { return std::string("noted"); }};

}  // namespace jarvis::chat
