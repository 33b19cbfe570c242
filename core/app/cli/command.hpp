#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/model/json.hpp"
#include "core/model/result.hpp"

namespace jarvis {

class Application;
class Output;

/** A flag ("--last"), an option with a value ("--limit N") or a positional argument ("SESSION"). */
struct Argument {
  enum class Form { flag, value, positional };
  Form form = Form::flag;
  /** "--limit", "-s,--score" (known to the handler by the long one), or "session" for a positional
   */
  std::string name;
  std::string value_name;
  std::string help;
  bool required = false;
  bool repeated = false;
  std::vector<std::string> choices = {};
  /** What it names; a shell completes it. */
  enum class Names { anything, file, folder, session, edit, trace, plugin, command };
  Names names = Names::anything;
};

/** "--score" of "-s,--score". */
std::string long_name(const Argument& argument);

/** What stood on the command line. */
class Arguments {
 public:
  bool has(const std::string& name) const { return values_.count(name) != 0; }
  std::string text(const std::string& name, const std::string& fallback = {}) const;
  std::vector<std::string> list(const std::string& name) const;
  /** usage when it is not a number of the kind. */
  Result<std::optional<double>> number(const std::string& name) const;
  Result<std::optional<std::int64_t>> count(const std::string& name) const;
  void add(const std::string& name, const std::string& value) { values_[name].push_back(value); }

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

/** A whole command line, and what it does in one line. */
struct Example {
  std::string line;
  std::string does;
};

/** One row of the command table. To add a command: write its file in this folder, declare its
 * handler in commands.hpp and add its row in command_table.cpp; a test runs `--help` of every row.
 */
struct Command {
  std::string path;  ///< "learning run"
  std::string summary;
  std::vector<Argument> arguments;
  /** Gives the exit status; an error is printed in the error form and decides the status by its
   * kind. */
  Result<int> (*handler)(Application&, const Arguments&, Output&);
  /** It works where no home can be told, and asks for none. */
  bool needs_home = true;
};

const std::vector<Command>& command_table();

/** What the command of this path is shown to do in its help; rows in command_examples.cpp. */
std::vector<Example> examples_of(const std::string& path);

/** The options that stand before or after any command, without --help and --version. */
const std::vector<Argument>& global_options();

/** What a group of commands ("learning", "learning benchmark") is about; empty for another path. */
std::string group_summary(const std::string& path);

/** The names of the commands and groups directly below a group, with what they are about; of the
 * program itself below "". In the order of the table. */
std::vector<std::pair<std::string, std::string>> names_below(const std::string& group);

/** The first sentence of the program's help. */
extern const char* const kProgramSummary;

/** 0 done, 1 failed, 2 usage, 3 not ready, 4 locked, 5 dirty. */
int exit_status(ErrorKind kind);

}  // namespace jarvis
