#include <set>

#include "core/app/cli/completion.hpp"

namespace jarvis {

namespace {

constexpr char kWalk[] = R"sh(
# The command so far, as "learning run", and on lines of their own the words after it.
function __jarvis_place
    set -l place
    set -l given
    set -l words (commandline -opc)
    string match -qr '(^|/)jarvis-learning$' -- $words[1]; and set place learning
    set -l is_value 0
    for word in $words[2..-1]
        if test $is_value = 1
            set is_value 0
        else if contains -- $word (__jarvis_with_value)
            set is_value 1
        else if string match -q -- '-*' $word
            continue
        else if contains -- $word (__jarvis_names "$place")
            set place (string trim "$place $word")
        else
            set given $given $word
        end
    end
    echo $place
    string join \n -- $given
end

function __jarvis_at
    set -l here (__jarvis_place)
    test "$here[1]" = "$argv[1]"
end

# Whether positional argument N is next.
function __jarvis_at_word
    set -l here (__jarvis_place)
    test "$here[1]" = "$argv[1]" -a (count $here) -eq $argv[2]
end

function __jarvis_ids
    set -l words (commandline -opc)
    set -l home
    if set -l at (contains -i -- --home $words)
        set home --home $words[(math $at + 1)]
    end
    command $words[1] $home completion ids $argv[1] 2>/dev/null
end

function __jarvis_commands
    set -l here (__jarvis_place)
    __jarvis_names "$here[2..-1]"
end

)sh";

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

/** What an argument's value is completed from: "-x -a '…'", or a file's name. */
std::string value_of(const Argument& argument) {
  if (const std::string kind = id_kind(argument); !kind.empty())
    return " -x -a '(__jarvis_ids " + kind + ")'";
  if (argument.names == Argument::Names::file) return " -r -F";
  if (argument.names == Argument::Names::folder) return " -x -a '(__fish_complete_directories)'";
  if (argument.names == Argument::Names::command) return " -x -a '(__jarvis_commands)'";
  std::string words;
  for (const std::string& choice : argument.choices) words += (words.empty() ? "" : " ") + choice;
  return words.empty() ? " -x" : " -x -a '" + words + "'";
}

std::string row(const std::string& condition, const std::string& rest) {
  return "complete -c jarvis -c jarvis-learning -n " + quoted(condition) + rest + "\n";
}

std::string option_rows(const std::string& condition, const Argument& option) {
  std::string rest;
  for (const std::string& name : spellings(option))
    rest += name.rfind("--", 0) == 0 ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (option.form == Argument::Form::value) rest += value_of(option);
  return row(condition, rest + " -d " + quoted(option.help));
}

/** Positional arguments: file names are forced, others take the place of them. */
std::string positional_row(const std::string& path, int position, const Argument& argument) {
  const std::string condition =
      argument.repeated ? "__jarvis_at " + quoted(path)
                        : "__jarvis_at_word " + quoted(path) + " " + std::to_string(position);
  const bool is_file = argument.names == Argument::Names::file;
  const std::string value = is_file ? " -F" : value_of(argument).substr(3);
  return value.empty() ? "" : row(condition, value);
}

std::string names_function() {
  std::string rows;
  for (const Place& place : places()) {
    if (place.names.empty()) continue;
    rows += "        case " + quoted(place.path) + "\n            printf '%s\\n'";
    for (const auto& [name, summary] : place.names) rows += " " + name;
    rows += "\n";
  }
  return "function __jarvis_names\n    switch \"$argv[1]\"\n" + rows + "    end\nend\n";
}

std::string options_with_value() {
  std::set<std::string> names;
  for (const Place& place : places())
    for (const Argument& argument : place.arguments)
      if (argument.form == Argument::Form::value)
        for (const std::string& name : spellings(argument)) names.insert(name);
  std::string words;
  for (const std::string& name : names) words += " " + name;
  return "\nfunction __jarvis_with_value\n    printf '%s\\n'" + words + "\nend\n";
}

std::string rows_of(const Place& place) {
  std::string rows;
  const std::string condition = "__jarvis_at " + quoted(place.path);
  for (const auto& [name, summary] : place.names)
    rows += row(condition, " -a " + name + " -d " + quoted(summary));
  int position = 0;
  for (const Argument& argument : place.arguments)
    rows += argument.form == Argument::Form::positional
                ? positional_row(place.path, ++position, argument)
                : option_rows(condition, argument);
  return rows;
}

}  // namespace

std::string fish_script() {
  std::string text = "# Completions of fish for jarvis, written by 'jarvis completion fish'.\n\n" +
                     names_function() + options_with_value() + kWalk +
                     "complete -c jarvis -c jarvis-learning -f\n";
  for (const Place& place : places()) text += rows_of(place);
  return text;
}

}  // namespace jarvis
