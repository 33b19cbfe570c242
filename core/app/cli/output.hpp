#pragma once

#include <string>
#include <vector>

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
  };

  explicit Output(Form form) : form_(form) {}

  bool json() const { return form_.json; }
  int width() const { return form_.width; }

  /** Prints the document; only with --json. */
  void document(const json::object& document) const;
  /** Prints a text, broken into lines that fit the terminal and go on under where the text begins;
   * never with --json. */
  void line(const std::string& text = {}) const;
  /** Prints a text as it is, line for line; never with --json. */
  void verbatim(const std::string& text) const;
  /** A line of a heading. */
  void heading(const std::string& text) const;
  /** Columns as wide as their content; the last one is broken into lines that fit the terminal. */
  void table(const std::vector<std::string>& header,
             const std::vector<std::vector<std::string>>& rows) const;
  /** A unified diff, indented; coloured on a terminal. */
  void diff(const std::string& text, const std::string& indent = "    ") const;
  /** The error form of the chosen output, with the exit status that belongs to it. */
  int error(const Error& error) const;

 private:
  std::string painted(const std::string& text, const char* code) const;

  Form form_;
};

/** The text with control characters, bidirectional marks and invalid UTF-8 made visible; newlines
 * and tabs stay when `keep_lines` is true, and become blanks otherwise. */
std::string visible(const std::string& text, bool keep_lines = false);

/** JSON text with what can drive a terminal within its strings as escapes, which mean the same. */
std::string safe_json(const std::string& text);

/** {"error":{"code","message","hint"}}: also put into the document of a failed run. */
json::object error_json(const std::string& code, const std::string& message,
                        const std::string& hint);

/** "+3.2" for 0.032. */
std::string points(double delta);
/** "$0.0123". */
std::string dollars(double usd);

}  // namespace jarvis
