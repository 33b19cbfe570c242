#include "toml_layout.hpp"

#include <algorithm>

#include "toml_string.hpp"

namespace jarvis::text {

namespace {

/** Walks over a valid text once, from the first byte to the last. */
class Scanner {
 public:
  explicit Scanner(const std::string& text) : text_(text) {
    if (text_.compare(0, 3, "\xEF\xBB\xBF") == 0) at_ = 3;
  }

  TomlLayout layout() {
    TomlLayout layout;
    layout.sections.emplace_back();
    layout.sections.back().span = {at_, at_};
    while (skip_to_next(true), at_ < text_.size()) {
      if (text_[at_] == '[')
        layout.sections.push_back(header());
      else
        layout.sections.back().entries.push_back(entry());
    }
    return layout;
  }

 private:
  char now() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void expect(char c) {
    if (now() != c) throw sdk::refused("the place to edit cannot be found in this text");
    ++at_;
  }

  /** Skips blanks, and with `lines` also line ends and comments. */
  void skip_to_next(bool lines) {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (lines && c == '#') at_ = std::min(text_.find('\n', at_), text_.size() - 1);
      const bool skipped = c == ' ' || c == '\t' || (lines && (c == '\n' || c == '\r' || c == '#'));
      if (!skipped) return;
    }
  }

  TomlSection header() {
    TomlSection section;
    section.span.begin = at_;
    expect('[');
    section.is_array = now() == '[';
    if (section.is_array) expect('[');
    section.header = key();
    expect(']');
    if (section.is_array) expect(']');
    section.span.end = at_;
    return section;
  }

  TomlEntry entry() {
    TomlEntry entry;
    entry.span.begin = at_;
    entry.key = key();
    expect('=');
    skip_to_next(false);
    entry.value = value();
    entry.span.end = entry.value.span.end;
    return entry;
  }

  /** A dotted key, with the blanks behind it. */
  TomlPath key() {
    TomlPath path;
    while (true) {
      skip_to_next(false);
      path.push_back(key_part());
      skip_to_next(false);
      if (now() != '.') return path;
      ++at_;
    }
  }

  std::string key_part() {
    const std::size_t begin = at_;
    if (now() == '"' || now() == '\'') {
      at_ = end_of_string(text_, at_);
      return unquoted(std::string_view(text_).substr(begin, at_ - begin));
    }
    at_ = std::min(text_.find_first_of(" \t.=]\r\n", at_), text_.size());
    if (at_ == begin) throw sdk::refused("the place to edit cannot be found in this text");
    return text_.substr(begin, at_ - begin);
  }

  TomlValue value() {
    TomlValue value;
    value.span.begin = at_;
    if (now() == '[')
      fill_array(value);
    else if (now() == '{')
      fill_inline_table(value);
    else if (now() == '"' || now() == '\'')
      at_ = end_of_string(text_, at_);
    else
      skip_bare_value();
    value.span.end = at_;
    return value;
  }

  void fill_array(TomlValue& array) {
    array.kind = TomlValue::Kind::array;
    expect('[');
    while (skip_to_next(true), now() != ']') {
      array.items.push_back(value());
      skip_to_next(true);
      if (now() != ']') expect(',');
    }
    expect(']');
  }

  void fill_inline_table(TomlValue& table) {
    table.kind = TomlValue::Kind::inline_table;
    expect('{');
    while (skip_to_next(true), now() != '}') {
      table.entries.push_back(entry());
      skip_to_next(true);
      if (now() != '}') expect(',');
    }
    expect('}');
  }

  void skip_bare_value() {
    const std::size_t begin = at_;
    at_ = std::min(text_.find_first_of(",]}#\r\n", at_), text_.size());
    // A date and its time may be parted by a blank, so blanks end a value only at its end.
    while (at_ > begin && (text_[at_ - 1] == ' ' || text_[at_ - 1] == '\t')) --at_;
    if (at_ == begin) throw sdk::refused("the place to edit cannot be found in this text");
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

TomlPath rest_of(const TomlPath& path, std::size_t from) {
  return {path.begin() + static_cast<std::ptrdiff_t>(from), path.end()};
}

FoundEntry find_below(const std::vector<TomlEntry>& entries, const TomlPath& path,
                      FoundEntry around) {
  for (const TomlEntry& entry : entries) {
    if (!begins_with(path, entry.key)) continue;
    if (entry.key.size() == path.size()) {
      around.entry = &entry;
      return around;
    }
    if (entry.value.kind == TomlValue::Kind::inline_table) {
      around.inline_table = &entry.value;
      return find_below(entry.value.entries, rest_of(path, entry.key.size()), around);
    }
  }
  return {};
}

}  // namespace

TomlLayout scan_toml(const std::string& text) {
  return Scanner(text).layout();
}

bool begins_with(const TomlPath& path, const TomlPath& prefix) {
  return prefix.size() <= path.size() && std::equal(prefix.begin(), prefix.end(), path.begin());
}

bool in_array_of_tables(const TomlLayout& layout, const TomlSection& section) {
  return std::any_of(layout.sections.begin(), layout.sections.end(), [&](const TomlSection& other) {
    return other.is_array && begins_with(section.header, other.header);
  });
}

FoundEntry find_entry(const TomlLayout& layout, const TomlPath& path) {
  for (const TomlSection& section : layout.sections) {
    if (!begins_with(path, section.header) || in_array_of_tables(layout, section)) continue;
    const FoundEntry found = find_below(section.entries, rest_of(path, section.header.size()),
                                        {nullptr, &section, nullptr});
    if (found.entry) return found;
  }
  return {};
}

}  // namespace jarvis::text
