#include <charconv>

#include "core/app/cli/commands.hpp"

namespace jarvis {

namespace {

using Form = Argument::Form;
using Names = Argument::Names;

Argument flag(const std::string& name, const std::string& help) {
  return {Form::flag, name, "", help};
}

Argument value(const std::string& name, const std::string& value_name, const std::string& help) {
  const Names names = value_name == "FILE"                          ? Names::file
                      : value_name == "DIR" || value_name == "HOME" ? Names::folder
                                                                    : Names::anything;
  return {Form::value, name, value_name, help, false, false, {}, names};
}

Argument choice(const std::string& name, const std::string& help,
                std::vector<std::string> choices) {
  return {Form::value, name, "", help, false, false, std::move(choices)};
}

Argument many(const std::string& name, const std::string& value_name, const std::string& help) {
  return {Form::value, name, value_name, help, false, true};
}

Argument positional(const std::string& name, const std::string& help, bool required = true) {
  return {Form::positional, name, "", help, required};
}

Argument naming(Names names, Argument argument) {
  argument.names = names;
  return argument;
}

Argument session(bool required = true) {
  return naming(Names::session,
                positional("session",
                           required ? "Session id or a unique beginning of one"
                                    : "Session id or a unique beginning of one; else the newest",
                           required));
}

Argument edit() {
  return naming(Names::edit, positional("edit", "Edit id or a unique beginning of one"));
}

Argument trace() {
  return naming(Names::trace, positional("trace", "Trace id or a unique beginning of one"));
}

Argument words(const std::string& name, const std::string& help) {
  return {Form::positional, name, "", help, false, true};
}

Argument required_value(const std::string& name, const std::string& value_name,
                        const std::string& help) {
  return {Form::value, name, value_name, help, true};
}

Argument one_or_more(const std::string& name, const std::string& help) {
  return {Form::positional, name, "", help, true, true};
}

Argument one_of(const std::string& name, const std::string& help,
                std::vector<std::string> choices) {
  return {Form::positional, name, "", help, true, false, std::move(choices)};
}

Argument allow_side_effects() {
  return many("--allow-side-effects", "TOOL",
              "Let the student really run this tool while it is measured (may be repeated)");
}

std::vector<Command> make_table() {
  return {
      {"learning init",
       "Make learning/ and the checkpoint repository, with a baseline commit",
       {},
       learning_init},
      {"learning run",
       "Run one session now: diagnose, plan, try each edit, record",
       {choice("--autonomy", "Which edits are tried unasked", {"auto", "tiered", "manual"}),
        naming(Names::trace,
               many("--trace", "ID", "Hand this trace to the teacher (may be repeated)")),
        value("--max-cost", "USD", "The most that this session may spend"), allow_side_effects(),
        flag("--preview", "Show exactly what would be sent to the teacher, and send nothing"),
        flag("--local", "Refuse any endpoint off this machine's network")},
       learning_run},
      {"learning resume",
       "Go on with an interrupted session, without paying again for what is done",
       {session(false), allow_side_effects()},
       learning_resume},
      {"learning loop",
       "Run sessions until five in a row bring no gain, or a limit is reached",
       {choice("--autonomy", "Which edits are tried unasked", {"auto", "tiered", "manual"}),
        value("--max-sessions", "N", "At most N sessions"),
        value("--max-total-cost", "USD", "The most that all of them may spend"),
        flag("--local", "Refuse any endpoint off this machine's network")},
       learning_loop},
      {"learning history",
       "List past sessions, newest first",
       {value("--limit", "N", "At most N sessions")},
       learning_history},
      {"learning show",
       "Show one session: clusters, edits, verdicts, costs; or write a report of it",
       {session(),
        value("--html", "FILE", "Write a report to send to somebody, as one page; - is stdout"),
        value("--md", "FILE", "The same as Markdown"),
        value("--otlp", "FILE", "Write its spans for OpenTelemetry (OTLP JSON)")},
       learning_show},
      {"learning review",
       "Go through the edits that wait for approval; a list of them without a terminal",
       {flag("--list", "List them, each with its diff, and ask nothing"), allow_side_effects()},
       learning_review},
      {"learning approve",
       "Try a queued edit through the gate and apply it if it helps",
       {edit(), allow_side_effects()},
       learning_approve},
      {"learning reject",
       "Drop a queued edit",
       {edit(), value("--reason", "TEXT", "Why")},
       learning_reject},
      {"learning rollback",
       "Take a session's applied edits back with revert commits",
       {naming(Names::session,
               positional("session", "Session id or a unique beginning of one", false)),
        flag("--last", "The newest session with applied edits")},
       learning_rollback},
      {"learning benchmark refresh",
       "Mine rated traces for new tasks and write the next version",
       {flag("--retry-unsure", "Also ask again where two answers of the teacher disagreed")},
       learning_benchmark_refresh},
      {"learning benchmark show",
       "Show the personal benchmark's statistics",
       {},
       learning_benchmark_show},
      {"learning benchmark power",
       "Say the smallest gain that the gate can see, and how steady the judge is",
       {flag("--no-calls", "Ask the judge nothing: report what is known of it already")},
       learning_benchmark_power},
      {"learning daemon start",
       "Start the daemon, which runs sessions by schedule and after alike failures",
       {},
       learning_daemon_start},
      {"learning daemon run",
       "The same in the foreground, for systemd and containers",
       {},
       learning_daemon_run},
      {"learning daemon status",
       "Say what the daemon waits for, when it runs next, and what the last run came to",
       {},
       learning_daemon_status},
      {"learning daemon stop",
       "Stop the daemon: the call at work ends, its session can be gone on with",
       {value("--timeout", "SECONDS", "Wait so long for it (150)")},
       learning_daemon_stop},
      {"learning status",
       "One screen: what is there and what is missing for the next step",
       {},
       learning_status},
      {"ask",
       "Ask the student, and record the answer as a trace",
       {words("text", "The question; on standard input where it is left out"),
        value("--agent", "NAME", "This agent, not the home's default one"),
        value("--model", "NAME", "This model, not the one that the home chooses")},
       ask},
      {"feedback score",
       "Rate an answer from 0 (wrong) to 1 (right)",
       {trace(), required_value("-s,--score", "X", "A number from 0 to 1")},
       feedback_score},
      {"feedback thumbs",
       "Rate an answer with a thumb: up is 1, down is 0",
       {naming(
            Names::trace,
            positional("trace", "Trace id or a unique beginning of one; else the newest", false)),
        flag("--last", "The newest trace"), flag("--up", "It is right"),
        flag("--down", "It is wrong")},
       feedback_thumbs},
      {"feedback stats",
       "Count the rated traces: liked, disliked, by agent, and whose ratings they are",
       {},
       feedback_stats},
      {"feedback evaluate",
       "Let the judge rate traces that nobody rated; a person's rating always stands",
       {value("--since", "TIME", "Only traces of the last 7d, 12h or 30m"),
        value("--limit", "N", "At most N traces, the newest first"),
        value("--max-cost", "USD", "The most that this may spend")},
       feedback_evaluate},
      {"traces list",
       "List recorded traces, newest first",
       {value("--limit", "N", "At most N traces"), value("--agent", "NAME", "Only of this agent"),
        value("--min-feedback", "X", "Only rated X or better"),
        value("--max-feedback", "X", "Only rated X or worse")},
       traces_list},
      {"traces show", "Show one trace with its steps", {trace()}, traces_show},
      {"traces search",
       "Find traces by words in question, answer and agent, newest first",
       {one_or_more("words", "Words that must all occur"),
        value("--limit", "N", "At most N traces")},
       traces_search},
      {"traces import",
       "Add traces from files: our own JSONL, chat logs, OpenTelemetry spans, another traces.db",
       {naming(Names::file, one_or_more("file", "The files; - is stdin")),
        choice("--format", "The format; auto (the default) tells it by the content",
               {"auto", "jsonl", "openai", "otlp", "traces-db"}),
        value("--agent", "NAME", "The agent of traces that name none (external)")},
       traces_import},
      {"traces export",
       "Write traces as JSONL, which 'traces import' reads",
       {naming(Names::file, positional("file", "Where to; stdout when absent", false)),
        value("--agent", "NAME", "Only of this agent"),
        value("--min-feedback", "X", "Only rated X or better"),
        value("--max-feedback", "X", "Only rated X or worse")},
       traces_export},
      {"plugins list",
       "List plugins: what is loaded, from where, and why something is not",
       {},
       plugins_list},
      {"plugins show",
       "Show one plugin with all that it provides",
       {naming(Names::plugin, positional("plugin", "Plugin id"))},
       plugins_show},
      {"doctor",
       "Check the home, keys, servers and plugins; say how to mend each problem",
       {},
       doctor},
      {"plugins ops", "List the registered ops with tier and applier", {}, plugins_ops},
      {"plugins check",
       "Judge a plugin before it is installed: all that the host demands, and what to mend",
       {naming(Names::file, positional("plugin", "Its library (FILE.so) or its folder")),
        value("--copy-of", "HOME", "Try edits on copies of this home, not on a made-up one")},
       plugins_check},
      {"plugins new",
       "Write the project of a new plugin: builds, has a test, and does something small",
       {one_of("kind", "What it is: applier, tool, teacher, student or judge",
               {"applier", "tool", "teacher", "student", "judge"}),
        positional("name", "Its name: lower-case letters, digits, - and _"),
        value("--dir", "DIR", "Make the project's folder in DIR instead of here"),
        choice("--lang", "The language: cpp (the default) or c", {"cpp", "c"})},
       plugins_new},
      {"dashboard",
       "Serve the local web page: sessions, review, benchmark, traces; until Ctrl-C",
       {value("--port", "N", "The port on 127.0.0.1; a free one when absent"),
        flag("--no-open", "Only print the link; open no browser")},
       dashboard_serve},
      {"demo",
       "A whole session on a made-up home with rehearsal plugins: offline, in seconds",
       {value("--dir", "DIR", "Make the demo home in DIR and keep it")},
       demo},
      {"completion bash",
       "Write the completions of bash: eval \"$(jarvis completion bash)\" in ~/.bashrc",
       {},
       completion_bash,
       false},
      {"completion zsh",
       "Write the completions of zsh: to a file _jarvis in a folder of $fpath",
       {},
       completion_zsh,
       false},
      {"completion fish",
       "Write the completions of fish: to ~/.config/fish/completions/jarvis.fish",
       {},
       completion_fish,
       false},
      {"completion ids",
       "List the ids that a shell can complete, newest first",
       {one_of("kind", "What of", {"session", "edit", "trace", "plugin"})},
       completion_ids},
      {"manual",
       "Write a man page: of the program, or of one command",
       {naming(Names::command, words("command", "The command; the program itself when absent")),
        value("--dir", "DIR", "Write the pages of all commands into DIR instead")},
       manual,
       false},
  };
}

}  // namespace

const std::vector<Command>& command_table() {
  static const std::vector<Command> table = make_table();
  return table;
}

int exit_status(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return 2;
    case ErrorKind::not_ready:
      return 3;
    case ErrorKind::locked:
      return 4;
    case ErrorKind::dirty:
      return 5;
    default:
      return 1;
  }
}

std::string Arguments::text(const std::string& name, const std::string& fallback) const {
  const auto found = values_.find(name);
  return found == values_.end() ? fallback : found->second.back();
}

std::vector<std::string> Arguments::list(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

namespace {

template <class Number>
Result<std::optional<Number>> parsed(const Arguments& arguments, const std::string& name,
                                     const std::string& kind) {
  if (!arguments.has(name)) return std::optional<Number>();
  const std::string text = arguments.text(name);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !(number >= 0))
    return Error{ErrorKind::usage, "'" + text + "' is not " + kind + " for " + name, ""};
  return std::optional<Number>(number);
}

}  // namespace

Result<std::optional<double>> Arguments::number(const std::string& name) const {
  return parsed<double>(*this, name, "a number");
}

Result<std::optional<std::int64_t>> Arguments::count(const std::string& name) const {
  return parsed<std::int64_t>(*this, name, "a whole number");
}

}  // namespace jarvis
