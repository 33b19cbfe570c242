#include "core/home/traces/exchange/otlp_format.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <functional>
#include <vector>

#include "core/home/traces/exchange/json_reading.hpp"
#include "core/home/traces/exchange/span_trees.hpp"

namespace jarvis {

namespace {

using Code = boost::system::error_code;
using Text = json::string_view;

constexpr std::size_t kLongestKey = 4096;

/** Builds each span of a document as JSON and passes over all else. */
class SpanHandler {
 public:
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = kLongestKey;
  static constexpr std::size_t max_string_size = std::size_t(-1);

  std::function<void(const json::object&)> take;
  bool has_spans = false;

  /** For the next document. */
  void reset() {
    stack_.reset();
    has_spans = building_ = may_build_ = false;
    lists_.clear();
    key_.clear();
    key_part_.clear();
  }

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) {
    if (building_) return ++inner_, true;
    if (lists_.size() == 3 && may_build_) {
      building_ = true;
      stack_.reset();
      bytes_ = 0;
      inner_ = 1;
    }
    may_build_ = false;
    return true;
  }
  bool on_object_end(std::size_t count, Code&) {
    if (!building_) return (may_build_ = false), true;
    stack_.push_object(count);
    if (--inner_ > 0) return true;
    building_ = false;
    may_build_ = true;
    take(stack_.release().as_object());
    return true;
  }
  bool on_array_begin(Code&) {
    if (building_) return true;
    lists_.push_back(key_);
    may_build_ = is_path_of_spans();
    has_spans = has_spans || (lists_.size() == 1 && key_ == "resourceSpans");
    return true;
  }
  bool on_array_end(std::size_t count, Code&) {
    if (building_)
      stack_.push_array(count);
    else
      lists_.pop_back(), may_build_ = false;
    return true;
  }
  bool on_key_part(Text text, std::size_t, Code&) {
    if (building_) return stack_.push_chars(text), true;
    key_part_.append(text.data(), text.size());
    return true;
  }
  bool on_key(Text text, std::size_t, Code& error) {
    if (building_) return stack_.push_key(text), grows(text.size(), error);
    key_ = std::move(key_part_);
    key_part_.clear();
    key_.append(text.data(), text.size());
    return true;
  }
  bool on_string_part(Text text, std::size_t, Code& error) {
    if (building_) stack_.push_chars(text);
    return grows(text.size(), error);
  }
  bool on_string(Text text, std::size_t, Code& error) {
    if (building_) stack_.push_string(text);
    return grows(text.size(), error);
  }
  bool on_number_part(Text, Code&) { return true; }
  bool on_int64(std::int64_t number, Text, Code& error) {
    if (building_) stack_.push_int64(number);
    return grows(0, error);
  }
  bool on_uint64(std::uint64_t number, Text, Code& error) {
    if (building_) stack_.push_uint64(number);
    return grows(0, error);
  }
  bool on_double(double number, Text, Code& error) {
    if (building_) stack_.push_double(number);
    return grows(0, error);
  }
  bool on_bool(bool value, Code& error) {
    if (building_) stack_.push_bool(value);
    return grows(0, error);
  }
  bool on_null(Code& error) {
    if (building_) stack_.push_null();
    return grows(0, error);
  }
  bool on_comment_part(Text, Code&) { return true; }
  bool on_comment(Text, Code&) { return true; }

 private:
  bool is_path_of_spans() const {
    return lists_.size() == 3 && lists_[0] == "resourceSpans" &&
           (lists_[1] == "scopeSpans" || lists_[1] == "instrumentationLibrarySpans") &&
           lists_[2] == "spans";
  }
  bool grows(std::size_t bytes, Code& error) {
    if (!building_) return true;
    bytes_ += bytes + sizeof(json::value);
    if (bytes_ <= kLongestLine) return true;
    error = json::error::array_too_large;
    return false;
  }

  json::value_stack stack_;
  bool building_ = false;
  bool may_build_ = false;  ///< directly within a list of spans
  int inner_ = 0;
  std::size_t bytes_ = 0;
  std::vector<std::string> lists_;  ///< the keys of the lists that are open
  std::string key_, key_part_;
};

using Parser = json::basic_parser<SpanHandler>;

json::parse_options options() {
  json::parse_options made;
  made.max_depth = kDeepestRecord;
  return made;
}

/** One pass over the input. */
class OtlpReading {
 public:
  OtlpReading(TextInput& input, const std::string& agent, RowSink& sink)
      : input_(input), sink_(sink), trees_(sink, agent), parser_(options()) {
    begin_document();
  }

  void run() {
    for (std::string_view piece = next_piece(); !piece.empty() && !sink_.stopped();
         piece = next_piece()) {
      if (skipping_ && !(at_line_begin_ && piece.front() == '{'))
        take(piece.size());
      else
        skipping_ = false, read(piece);
    }
    if (in_document_) sink_.bad(input_.line_number(), "the document ends too early");
    trees_.finish();
  }

 private:
  /** No further than to the end of a line, so that the line's number is known. */
  std::string_view next_piece() {
    const std::string_view all = input_.available();
    return all.substr(0,
                      all.find('\n') == std::string_view::npos ? all.size() : all.find('\n') + 1);
  }

  void take(std::size_t bytes) {
    if (bytes == 0) return;
    at_line_begin_ = input_.available()[bytes - 1] == '\n';
    input_.take(bytes);
  }

  void read(std::string_view piece) {
    if (!in_document_) {
      const std::size_t begin = std::min(piece.find_first_not_of(" \t\r\n"), piece.size());
      take(begin);
      piece.remove_prefix(begin);
      if (piece.empty()) return;
      in_document_ = true;
    }
    Code error;
    const std::size_t used = parser_.write_some(true, piece.data(), piece.size(), error);
    const std::int64_t line = input_.line_number();
    const bool done = !error && parser_.done();
    take(std::min(used, piece.size()));
    if (error) {
      sink_.bad(line, reason(error));
      skipping_ = true;
    } else if (done && !parser_.handler().has_spans) {
      sink_.bad(line, "it has no 'resourceSpans'");
    }
    if (error || done) begin_document();
  }

  static std::string reason(const Code& error) {
    if (error == json::error::array_too_large) return "a span is larger than 64 MB";
    if (error == json::error::too_deep)
      return "it nests deeper than " + std::to_string(kDeepestRecord) + " levels";
    return "it is not JSON: " + error.message();
  }

  void begin_document() {
    parser_.reset();
    parser_.handler().reset();
    parser_.handler().take = [this](const json::object& object) {
      auto span = span_of(object);
      if (!span) return sink_.bad(input_.line_number(), span.error().message);
      span->line = input_.line_number();
      trees_.add(*std::move(span));
    };
    in_document_ = false;
  }

  TextInput& input_;
  RowSink& sink_;
  SpanTrees trees_;
  Parser parser_;
  bool in_document_ = false;
  bool skipping_ = false;
  bool at_line_begin_ = true;
};

}  // namespace

void read_otlp(TextInput& input, const std::string& agent_if_absent, RowSink& sink) {
  OtlpReading(input, agent_if_absent, sink).run();
}

}  // namespace jarvis
