#pragma once

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "core/base/figures.hpp"
#include "core/base/visible_text.hpp"
#include "core/model/json.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** Where results go: tables and lines for people, or exactly one JSON document, on stdout; talk and
 * errors on stderr. Everything that came from traces, the teacher or files is shown with its
 * control characters escaped, so that no text can drive the terminal. */
class Output {
 public:
  struct Form {
    bool json = false;
    bool color = false;
    int width = 80;
    /** The text goes to a window: its width counts, whenever it changes, and what is wider is cut,
     * so that the text keeps its shape there. */
    bool in_window = false;
  };

  /** `stream` is borrowed. */
  explicit Output(Form form, std::FILE* stream = stdout) : form_(form), stream_(stream) {}

  /** Called before anything is written: what else stands on the terminal makes room. */
  void before_writing(std::function<void()> make_room) { make_room_ = std::move(make_room); }

  bool json() const { return form_.json; }

  /** Prints the document; only with --json. */
  void document(const json::object& document) const;
  /** Prints a text, broken into lines that fit the terminal and go on under where the text begins;
   * never with --json. */
  void line(const std::string& text = {}) const;
  /** Prints a text as it is, line for line; never with --json. */
  void verbatim(const std::string& text) const;
  /** A line of a heading. */
  void heading(const std::string& text) const;
  /** Columns as wide as their content; the last one is broken into lines that fit the terminal, and
   * stands below the others where too little room is left. Where those do not fit either, each cell
   * has a line of its own. */
  void table(const std::vector<std::string>& header,
             const std::vector<std::vector<std::string>>& rows) const;
  /** A unified diff, indented; coloured on a terminal. */
  void diff(const std::string& text, const std::string& indent = "    ") const;
  /** The error form of the chosen output, with the exit status that belongs to it. */
  int error(const Error& error) const;

  /** Writes bytes as they are, whatever the form. False from the first time on that they cannot be
   * written; finish() says why. */
  bool write(const std::string& bytes) const;
  /** Has what was written so far reach the terminal or file; false as write(). */
  bool flush() const;
  /** The exit status of a command that came to `status`: what could not be written is told and is a
   * failure, but for a reader who has gone, who wants no more of it. */
  int finish(int status) const;

 private:
  std::string painted(const std::string& text, const char* code) const;
  std::size_t columns() const;
  void put(const std::string& start, const std::string& text, const char* code = nullptr) const;
  void put_wrapped(const std::string& start, const std::string& text) const;
  void put_row(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths,
               const char* code) const;
  void put_record(const std::vector<std::string>& header,
                  const std::vector<std::string>& cells) const;

  Form form_;
  std::FILE* stream_;
  std::function<void()> make_room_;
  mutable int write_error_ = 0;  ///< errno of the first failure
};

/** {"error":{"code","message","hint"}}: also put into the document of a failed run. */
json::object error_json(const std::string& code, const std::string& message,
                        const std::string& hint);

}  // namespace jarvis
