#pragma once

#include <string>
#include <utility>
#include <vector>

namespace jarvis {

/** Metrics in the text form of Prometheus, version 0.0.4. */
class Exposition {
 public:
  using Labels = std::vector<std::pair<std::string, std::string>>;

  /** The samples that follow are of this metric. `name` goes without the program's prefix; a
   * counter's ends in "_total". */
  void gauge(const std::string& name, const std::string& help);
  void counter(const std::string& name, const std::string& help);
  void sample(double value, const Labels& labels = {});

  const std::string& text() const { return text_; }

 private:
  void family(const std::string& name, const char* type, const std::string& help);

  std::string name_;
  std::string text_;
};

}  // namespace jarvis
