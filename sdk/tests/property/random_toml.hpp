#pragma once

#include <jarvis/text/toml_document.hpp>
#include <set>
#include <string>
#include <vector>

#include "random.hpp"

namespace jarvis::property {

namespace json = boost::json;
using text::TomlPath;

enum class ValueKind { scalar, array, inline_table };

/** `key = value` and where it stands, known from writing it. */
struct RandomEntry {
  TomlPath path;
  ValueKind kind = ValueKind::scalar;
  std::size_t begin = 0;  ///< of the key
  std::size_t value_begin = 0;
  std::size_t value_end = 0;
  bool in_braces = false;
};

/** A TOML text together with what it says: nothing here was found out by a parser. */
struct RandomToml {
  std::string text;
  json::object tree;
  std::vector<RandomEntry> entries;    ///< all that a path leads to, those in braces too
  std::vector<TomlPath> tables;        ///< all that may get a new key, the root too
  std::set<TomlPath> headers;          ///< tables with a header of their own
  std::vector<TomlPath> table_arrays;  ///< written with [[…]]
  std::size_t comments = 0;            ///< number `n` is written as "#n:"
};

RandomToml random_toml(Random& random);

/** Any value that TOML can hold, with text that tries to break out of its quotes. */
json::value random_value(Random& random, int depth = 0);

/** A key, often one that needs quotes. */
std::string random_key(Random& random);

}  // namespace jarvis::property
