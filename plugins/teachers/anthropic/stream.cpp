#include "plugins/teachers/anthropic/stream.hpp"

#include "plugins/shared/event_stream.hpp"

namespace jarvis::anthropic {

namespace {

/** A content block on its way. A tool's input comes as pieces of its text. */
struct Block {
  json::object value;
  std::string input;

  void add(const json::object& delta) {
    const std::string type = sdk::optional_string(delta, "type");
    if (type == "input_json_delta") {
      input += sdk::optional_string(delta, "partial_json");
      return;
    }
    for (const char* key : {"text", "thinking", "signature"})
      shared::append_text(value, delta, key);
  }

  json::object whole() && {
    if (!input.empty()) {
      const json::value text(input);
      value["input"] = shared::arguments_of(&text);
    }
    return std::move(value);
  }
};

void merge(json::object& whole, const json::object& part) {
  for (const auto& [name, value] : part)
    if (!value.is_null()) whole[name] = value;
}

Block& block_at(std::vector<Block>& blocks, const json::object& event) {
  const std::int64_t index = sdk::optional_integer(event, "index", -1);
  if (index < 0 || index > static_cast<std::int64_t>(blocks.size()))
    throw shared::unreadable("a block out of order", json::serialize(event));
  if (index == static_cast<std::int64_t>(blocks.size())) blocks.emplace_back();
  return blocks[static_cast<std::size_t>(index)];
}

}  // namespace

json::object reply_of(const std::vector<json::object>& events) {
  json::object reply, usage;
  std::vector<Block> blocks;
  for (const json::object& event : events) {
    const std::string type = sdk::optional_string(event, "type");
    if (type == "error")
      throw sdk::retryable("the provider broke off its answer: " +
                           shared::provider_text(json::serialize(event)));
    if (type == "message_start") {
      reply = sdk::optional_object(event, "message");
      merge(usage, sdk::optional_object(reply, "usage"));
    } else if (type == "content_block_start") {
      block_at(blocks, event).value = sdk::optional_object(event, "content_block");
    } else if (type == "content_block_delta") {
      block_at(blocks, event).add(sdk::optional_object(event, "delta"));
    } else if (type == "message_delta") {
      merge(reply, sdk::optional_object(event, "delta"));
      merge(usage, sdk::optional_object(event, "usage"));
    }
  }
  if (reply.empty()) throw shared::unreadable("no message in it", "");
  json::array content;
  for (Block& block : blocks) content.push_back(std::move(block).whole());
  reply["content"] = std::move(content);
  if (!usage.empty()) reply["usage"] = std::move(usage);
  return reply;
}

}  // namespace jarvis::anthropic
