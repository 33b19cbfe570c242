#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace jarvis {

/** Told a text, a piece at a time. */
using Heard = std::function<void(const std::string& text)>;

/** Takes the answer's text out of a stream of events as it comes: lines of JSON, with or without
 * "data:" before them. What is no such event is passed over. */
class LiveText {
 public:
  /** `pointer` is a JSON pointer to the text in each event. `heard` may be empty. */
  LiveText(std::string pointer, Heard heard);

  void add(std::string_view bytes);
  /** Whether anything was handed on: what was heard cannot be taken back. */
  bool was_heard() const { return was_heard_; }

 private:
  void take_line(std::string_view line);

  std::string pointer_;
  Heard heard_;
  std::string line_;
  bool was_heard_ = false;
};

}  // namespace jarvis
