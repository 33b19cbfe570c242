#include "random_toml.hpp"

#include <algorithm>

#include "random_literal.hpp"

namespace jarvis::property {

namespace {

/** Writes a document from the top down and notes what it says. */
class DocumentWriter {
 public:
  explicit DocumentWriter(Random& random)
      : random_(random),
        newline_(random.chance(25) ? "\r\n" : "\n"),
        write_(random, newline_, out_.comments) {}

  RandomToml document() {
    if (random_.chance(10)) out_.text += "\xEF\xBB\xBF";
    out_.tables.emplace_back();
    open_.emplace_back();
    between_lines();
    entries({}, random_.below(4), true);
    for (std::size_t i = random_.below(8); i > 0; --i) section();
    between_lines();
    if (random_.chance(25)) drop_last_newline();
    return std::move(out_);
  }

 private:
  /** The table at `path`, made where it is missing; an array of tables stands for its last one. */
  json::object& table_at(const TomlPath& path) {
    json::object* table = &out_.tree;
    for (const std::string& key : path) {
      json::value& next = (*table)[key];
      if (next.is_null()) next.emplace_object();
      table = next.is_array() ? &next.get_array().back().get_object() : &next.get_object();
    }
    return *table;
  }

  TomlPath with_new_key(TomlPath table, std::size_t extra) {
    std::string key = random_key(random_);
    while (table_at(table).contains(key)) key += std::to_string(random_.below(10));
    table.push_back(key);
    for (std::size_t i = 0; i < extra; ++i) table.push_back(random_key(random_));
    return table;
  }

  void end_line() {
    out_.text += write_.blanks();
    if (random_.chance(25)) out_.text += write_.comment();
    out_.text += newline_;
  }

  void between_lines() {
    for (std::size_t i = random_.below(4); i > 0; --i) {
      if (random_.chance(50)) continue;
      out_.text += random_.chance(20) ? write_.blanks() : "";
      if (random_.chance(50)) out_.text += write_.comment();
      out_.text += newline_;
    }
  }

  void drop_last_newline() {
    std::string& text = out_.text;
    if (text.empty() || text.back() != '\n') return;
    text.pop_back();
    if (!text.empty() && text.back() == '\r') text.pop_back();
  }

  void entries(const TomlPath& table, std::size_t count, bool reachable) {
    const std::string indent = random_.chance(20) ? "  " : random_.chance(10) ? "\t" : "";
    std::vector<TomlPath> dotted;
    for (; count > 0; --count) {
      between_lines();
      out_.text += indent;
      TomlPath path =
          with_new_key(!dotted.empty() && random_.chance(30) ? random_.pick(dotted) : table,
                       random_.chance(25) ? random_.between(1, 2) : 0);
      for (std::size_t size = table.size() + 1; size < path.size(); ++size)
        add_dotted({path.begin(), path.begin() + static_cast<std::ptrdiff_t>(size)}, dotted,
                   reachable);
      entry(table, path, reachable);
    }
  }

  void add_dotted(const TomlPath& path, std::vector<TomlPath>& dotted, bool reachable) {
    if (std::find(dotted.begin(), dotted.end(), path) != dotted.end()) return;
    dotted.push_back(path);
    if (!reachable) return;
    open_.push_back(path);
    out_.tables.push_back(path);
  }

  void entry(const TomlPath& table, const TomlPath& path, bool reachable) {
    RandomEntry entry;
    entry.path = path;
    entry.begin = out_.text.size();
    out_.text +=
        write_.key_path({path.begin() + static_cast<std::ptrdiff_t>(table.size()), path.end()});
    out_.text += random_.chance(70) ? " = " : write_.blanks() + "=" + write_.blanks();
    entry.value_begin = out_.text.size();
    const Literal literal = write_.literal();
    out_.text += literal.text;
    entry.value_end = out_.text.size();
    entry.kind = literal.kind;
    end_line();
    table_at({path.begin(), path.end() - 1}).insert_or_assign(path.back(), literal.value);
    if (!reachable) return;
    note(entry);
    for (RandomEntry below : literal.below) {
      below.path.insert(below.path.begin(), path.begin(), path.end());
      below.begin += entry.value_begin;
      below.value_begin += entry.value_begin;
      below.value_end += entry.value_begin;
      note(below);
    }
  }

  void note(const RandomEntry& entry) {
    out_.entries.push_back(entry);
    if (entry.kind == ValueKind::inline_table) out_.tables.push_back(entry.path);
  }

  void header(const TomlPath& path, const char* open, const char* close) {
    between_lines();
    out_.text += random_.chance(15) ? write_.blanks() : "";
    const bool wide = random_.chance(15);
    out_.text += open + (wide ? write_.blanks() : "") + write_.key_path(path) +
                 (wide ? write_.blanks() : "") + close;
    end_line();
  }

  void section() {
    const std::size_t kind = random_.below(10);
    if (kind < 2 && !implicit_.empty()) return define_implicit();
    if (kind < 4) return table_array();
    const TomlPath path =
        with_new_key(random_.pick(open_), random_.chance(35) ? random_.between(1, 2) : 0);
    add_implicit_parents(path);
    define(path);
  }

  void define(const TomlPath& path) {
    header(path, "[", "]");
    table_at(path);
    out_.headers.insert(path);
    out_.tables.push_back(path);
    open_.push_back(path);
    entries(path, random_.below(5), true);
  }

  /** A table that only headers below it have made so far gets its own header, behind them. */
  void define_implicit() {
    const std::size_t index = random_.below(implicit_.size());
    const TomlPath path = implicit_[index];
    implicit_.erase(implicit_.begin() + static_cast<std::ptrdiff_t>(index));
    open_.erase(std::find(open_.begin(), open_.end(), path));
    out_.tables.erase(std::find(out_.tables.begin(), out_.tables.end(), path));
    define(path);
  }

  void add_implicit_parents(const TomlPath& path) {
    for (std::size_t size = 1; size < path.size(); ++size) {
      const TomlPath parent(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(size));
      if (std::find(open_.begin(), open_.end(), parent) != open_.end()) continue;
      table_at(parent);
      implicit_.push_back(parent);
      open_.push_back(parent);
      out_.tables.push_back(parent);
    }
  }

  void table_array() {
    const TomlPath path = with_new_key(random_.pick(open_), random_.chance(20) ? 1 : 0);
    add_implicit_parents(path);
    json::object& parent = table_at({path.begin(), path.end() - 1});
    parent.insert_or_assign(path.back(), json::array());
    for (std::size_t i = random_.between(1, 3); i > 0; --i) {
      header(path, "[[", "]]");
      table_at({path.begin(), path.end() - 1})
          .at(path.back())
          .get_array()
          .emplace_back(json::object());
      entries(path, random_.below(4), false);
      if (random_.chance(70)) continue;
      const TomlPath below = with_new_key(path, 0);
      header(below, "[", "]");
      table_at(below);
      entries(below, random_.below(3), false);
    }
    out_.table_arrays.push_back(path);
  }

  Random& random_;
  RandomToml out_;
  std::string newline_;
  LiteralWriter write_;
  std::vector<TomlPath> open_;      ///< tables that headers may extend
  std::vector<TomlPath> implicit_;  ///< of these, those without anything of their own
};

}  // namespace

RandomToml random_toml(Random& random) {
  return DocumentWriter(random).document();
}

}  // namespace jarvis::property
