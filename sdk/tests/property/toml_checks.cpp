#include "toml_checks.hpp"

#include <algorithm>
#include <optional>

#include "json_tree.hpp"

namespace jarvis::property {

namespace {

using sdk::Failure;
using text::TomlDocument;

TomlDocument parsed(const std::string& text) {
  return TomlDocument::parse(text, "config.toml");
}

/** Bytes [begin, end) of the old text. */
struct Region {
  std::size_t begin;
  std::size_t end;
};

/** Whether both texts are the same but for `region` of the old one. */
bool same_outside(const std::string& before, Region region, const std::string& after) {
  const std::size_t tail = before.size() - region.end;
  return after.size() >= region.begin + tail &&
         before.compare(0, region.begin, after, 0, region.begin) == 0 &&
         before.compare(region.end, tail, after, after.size() - tail, tail) == 0;
}

std::string cut(const std::string& text, Region region) {
  return text.substr(0, region.begin) + text.substr(region.end);
}

/** Where `after` has one insertion and is `before` otherwise; as far to the front as it may be
 * seen, but at the start of a line if that is possible. */
std::optional<std::size_t> insertion_place(const std::string& before, const std::string& after) {
  if (after.size() < before.size()) return std::nullopt;
  const auto ends = std::mismatch(before.begin(), before.end(), after.begin());
  const auto most = static_cast<std::size_t>(ends.first - before.begin());
  std::optional<std::size_t> found;
  for (std::size_t at = most + 1; at-- > 0;) {
    if (before.compare(at, std::string::npos, after, after.size() - (before.size() - at)) != 0)
      break;
    found = at;
    if (at == 0 || at == before.size() || before[at - 1] == '\n') break;
  }
  return found;
}

/** Whether `part` is `whole` with bytes left out. */
bool is_part(const std::string& part, const std::string& whole) {
  std::size_t at = 0;
  for (const char c : whole)
    if (at < part.size() && part[at] == c) ++at;
  return at == part.size();
}

std::size_t comments_left(const RandomToml& document, const std::string& after) {
  std::size_t left = 0;
  for (std::size_t i = 0; i < document.comments; ++i)
    if (after.find("#" + std::to_string(i) + ":") != std::string::npos) ++left;
  return left;
}

/** The braces that `path` stands in, outermost; where there are none, the entry itself. */
const RandomEntry& outermost(const RandomToml& document, const TomlPath& path) {
  const RandomEntry* found = nullptr;
  for (const RandomEntry& entry : document.entries) {
    const bool around = entry.path.size() <= path.size() &&
                        std::equal(entry.path.begin(), entry.path.end(), path.begin());
    if (around && (!found || entry.path.size() < found->path.size())) found = &entry;
  }
  return *found;
}

/** Parsed anew, the text must say what the document says and what was meant. */
std::string check_tree(const TomlDocument& edited, const json::object& meant) {
  const TomlDocument again = parsed(edited.text());
  if (!same_tree(again.values(), edited.values())) return "the document forgot what its text says";
  if (!same_tree(again.values(), meant)) return "the text says something else than was meant";
  return {};
}

/** The tree after the removal of `path`: tables that were made by its dotted key alone go too. */
json::object without_entry(const RandomToml& document, TomlPath path) {
  json::object tree = without_value(document.tree, path);
  for (path.pop_back(); !path.empty(); path.pop_back()) {
    const bool stays = !value_at(tree, path)->as_object().empty() ||
                       document.headers.count(path) != 0 ||
                       std::any_of(document.entries.begin(), document.entries.end(),
                                   [&](const RandomEntry& entry) { return entry.path == path; });
    if (stays) break;
    tree = without_value(std::move(tree), path);
  }
  return tree;
}

Region line_of(const std::string& text, const RandomEntry& entry) {
  std::size_t begin = entry.begin == 0 ? 0 : text.rfind('\n', entry.begin - 1) + 1;
  if (text.compare(begin, 3, "\xEF\xBB\xBF") == 0) begin += 3;
  const std::size_t newline = text.find('\n', entry.value_end);
  if (newline != std::string::npos) return {begin, newline + 1};
  // The file's end stays as it is: without a line end.
  if (begin > 0 && text[begin - 1] == '\n') --begin;
  if (begin > 0 && text[begin - 1] == '\r') --begin;
  return {begin, text.size()};
}

std::vector<const RandomEntry*> arrays_of(const RandomToml& document, std::size_t smallest) {
  std::vector<const RandomEntry*> arrays;
  for (const RandomEntry& entry : document.entries)
    if (entry.kind == ValueKind::array &&
        value_at(document.tree, entry.path)->as_array().size() >= smallest)
      arrays.push_back(&entry);
  return arrays;
}

Region value_region(const RandomEntry& entry) {
  return {entry.value_begin, entry.value_end};
}

/** Removes the key that an insertion made. Gives what is wrong; notes whether every byte came back,
 * which it must where no new table, blank line or new writing of empty braces came with the key. */
std::string check_insert_undone(const RandomToml& document, TomlDocument edited,
                                const TomlPath& path, bool must_restore, Tally& tally) {
  edited.remove(path);
  if (edited.text() == document.text) {
    ++tally["insert: removed again, every byte restored"];
    return {};
  }
  if (must_restore) return "insert, then remove: the bytes are not restored";
  ++tally["insert: removed again, an empty table or its blanks stay"];
  if (comments_left(document, edited.text()) != document.comments)
    return "insert, then remove: a comment went";
  json::object tree = edited.values();
  for (TomlPath parent(path.begin(), path.end() - 1); !parent.empty(); parent.pop_back())
    if (value_at(tree, parent) && !value_at(document.tree, parent))
      tree = without_value(std::move(tree), parent);
  return same_tree(tree, document.tree) ? "" : "insert, then remove: another key changed";
}

}  // namespace

std::string check_read(const RandomToml& document) {
  const TomlDocument read = parsed(document.text);
  if (!same_tree(read.values(), document.tree)) return "read as something else";
  return read.text() == document.text ? "" : "the text changed while it was read";
}

std::string check_set(const RandomToml& document, Random& random, Tally& tally) {
  if (document.entries.empty()) return {};
  const RandomEntry& entry = random.pick(document.entries);
  const json::value old_value = *value_at(document.tree, entry.path);
  const json::value new_value = random_value(random);
  TomlDocument edited = parsed(document.text);
  edited.set(entry.path, new_value);
  ++tally["set"];
  if (!same_outside(document.text, value_region(entry), edited.text()))
    return "set: bytes outside the value changed";
  if (auto wrong = check_tree(edited, with_value(document.tree, entry.path, new_value));
      !wrong.empty())
    return "set: " + wrong;
  // The old value in the editor's own writing is what setting it back must give.
  TomlDocument rewritten = parsed(document.text);
  rewritten.set(entry.path, old_value);
  if (!same_outside(document.text, value_region(entry), rewritten.text()))
    return "set to the present value: bytes outside the value changed";
  edited.set(entry.path, old_value);
  if (edited.text() != rewritten.text()) return "set back: the bytes are not those of before";
  ++tally[rewritten.text() == document.text ? "set: set back, the original's bytes restored"
                                            : "set: set back, the value rewritten"];
  return {};
}

std::string check_insert(const RandomToml& document, Random& random, Tally& tally) {
  TomlPath path = random.pick(document.tables);
  const json::value* table = path.empty() ? nullptr : value_at(document.tree, path);
  const json::object& keys = table ? table->as_object() : document.tree;
  std::string key = random_key(random);
  while (keys.contains(key)) key += "x";
  path.push_back(key);
  while (path.size() < 6 && random.chance(25)) path.push_back(random_key(random));
  const json::value value = random_value(random);

  TomlDocument edited = parsed(document.text);
  edited.set(path, value);
  ++tally["insert"];
  if (auto wrong = check_tree(edited, with_value(document.tree, path, value)); !wrong.empty())
    return "insert: " + wrong;
  const bool in_braces =
      std::any_of(document.entries.begin(), document.entries.end(), [&](const RandomEntry& entry) {
        return entry.path.size() < path.size() &&
               std::equal(entry.path.begin(), entry.path.end(), path.begin());
      });
  if (in_braces) {
    const RandomEntry& around = outermost(document, path);
    if (!same_outside(document.text, value_region(around), edited.text()))
      return "insert: bytes outside the braces changed";
    return check_insert_undone(document, edited, path, !keys.empty(), tally);
  }
  const auto place = insertion_place(document.text, edited.text());
  if (!place) return "insert: other bytes changed";
  const bool at_line = *place == 0 || *place == document.text.size() ||
                       document.text[*place - 1] == '\n' ||
                       document.text.compare(0, *place, "\xEF\xBB\xBF") == 0;
  if (!at_line) return "insert: it begins within a line";
  const std::string inserted =
      edited.text().substr(*place, edited.text().size() - document.text.size());
  const bool one_line = std::count(inserted.begin(), inserted.end(), '\n') <= 1;
  return check_insert_undone(document, edited, path, one_line, tally);
}

std::string check_remove(const RandomToml& document, Random& random, Tally& tally) {
  if (document.entries.empty()) return {};
  const RandomEntry& entry = random.pick(document.entries);
  TomlDocument edited = parsed(document.text);
  edited.remove(entry.path);
  ++tally["remove"];
  if (entry.in_braces) {
    if (!same_outside(document.text, value_region(outermost(document, entry.path)), edited.text()))
      return "remove: bytes outside the braces changed";
    if (!is_part(edited.text(), document.text)) return "remove: bytes were added";
  } else if (edited.text() != cut(document.text, line_of(document.text, entry))) {
    return "remove: something else than the key's lines went";
  }
  if (auto wrong = check_tree(edited, without_entry(document, entry.path)); !wrong.empty())
    return "remove: " + wrong;
  edited.set(entry.path, *value_at(document.tree, entry.path));
  if (auto wrong = check_tree(edited, document.tree); !wrong.empty())
    return "remove, then set again: " + wrong;
  ++tally[edited.text() == document.text ? "remove: set again, every byte restored"
                                         : "remove: set again, the tree restored"];
  return {};
}

std::string check_append(const RandomToml& document, Random& random, Tally& tally) {
  const auto arrays = arrays_of(document, 0);
  if (arrays.empty()) return {};
  const RandomEntry& entry = *random.pick(arrays);
  json::array items = value_at(document.tree, entry.path)->as_array();
  json::value item = random_value(random);
  while (std::any_of(items.begin(), items.end(),
                     [&](const json::value& each) { return same_tree(each, item); }))
    item = random_value(random);
  items.push_back(item);

  TomlDocument edited = parsed(document.text);
  edited.append(entry.path, item);
  ++tally["append"];
  if (!same_outside(document.text, value_region(entry), edited.text()))
    return "append: bytes outside the array changed";
  if (!is_part(document.text, edited.text())) return "append: bytes of the array went";
  if (auto wrong = check_tree(edited, with_value(document.tree, entry.path, items)); !wrong.empty())
    return "append: " + wrong;
  const std::string appended = edited.text();
  edited.remove_item(entry.path, item);
  if (edited.text() != document.text)
    return "append to " + text::dotted(entry.path) +
           ", then remove_item: the bytes are not restored; between the two:\n" + appended;
  ++tally["append: removed again, every byte restored"];
  return {};
}

std::string check_remove_item(const RandomToml& document, Random& random, Tally& tally) {
  const auto arrays = arrays_of(document, 1);
  if (arrays.empty()) return {};
  const RandomEntry& entry = *random.pick(arrays);
  json::array items = value_at(document.tree, entry.path)->as_array();
  const json::value item = items[random.below(items.size())];
  const auto first = std::find_if(items.begin(), items.end(),
                                  [&](const json::value& each) { return same_tree(each, item); });
  const bool was_last = first + 1 == items.end();
  items.erase(first);

  TomlDocument edited = parsed(document.text);
  edited.remove_item(entry.path, item);
  ++tally["remove_item"];
  if (!same_outside(document.text, value_region(entry), edited.text()))
    return "remove_item: bytes outside the array changed";
  if (!is_part(edited.text(), document.text)) return "remove_item: bytes were added";
  if (auto wrong = check_tree(edited, with_value(document.tree, entry.path, items)); !wrong.empty())
    return "remove_item: " + wrong;
  edited.append(entry.path, item);
  items.push_back(item);
  if (auto wrong = check_tree(edited, with_value(document.tree, entry.path, items)); !wrong.empty())
    return "remove_item, then append: " + wrong;
  if (was_last)
    ++tally[edited.text() == document.text
                ? "remove_item: the last appended again, every byte restored"
                : "remove_item: the last appended again, the tree restored"];
  return {};
}

namespace {

template <class Edit>
std::string must_refuse(const RandomToml& document, const std::string& what, Edit edit,
                        Tally& tally) {
  TomlDocument edited = parsed(document.text);
  try {
    edit(edited);
  } catch (const Failure& failure) {
    ++tally["refused as documented"];
    if (edited.text() != document.text || !same_tree(edited.values(), document.tree))
      return what + ": refused, and changed";
    return std::string(failure.what()).empty() ? what + ": refused without a reason" : "";
  }
  return what + ": was not refused";
}

}  // namespace

std::string check_refusals(const RandomToml& document, Random& random, Tally& tally) {
  std::vector<std::string> wrong;
  const auto refuse = [&](const std::string& what, auto edit) {
    if (auto problem = must_refuse(document, what, edit, tally); !problem.empty())
      wrong.push_back(problem);
  };
  if (!document.table_arrays.empty()) {
    const TomlPath& path = random.pick(document.table_arrays);
    TomlPath below = path;
    below.push_back(random_key(random));
    refuse("set an array of tables", [&](TomlDocument& d) { d.set(path, 1); });
    refuse("set a key below an array of tables", [&](TomlDocument& d) { d.set(below, 1); });
    refuse("remove an array of tables", [&](TomlDocument& d) { d.remove(path); });
    refuse("append to an array of tables",
           [&](TomlDocument& d) { d.append(path, json::object()); });
    refuse("remove an item of an array of tables", [&](TomlDocument& d) {
      d.remove_item(path, value_at(document.tree, path)->as_array()[0]);
    });
  }
  if (!document.headers.empty()) {
    const TomlPath path = *document.headers.begin();
    refuse("set a table with a header", [&](TomlDocument& d) { d.set(path, 1); });
    refuse("remove a table with a header", [&](TomlDocument& d) { d.remove(path); });
    refuse("append to a table", [&](TomlDocument& d) { d.append(path, 1); });
  }
  TomlPath missing = random.pick(document.tables);
  missing.push_back("not there");
  refuse("remove a missing key", [&](TomlDocument& d) { d.remove(missing); });
  refuse("append to a missing key", [&](TomlDocument& d) { d.append(missing, 1); });
  refuse("set to null", [&](TomlDocument& d) { d.set(missing, nullptr); });
  if (!document.entries.empty()) {
    const RandomEntry& entry = random.pick(document.entries);
    TomlPath below = entry.path;
    below.push_back("x");
    if (entry.kind != ValueKind::inline_table)
      refuse("set a key below a value", [&](TomlDocument& d) { d.set(below, 1); });
    if (entry.kind == ValueKind::scalar)
      refuse("append to a scalar", [&](TomlDocument& d) { d.append(entry.path, 1); });
    if (entry.kind == ValueKind::array)
      refuse("remove an item that is not there",
             [&](TomlDocument& d) { d.remove_item(entry.path, "an item that is not there"); });
  }
  return wrong.empty() ? "" : wrong.front();
}

}  // namespace jarvis::property
