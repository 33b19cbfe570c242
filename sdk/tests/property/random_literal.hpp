#pragma once

#include "random_toml.hpp"

namespace jarvis::property {

/** A value as it is written. Offsets in `below` count from the first byte of `text`. */
struct Literal {
  std::string text;
  json::value value;
  ValueKind kind = ValueKind::scalar;
  std::vector<RandomEntry> below;  ///< of an inline table, with paths relative to it
};

/** Writes values in every form that TOML knows. */
class LiteralWriter {
 public:
  LiteralWriter(Random& random, std::string newline, std::size_t& comments)
      : random_(random), newline_(std::move(newline)), comments_(comments) {}

  Literal literal(int depth = 0);
  /** One key of a path, bare or in either kind of quotes. */
  std::string key_part(const std::string& key);
  /** A key path with random blanks around its dots. */
  std::string key_path(const TomlPath& path);
  /** "#12: …" without a line end. */
  std::string comment();
  std::string blanks();

 private:
  Literal scalar();
  Literal text();
  Literal multi_line_text(const std::string& content);
  Literal integer();
  Literal floating();
  Literal moment();
  Literal array(int depth);
  Literal inline_table(int depth);
  std::string gap(bool lines);
  std::string basic(const std::string& content);

  Random& random_;
  std::string newline_;
  std::size_t& comments_;
};

}  // namespace jarvis::property
