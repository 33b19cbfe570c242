#include "core/app/cli/completion.hpp"

namespace jarvis {

namespace {

constexpr char kHead[] = R"sh(# Completions of bash for jarvis, written by 'jarvis completion bash'.
)sh";

// PLACE is the command so far, as "learning run". A value is looked up as "PLACE:--option" or, for
// positional argument N, as "PLACE#N".
constexpr char kWalk[] = R"sh(
_jarvis_ids() {
  command "$1" "${@:3}" completion ids "$2" 2>/dev/null
}

# Those of the words that go on from what was typed. They are compared as they are: 'compgen -W'
# would expand each of them, and run what stands in an id.
_jarvis_offer() {
  local typed=${cur#[\'\"]} word
  for word in "$@"; do
    [[ $word == "$typed"* ]] && COMPREPLY+=("$word")
  done
}

_jarvis_offer_words() {
  local -a words
  IFS=' ' read -ra words <<<"$1"
  _jarvis_offer "${words[@]}"
}

_jarvis_offer_ids() {
  local -a ids
  mapfile -t ids < <(_jarvis_ids "$@")
  _jarvis_offer "${ids[@]}"
}

_jarvis_offer_paths() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
}

_jarvis() {
  local cur=${COMP_WORDS[COMP_CWORD]} place='' option='' given='' word what i
  local -i count=0
  local -a home=()
  [[ ${COMP_WORDS[0]##*/} == jarvis-learning ]] && place=learning
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word == '=' ]]; then
      continue
    elif [[ -n $option ]]; then
      [[ $option == --home ]] && home=(--home "${word/#\~/$HOME}")
      option=''
    elif [[ $word == -* ]]; then
      case $(_jarvis_value "$place:$word") in ?*) option=$word ;; esac
    elif [[ " $(_jarvis_names "$place") " == *" $word "* ]]; then
      place=${place:+$place }$word
    else
      count+=1
      given+=${given:+ }$word
    fi
  done
  [[ $cur == '=' ]] && cur=''
  if [[ -n $option ]]; then
    what=$(_jarvis_value "$place:$option")
  elif [[ $cur == -* ]]; then
    what="words $(_jarvis_options "$place")"
  elif [[ -n $(_jarvis_names "$place") ]]; then
    what="words $(_jarvis_names "$place")"
  else
    what=$(_jarvis_value "$place#$((count + 1))")
  fi
  COMPREPLY=()
  case $what in
    'words '*) _jarvis_offer_words "${what#words }" ;;
    'ids '*) _jarvis_offer_ids "${COMP_WORDS[0]}" "${what#ids }" "${home[@]}" ;;
    commands) _jarvis_offer_words "$(_jarvis_names "$given")" ;;
    files) _jarvis_offer_paths -f ;;
    folders) _jarvis_offer_paths -d ;;
  esac
}

complete -F _jarvis jarvis jarvis-learning
)sh";

std::string case_row(const std::string& pattern, const std::string& words) {
  return "    " + pattern + ") echo '" + words + "' ;;\n";
}

std::string function(const std::string& name, const std::string& rows) {
  return "\n" + name + "() {\n  case $1 in\n" + rows + "  esac\n}\n";
}

void add(std::string& words, const std::string& word) {
  words += (words.empty() ? "" : " ") + word;
}

/** How the value of an argument is completed; empty for a flag. */
std::string value_of(const Argument& argument) {
  if (argument.form == Argument::Form::flag) return "";
  if (const std::string kind = id_kind(argument); !kind.empty()) return "ids " + kind;
  if (argument.names == Argument::Names::file) return "files";
  if (argument.names == Argument::Names::folder) return "folders";
  if (argument.names == Argument::Names::command) return "commands";
  std::string words = argument.choices.empty() ? "anything" : "words";
  for (const std::string& choice : argument.choices) add(words, choice);
  return words;
}

std::string names_rows() {
  std::string rows;
  for (const Place& place : places()) {
    std::string names;
    for (const auto& [name, summary] : place.names) add(names, name);
    if (!names.empty()) rows += case_row("'" + place.path + "'", names);
  }
  return rows;
}

std::string options_rows() {
  std::string rows;
  for (const Place& place : places()) {
    std::string options;
    for (const Argument& argument : place.arguments)
      if (argument.form != Argument::Form::positional) add(options, long_name(argument));
    rows += case_row("'" + place.path + "'", options);
  }
  return rows;
}

std::string value_rows() {
  std::string rows;
  for (const Argument& option : global_options())
    if (const std::string value = value_of(option); !value.empty())
      for (const std::string& name : spellings(option)) rows += case_row("*:" + name, value);
  for (const Command& command : command_table()) {
    int position = 0;
    for (const Argument& argument : command.arguments) {
      const std::string value = value_of(argument);
      if (value.empty()) continue;
      if (argument.form == Argument::Form::positional) {
        const std::string number = argument.repeated ? "*" : std::to_string(++position);
        rows += case_row("'" + command.path + "#'" + number, value);
        continue;
      }
      for (const std::string& name : spellings(argument))
        rows += case_row("'" + command.path + ":" + name + "'", value);
    }
  }
  return rows;
}

}  // namespace

std::string bash_script() {
  return kHead + function("_jarvis_names", names_rows()) +
         function("_jarvis_options", options_rows()) + function("_jarvis_value", value_rows()) +
         kWalk;
}

}  // namespace jarvis
