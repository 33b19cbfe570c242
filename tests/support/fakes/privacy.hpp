#pragma once

#include <map>
#include <string>

#include "core/ports/privacy.hpp"

namespace jarvis::testing {

/** Knows one secret, "Zwieback-7", whose placeholder is "[SECRET_1]". */
class FakePrivacy : public Privacy {
 public:
  std::string redact(std::string_view text) override {
    return replaced(text, "Zwieback-7", "[SECRET_1]");
  }
  json::value redact_document(const json::value& document) override {
    return with_texts(document, [&](std::string_view text) { return redact(text); });
  }
  std::string restore(std::string_view text) const override {
    return replaced(text, "[SECRET_1]", "Zwieback-7");
  }
  std::vector<std::string> placeholders_in(std::string_view text) const override {
    if (text.find("[SECRET_1]") == std::string_view::npos) return {};
    return {"[SECRET_1]"};
  }
  std::map<std::string, std::size_t> counts() const override { return {{"secret", 1}}; }

 private:
  static std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
    std::string out(text);
    for (std::size_t at = 0; (at = out.find(what, at)) != std::string::npos; at += with.size())
      out.replace(at, what.size(), with);
    return out;
  }
};

}  // namespace jarvis::testing
