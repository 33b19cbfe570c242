#include "core/dashboard/html.hpp"

#include "core/base/visible_text.hpp"

namespace jarvis::dashboard {

namespace {

std::string escaped(const std::string& text) {
  std::string out;
  out.reserve(text.size() + 16);
  for (const char c : visible(text, true)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

/** An address of this server, or a place in the page. "//host" is another server's. */
bool is_local(const std::string& address) {
  if (address.empty()) return false;
  if (address[0] == '#') return true;
  return address[0] == '/' && (address.size() == 1 || (address[1] != '/' && address[1] != '\\'));
}

bool takes_address(const Name& name) {
  return name.text() == "href" || name.text() == "src" || name.text() == "action";
}

std::string opening(Name tag, const Attributes& attributes) {
  std::string text = "<" + std::string(tag.text());
  for (const auto& [name, value] : attributes)
    if (!takes_address(name) || is_local(value))
      text += " " + std::string(name.text()) + "=\"" + escaped(value) + "\"";
  return text + ">";
}

}  // namespace

Html::Html(const std::string& text) : markup_(escaped(text)) {}

Html::Html(std::initializer_list<Html> parts) {
  for (const Html& part : parts) markup_ += part.markup_;
}

Html& Html::operator+=(const Html& more) {
  markup_ += more.markup_;
  return *this;
}

Html Html::element(Name tag, const Attributes& attributes, const Html& content) {
  Html made;
  made.markup_ = opening(tag, attributes) + content.markup_ + "</" + std::string(tag.text()) + ">";
  return made;
}

Html Html::empty_element(Name tag, const Attributes& attributes) {
  Html made;
  made.markup_ = opening(tag, attributes);
  return made;
}

Html Html::style_sheet(std::string_view css) {
  Html made;
  if (css.find('<') == std::string_view::npos)
    made.markup_ = "<style>" + std::string(css) + "</style>";
  return made;
}

std::string Html::document(const Html& root) {
  return "<!doctype html>\n" + root.markup_ + "\n";
}

}  // namespace jarvis::dashboard
