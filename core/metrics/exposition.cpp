#include "core/metrics/exposition.hpp"

#include <charconv>
#include <cmath>

#include "core/base/visible_text.hpp"

namespace jarvis {

namespace {

constexpr const char* kPrefix = "jarvis_learning_";

std::string escaped(const std::string& text, bool is_label) {
  std::string out;
  for (const char c : visible(text)) {
    if (c == '\\' || (is_label && c == '"')) out += '\\';
    out += c;
  }
  return out;
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);
  return std::string(text, end);
}

}  // namespace

void Exposition::gauge(const std::string& name, const std::string& help) {
  family(name, "gauge", help);
}

void Exposition::counter(const std::string& name, const std::string& help) {
  family(name, "counter", help);
}

void Exposition::family(const std::string& name, const char* type, const std::string& help) {
  name_ = kPrefix + name;
  text_ += "# HELP " + name_ + " " + escaped(help, false) + "\n";
  text_ += "# TYPE " + name_ + " " + type + "\n";
}

void Exposition::sample(double value, const Labels& labels) {
  text_ += name_;
  for (std::size_t i = 0; i < labels.size(); ++i)
    text_ +=
        (i == 0 ? "{" : ",") + labels[i].first + "=\"" + escaped(labels[i].second, true) + "\"";
  text_ += (labels.empty() ? " " : "} ") + number(value) + "\n";
}

}  // namespace jarvis
