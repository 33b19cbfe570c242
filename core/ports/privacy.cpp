#include "core/ports/privacy.hpp"

namespace jarvis {

namespace {

class PassThrough : public Privacy {
 public:
  std::string redact(std::string_view text) override { return std::string(text); }
  json::value redact_document(const json::value& document) override { return document; }
  std::string restore(std::string_view text) const override { return std::string(text); }
  std::vector<std::string> placeholders_in(std::string_view) const override { return {}; }
  std::map<std::string, std::size_t> counts() const override { return {}; }
};

}  // namespace

Privacy& no_privacy() {
  static PassThrough nothing;
  return nothing;
}

json::value with_texts(const json::value& document,
                       const std::function<std::string(std::string_view)>& change) {
  if (document.is_string()) return json::value(change(document.as_string()));
  if (document.is_array()) {
    json::array array;
    for (const json::value& item : document.as_array()) array.push_back(with_texts(item, change));
    return array;
  }
  if (!document.is_object()) return document;
  json::object object;
  for (const auto& [key, item] : document.as_object()) object[key] = with_texts(item, change);
  return object;
}

}  // namespace jarvis
