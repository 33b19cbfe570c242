#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/model/result.hpp"

namespace jarvis {

inline constexpr std::size_t kLongestLine = std::size_t{64} << 20;

/** A file, or stdin, read from front to end: by lines, or as it comes. Holds no more of it than one
 * line. What it hands out is valid until the next call. */
class TextInput {
 public:
  /** "-" is stdin. */
  static Result<TextInput> open(const std::string& name);
  TextInput(TextInput&& other) noexcept;
  TextInput& operator=(TextInput&&) = delete;
  ~TextInput();

  /** The first bytes, at most `most`, without taking them. */
  std::string_view peek(std::size_t most);

  struct Line {
    std::string_view text;  ///< without its end and without a byte order mark
    std::int64_t number = 0;
    bool too_long = false;  ///< then without text
  };
  /** False at the end, and when reading fails. */
  bool next_line(Line& line);

  /** What comes next, at least one byte; empty at the end, and when reading fails. */
  std::string_view available();
  void take(std::size_t bytes);
  /** The number of the line that the next byte belongs to. */
  std::int64_t line_number() const { return line_; }

  /** Why reading failed; empty when it did not. */
  const std::string& failure() const { return failure_; }

 private:
  explicit TextInput(int file) : file_(file) {}
  bool read_more();
  std::string_view rest() const { return std::string_view(buffer_).substr(begin_); }
  void skip_byte_order_mark();

  int file_;
  std::string buffer_;
  std::size_t begin_ = 0;
  bool at_end_ = false;
  std::int64_t line_ = 1;
  std::string failure_;
};

}  // namespace jarvis
