#include "core/budget/live_text.hpp"

#include <boost/json.hpp>

namespace jarvis {

namespace {

constexpr std::size_t kLongestEvent = 1 << 20;

}  // namespace

LiveText::LiveText(std::string pointer, Heard heard)
    : pointer_(std::move(pointer)), heard_(std::move(heard)) {}

void LiveText::add(std::string_view bytes) {
  if (!heard_ || pointer_.empty()) return;
  for (const char byte : bytes) {
    if (byte == '\n') {
      take_line(line_);
      line_.clear();
    } else if (line_.size() < kLongestEvent) {
      line_ += byte;
    }
  }
}

void LiveText::take_line(std::string_view line) {
  constexpr std::string_view kData = "data:";
  if (line.rfind(kData, 0) == 0) line.remove_prefix(kData.size());
  boost::system::error_code error;
  const boost::json::value event = boost::json::parse(line, error);
  if (error) return;
  const boost::json::value* const text = event.find_pointer(pointer_, error);
  if (error || !text || !text->is_string() || text->as_string().empty()) return;
  was_heard_ = true;
  heard_(std::string(text->as_string()));
}

}  // namespace jarvis
