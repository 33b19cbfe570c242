#pragma once

#include <jarvis/text/toml_document.hpp>

namespace jarvis::property {

namespace json = boost::json;
using text::TomlPath;

/** Equal in kind and content; the order of keys does not count, and NaN equals itself. */
bool same_tree(const json::value& one, const json::value& other);

/** The value at `path`; nullptr when there is none. */
const json::value* value_at(const json::object& tree, const TomlPath& path);

/** `tree` with the value at `path`; missing tables are made. */
json::object with_value(json::object tree, const TomlPath& path, const json::value& value);

/** `tree` without the key at `path`, which must exist. Its parents stay, also when they are empty.
 */
json::object without_value(json::object tree, const TomlPath& path);

}  // namespace jarvis::property
