#include "json_tree.hpp"

#include <cmath>

namespace jarvis::property {

bool same_tree(const json::value& one, const json::value& other) {
  if (one.kind() != other.kind()) return false;
  if (one.is_double())
    return one.get_double() == other.get_double() ||
           (std::isnan(one.get_double()) && std::isnan(other.get_double()));
  if (one.is_array()) {
    const json::array &left = one.get_array(), &right = other.get_array();
    if (left.size() != right.size()) return false;
    for (std::size_t i = 0; i < left.size(); ++i)
      if (!same_tree(left[i], right[i])) return false;
    return true;
  }
  if (one.is_object()) {
    const json::object &left = one.get_object(), &right = other.get_object();
    if (left.size() != right.size()) return false;
    for (const auto& [key, value] : left) {
      const json::value* twin = right.if_contains(key);
      if (!twin || !same_tree(value, *twin)) return false;
    }
    return true;
  }
  return one == other;
}

const json::value* value_at(const json::object& tree, const TomlPath& path) {
  const json::object* table = &tree;
  const json::value* value = nullptr;
  for (const std::string& key : path) {
    value = table ? table->if_contains(key) : nullptr;
    if (!value) return nullptr;
    table = value->if_object();
  }
  return value;
}

namespace {

json::object& parent_of(json::object& tree, const TomlPath& path) {
  json::object* table = &tree;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    json::value& next = (*table)[path[i]];
    if (!next.is_object()) next.emplace_object();
    table = &next.get_object();
  }
  return *table;
}

}  // namespace

json::object with_value(json::object tree, const TomlPath& path, const json::value& value) {
  parent_of(tree, path).insert_or_assign(path.back(), value);
  return tree;
}

json::object without_value(json::object tree, const TomlPath& path) {
  parent_of(tree, path).erase(path.back());
  return tree;
}

}  // namespace jarvis::property
