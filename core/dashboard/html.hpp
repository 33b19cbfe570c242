#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace jarvis::dashboard {

/** The name of a tag or an attribute. It is a literal, and the compiler refuses what would run code
 * or carry a style: names that begin with "on", "style", "srcdoc" and the tags that embed. */
class Name {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a literal is a name.
  consteval Name(const char* literal) : text_(literal) {
    for (const char c : text_)
      if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'))
        throw "a name holds letters, digits and - alone";
    if (text_.empty() || text_.starts_with("on")) throw "a handler in the page";
    for (const std::string_view refused :
         {"style", "srcdoc", "iframe", "object", "embed", "base", "foreignObject"})
      if (text_ == refused) throw "no such element in the page";
  }
  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

struct Attribute {
  Name name;
  std::string value;
};
using Attributes = std::vector<Attribute>;

/** A piece of a page. Text gets in escaped, and by no other way: whatever it holds it stays text,
 * and what cannot be seen in it (controls, bidirectional marks, zero width) is made visible. */
class Html {
 public:
  Html() = default;
  // NOLINTBEGIN(google-explicit-constructor): text is a piece of a page.
  Html(const std::string& text);
  Html(const char* text) : Html(std::string(text)) {}
  Html(std::initializer_list<Html> parts);
  // NOLINTEND(google-explicit-constructor)

  Html& operator+=(const Html& more);
  bool empty() const { return markup_.empty(); }
  /** UTF-8, ready to be sent. */
  const std::string& markup() const { return markup_; }

  /** An element with its content. Of href, src and action only paths of this server and fragments
   * ("/…", "#…") get in; an attribute with another address is left out. */
  static Html element(Name tag, const Attributes& attributes, const Html& content);
  /** One without content or end tag: input, meta, link. */
  static Html empty_element(Name tag, const Attributes& attributes);
  /** A style sheet within the page, for one that has to stand alone. It is the program's own text,
   * never one from elsewhere; one that could end the element is left out. */
  static Html style_sheet(std::string_view css);
  /** The whole page, from its <html> element. */
  static std::string document(const Html& root);

 private:
  std::string markup_;
};

inline Html element(Name tag, const Attributes& attributes, const Html& content) {
  return Html::element(tag, attributes, content);
}
inline Html element(Name tag, const Html& content) {
  return Html::element(tag, {}, content);
}
inline Html empty_element(Name tag, const Attributes& attributes) {
  return Html::empty_element(tag, attributes);
}

}  // namespace jarvis::dashboard
