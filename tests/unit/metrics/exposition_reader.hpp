#pragma once

#include <doctest/doctest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace jarvis::testing {

/** Reads the text form of Prometheus, version 0.0.4, and fails the test where it breaks a rule:
 * HELP and TYPE once and before the samples of a metric, these together, names and labels well
 * formed, no sample twice, a counter's name with "_total", a newline at the end. */
class ExpositionReader {
 public:
  explicit ExpositionReader(const std::string& text) {
    CHECK(!text.empty());
    CHECK(text.back() == '\n');
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      CAPTURE(line);
      if (line.rfind("# ", 0) == 0)
        read_comment(line);
      else
        read_sample(line);
    }
  }

  /** Of `sessions{status="failed"}`; fails where there is none. */
  double at(const std::string& sample) const {
    const auto found = samples.find("jarvis_learning_" + sample);
    REQUIRE_MESSAGE(found != samples.end(), sample);
    return found->second;
  }
  bool has(const std::string& sample) const {
    return samples.count("jarvis_learning_" + sample) > 0;
  }

  std::map<std::string, double> samples;
  std::map<std::string, std::string> types;

 private:
  void read_comment(const std::string& line) {
    static const std::regex form(R"(# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+))");
    std::smatch match;
    REQUIRE(std::regex_match(line, match, form));
    const std::string name = match[2];
    if (match[1] == "HELP") {
      CHECK(helped_.insert(name).second);
      return;
    }
    CHECK(helped_.count(name) == 1);
    CHECK(types.emplace(name, match[3]).second);
    const bool is_counter = match[3] == "counter";
    const bool is_known = is_counter || match[3] == "gauge";
    CHECK(is_known);
    CHECK(is_counter == (name.size() > 6 && name.substr(name.size() - 6) == "_total"));
    family_ = name;
  }

  void read_sample(const std::string& line) {
    static const std::regex form(
        R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)(\{([a-z_]+="([^"\\]|\\["\\n])*",?)+\})? ([-+0-9.eE]+|NaN))re");
    std::smatch match;
    REQUIRE(std::regex_match(line, match, form));
    CHECK(match[1] == family_);
    CHECK(samples.emplace(match[1].str() + match[2].str(), std::stod(match[5])).second);
  }

  std::set<std::string> helped_;
  std::string family_;
};

}  // namespace jarvis::testing
