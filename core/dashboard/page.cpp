#include "core/dashboard/page.hpp"

#include "core/dashboard/wording.hpp"

namespace jarvis::dashboard {

namespace {

struct Section {
  const char* address;
  const char* title;
};
constexpr Section kSections[] = {
    {"/", "Overview"},           {"/sessions", "Sessions"}, {"/review", "Review"},
    {"/benchmark", "Benchmark"}, {"/traces", "Traces"},     {"/plugins", "Plugins"},
    {"/settings", "Settings"},
};

Html head(const std::string& title, bool has_script, const char* refresh) {
  Html content{empty_element("meta", {{"charset", "utf-8"}}),
               empty_element("meta", {{"name", "viewport"},
                                      {"content", "width=device-width, initial-scale=1"}}),
               element("title", title + " · jarvis"),
               empty_element("link", {{"rel", "icon"}, {"href", "/static/icon.svg"}}),
               empty_element("link", {{"rel", "stylesheet"}, {"href", "/static/style.css"}})};
  if (has_script) content += element("script", {{"src", "/static/live.js"}, {"defer", ""}}, {});
  if (refresh) {
    const Html again = empty_element("meta", {{"http-equiv", "refresh"}, {"content", refresh}});
    content += has_script ? element("noscript", again) : again;
  }
  return element("head", content);
}

Html navigation(const Visit& visit, const std::string& section) {
  std::vector<std::string> broken;
  const std::size_t waiting = visit.desk.recorder.queue().list(broken).size();
  Html items;
  for (const auto& [address, title] : kSections) {
    Attributes attributes{{"href", address}};
    if (section == address) attributes.push_back({"aria-current", "page"});
    Html text = title;
    if (std::string_view(address) == "/review" && waiting > 0)
      text += {" ", element("span", {{"class", "badge live"}}, std::to_string(waiting)),
               element("span", {{"class", "visually-hidden"}}, " waiting")};
    items += element("li", element("a", attributes, text));
  }
  return element("nav", {{"aria-label", "Pages"}, {"data-live", "navigation"}},
                 element("ul", {{"class", "pages"}}, items));
}

Html brand() {
  return element(
      "a", {{"class", "brand"}, {"href", "/"}},
      {empty_element("img",
                     {{"src", "/static/icon.svg"}, {"alt", ""}, {"width", "26"}, {"height", "26"}}),
       "jarvis learning"});
}

}  // namespace

Page not_found_page(const std::string& what) {
  return {"Not found",
          "",
          {element("h1", "Not found"), element("p", what),
           element("p", link("/", "Go to the overview"))},
          404};
}

Page error_page(const Error& error) {
  if (error.kind == ErrorKind::not_found) return not_found_page(error.message);
  return {"Something is wrong",
          "",
          {element("h1", "Something is wrong"), error_note(error.message, error.hint)},
          200};
}

std::string framed(const Visit& visit, const Page& page) {
  const Html body{
      element("a", {{"class", "skip"}, {"href", "#content"}}, "Skip to the content"),
      element("header", {{"class", "top"}},
              element("div", {{"class", "bar"}}, {brand(), navigation(visit, page.section)})),
      element("main", {{"id", "content"}, {"tabindex", "-1"}}, page.content),
      element("footer", {{"class", "foot"}},
              {element("span", {"Home ", element("code", visit.desk.parts.home.string())}),
               element("span", {link("/actions", "Started from here"), " · jarvis ",
                                visit.desk.parts.version})})};
  return Html::document(
      element("html", {{"lang", "en"}},
              {head(page.title, true, page.reloads ? "3" : nullptr), element("body", body)}));
}

std::string bare(const std::string& title, const Html& content, bool goes_on_to_overview) {
  return Html::document(
      element("html", {{"lang", "en"}},
              {head(title, false, goes_on_to_overview ? "0;url=/" : nullptr),
               element("body", element("main", {{"class", "halt"}, {"id", "content"}}, content))}));
}

Html form(const Visit& visit, const std::string& address, const Html& content) {
  return element("form", {{"method", "post"}, {"action", address}},
                 {hidden_field("csrf", visit.csrf), content});
}

Html button(const std::string& text, const char* kind) {
  return element("button", {{"type", "submit"}, {"class", kind}}, text);
}

Html hidden_field(const std::string& name, const std::string& value) {
  return empty_element("input", {{"type", "hidden"}, {"name", name}, {"value", value}});
}

}  // namespace jarvis::dashboard
