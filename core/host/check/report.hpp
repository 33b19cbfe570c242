#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/host/manifest.hpp"

namespace jarvis {

enum class CheckStatus { pass, fail, skipped };

std::string_view to_string(CheckStatus status);  ///< "pass", "fail", "skipped"

/** One thing that was looked at. */
struct CheckLine {
  std::string name;  ///< what is demanded: "exports one symbol"
  CheckStatus status = CheckStatus::pass;
  std::string message;  ///< of a failure the cause, else a note; may be empty
  std::string hint;     ///< of a failure what to do
};

/** What became of a check of one plugin. */
struct CheckReport {
  Manifest manifest;  ///< as far as it could be read
  std::filesystem::path library;
  std::string sha256;  ///< of the library as it is; empty when there is none
  std::vector<CheckLine> lines;

  bool ok() const { return failures() == 0; }
  std::size_t failures() const;

  void pass(const std::string& name, const std::string& note = {});
  void fail(const std::string& name, const std::string& why, const std::string& hint);
  void skip(const std::string& name, const std::string& why);
  /** pass when `problem` is empty, else fail; gives whether it passed. */
  bool judge(const std::string& name, const std::string& problem, const std::string& hint);
};

/** "op set_note", "teacher acme": what a thing is called in a check's name. */
std::string label_of(const std::string& interface, const std::string& id);

}  // namespace jarvis
