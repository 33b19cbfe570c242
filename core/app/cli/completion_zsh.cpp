#include "core/app/cli/completion.hpp"

namespace jarvis {

namespace {

// One function of arguments for each place; _arguments reads their form, "--option[what it
// does]:what its value is:how that is completed".
constexpr char kHead[] = R"sh(#compdef jarvis jarvis-learning
# Completions of zsh for jarvis, written by 'jarvis completion zsh'.

_jarvis_ids() {
  local -a ids
  ids=(${(f)"$(command $_jarvis_program $_jarvis_home completion ids $argv[-1] 2>/dev/null)"})
  compadd "${(@)argv[1,-2]}" -a ids
}

_jarvis_commands() {
  local -a given names
  given=(${${(@)words[2,CURRENT - 1]}:#-*})
  names=(${(f)"$(_jarvis_names "${given[*]}")"})
  compadd "$@" -a names
}
)sh";

constexpr char kWalk[] = R"sh(
_jarvis() {
  local _jarvis_program=$words[1] place='' word
  local -a _jarvis_home names
  local -i at=2
  [[ ${words[1]:t} == jarvis-learning ]] && place=learning
  while (( at < CURRENT )); do
    word=$words[at]
    if [[ $word == --home ]]; then
      _jarvis_home=(--home "${words[at + 1]/#\~/$HOME}")
      (( at += 2 ))
      continue
    fi
    if [[ $word != -* ]]; then
      names=(${(f)"$(_jarvis_names "$place")"})
      (( ${names[(Ie)$word]} )) || break
      place="${place:+$place }$word"
      (( CURRENT -= at - 1 ))
      words=("${(@)words[at,-1]}")
      at=2
      continue
    fi
    (( at += 1 ))
  done
  _jarvis_at "$place"
}

if [[ $funcstack[1] == _jarvis ]]; then
  _jarvis "$@"
else
  compdef _jarvis jarvis jarvis-learning
fi
)sh";

/** As text within single quotes of a specification, where brackets and colons mean something. */
std::string quoted(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'')
      out += "'\\''";
    else if (c == ':' || c == '[' || c == ']' || c == '\\')
      out += std::string("\\") + c;
    else
      out += c;
  }
  return out;
}

std::string action_of(const Argument& argument) {
  if (const std::string kind = id_kind(argument); !kind.empty()) return "_jarvis_ids " + kind;
  if (argument.names == Argument::Names::file) return "_files";
  if (argument.names == Argument::Names::folder) return "_files -/";
  if (argument.names == Argument::Names::command) return "_jarvis_commands";
  if (argument.choices.empty()) return " ";
  std::string words;
  for (const std::string& choice : argument.choices) words += (words.empty() ? "" : " ") + choice;
  return "(" + words + ")";
}

std::string specification(const Argument& argument) {
  const std::string message = argument.value_name.empty() ? argument.name : argument.value_name;
  if (argument.form == Argument::Form::positional)
    return " \\\n        '" +
           std::string(argument.repeated   ? "*"
                       : argument.required ? ""
                                           : ":") +
           ":" + quoted(argument.name) + ":" + action_of(argument) + "'";
  std::string text;
  for (const std::string& name : spellings(argument)) {
    text += " \\\n        '" + std::string(argument.repeated ? "*" : "") + name + "[" +
            quoted(argument.help) + "]";
    if (argument.form == Argument::Form::value)
      text += ":" + quoted(long_name(argument) == message ? "value" : message) + ":" +
              action_of(argument);
    text += "'";
  }
  return text;
}

std::string rows_of_names() {
  std::string rows;
  for (const Place& place : places()) {
    if (place.names.empty()) continue;
    rows += "    '" + place.path + "') print -l";
    for (const auto& [name, summary] : place.names) rows += " " + name;
    rows += " ;;\n";
  }
  return rows;
}

std::string rows_of_places() {
  std::string rows;
  for (const Place& place : places()) {
    rows += "    '" + place.path + "')\n";
    if (!place.names.empty()) {
      rows += "      names=(\n";
      for (const auto& [name, summary] : place.names)
        rows += "        '" + name + ":" + quoted(summary) + "'\n";
      rows += "      )\n";
    }
    rows += "      _arguments -S";
    for (const Argument& argument : place.arguments) rows += specification(argument);
    if (!place.names.empty())
      rows += " \\\n        ':command:{_describe -t commands command names}'";
    rows += "\n      ;;\n";
  }
  return rows;
}

}  // namespace

std::string zsh_script() {
  return std::string(kHead) + "\n_jarvis_names() {\n  case $1 in\n" + rows_of_names() +
         "  esac\n}\n\n_jarvis_at() {\n  local -a names\n  case $1 in\n" + rows_of_places() +
         "  esac\n}\n" + kWalk;
}

}  // namespace jarvis
