#include "plugins/students/chat/notes.hpp"
#include "plugins/students/chat/tool.hpp"

namespace jarvis::chat {

namespace {

constexpr std::size_t kMostPassages = 5;
constexpr std::size_t kLongestQuery = 2000;

std::string found_in_notes(const json::object& arguments, const ToolContext& context) {
  const std::string query = sdk::optional_string(arguments, "query");
  if (query.empty()) throw sdk::invalid("'query' is missing");
  if (query.size() > kLongestQuery)
    throw sdk::invalid("the query is longer than " + std::to_string(kLongestQuery) + " bytes");
  std::string text;
  for (const Passage& passage :
       best_passages(passages_of_notes(context.request.home), query, kMostPassages))
    text += (text.empty() ? "" : "\n\n") + passage.file + ":" + std::to_string(passage.line) +
            "\n" + passage.text;
  return text.empty() ? "no note holds any of these words" : text;
}

}  // namespace

const Tool kMemorySearch{"memory_search",
                         "Search the notes about the user and earlier conversations for words.",
                         [] { return one_text("query", "The words to look for"); }, found_in_notes};

}  // namespace jarvis::chat
