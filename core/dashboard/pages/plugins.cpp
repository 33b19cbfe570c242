#include "core/dashboard/pages.hpp"
#include "core/dashboard/wording.hpp"

namespace jarvis::dashboard {

namespace {

Html provides(const json::object& plugin) {
  Html list;
  for (const json::value& item : sdk::optional_array(plugin, "provides")) {
    if (!item.is_object()) continue;
    const json::object& what = item.as_object();
    const std::string tier = sdk::optional_string(what, "tier");
    list += element("div", {sdk::optional_string(what, "kind") + " ",
                            element("code", sdk::optional_string(what, "id")),
                            tier.empty() ? Html() : Html(" (" + tier + ")")});
  }
  return list;
}

Html row(const json::object& plugin) {
  const bool loaded = sdk::optional_string(plugin, "status") == "loaded";
  Html state = element("span", {{"class", loaded ? "badge good" : "badge bad"}},
                       loaded ? "loaded" : "refused");
  if (!loaded)
    state += {element("div", {{"class", "small"}}, sdk::optional_string(plugin, "reason")),
              element("div", {{"class", "small soft"}}, sdk::optional_string(plugin, "hint"))};
  Html name = element("strong", sdk::optional_string(plugin, "name"));
  name += element("div", {{"class", "small soft"}},
                  sdk::optional_string(plugin, "version") +
                      (sdk::optional_bool(plugin, "built_in") ? ", built in" : ", third-party"));
  return element("tr",
                 {row_head(name), cell(state, "wide"),
                  cell(sdk::optional_string(plugin, "isolation") == "process" ? "its own process"
                                                                              : "in this program"),
                  cell(provides(plugin), "wide"),
                  cell(element("code", sdk::optional_string(plugin, "sha256").substr(0, 12)))});
}

}  // namespace

Page plugins_page(const Visit& visit) {
  const CommandOutcome outcome = visit.desk.plugins.look(!visit.target.field("again").empty());
  if (!outcome.error.empty()) {
    Page page = error_page({ErrorKind::unavailable, outcome.error, outcome.hint});
    page.section = "/plugins";
    return page;
  }
  Html rows;
  for (const json::value& plugin : sdk::optional_array(outcome.document, "plugins"))
    if (plugin.is_object()) rows += row(plugin.as_object());
  return {"Plugins", "/plugins",
          Html{element("h1", "Plugins"),
               element("p", {{"class", "lead"}},
                       {"What is loaded, what is not, and why. ",
                        link("/plugins?again=1", "Look again")}),
               element("div", {{"class", "card"}},
                       table("Plugins",
                             {column("Plugin"), column("State"), column("Runs in"),
                              column("Provides"), column("SHA-256")},
                             rows))}};
}

}  // namespace jarvis::dashboard
