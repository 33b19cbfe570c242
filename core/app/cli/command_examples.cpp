#include <map>

#include "core/app/cli/command.hpp"

namespace jarvis {

namespace {

using Examples = std::map<std::string, std::vector<Example>>;

const Examples& session_examples() {
  static const Examples examples{
      {"learning init", {{"jarvis learning init", "Prepare the home; again, it changes nothing"}}},
      {"learning run",
       {{"jarvis learning run", "One session with what config.toml says"},
        {"jarvis learning run --preview",
         "See what would be sent to the teacher, and send nothing"},
        {"jarvis learning run --trace 968884f2 --max-cost 2",
         "Have the teacher look at this trace, for 2 dollars at most"}}},
      {"learning resume",
       {{"jarvis learning resume", "Go on with the newest session that was interrupted"}}},
      {"learning loop",
       {{"jarvis learning loop --max-sessions 10 --max-total-cost 20",
         "Up to ten sessions for 20 dollars in all"}}},
      {"learning history", {{"jarvis learning history --limit 5", "The five newest sessions"}}},
      {"learning show",
       {{"jarvis learning show session-20260601",
         "The session whose id begins so, where there is one alone"}}},
      {"learning review",
       {{"jarvis learning review", "Go through what waits: approve, reject, skip or open it"},
        {"jarvis learning review --list", "The same as a list"}}},
      {"learning approve",
       {{"jarvis learning approve edit-4f1c20ab-2", "Try the edit, and apply it if it helps"}}},
      {"learning reject",
       {{"jarvis learning reject edit-4f1c20ab-2 --reason \"too long\"",
         "Drop the edit; the next plans are told the reason"}}},
      {"learning rollback",
       {{"jarvis learning rollback --last", "Take back what the newest session applied"}}},
      {"learning benchmark refresh",
       {{"jarvis learning benchmark refresh", "Make tasks of what was rated since"}}},
      {"learning benchmark show",
       {{"jarvis learning benchmark show", "How many tasks, and of what"}}},
      {"learning benchmark power",
       {{"jarvis learning benchmark power --no-calls",
         "What the gate can see, without asking the judge"}}},
      {"learning daemon start",
       {{"jarvis learning daemon start", "Have sessions run by themselves from now on"}}},
      {"learning daemon run",
       {{"jarvis -v learning daemon run", "In the foreground, and say what happens"}}},
      {"learning daemon status",
       {{"jarvis learning daemon status", "When it runs next, and why not now"}}},
      {"learning daemon stop",
       {{"jarvis learning daemon stop --timeout 30", "Stop it, and wait for half a minute"}}},
      {"learning status", {{"jarvis learning status", "What is there, and what to do next"}}}};
  return examples;
}

const Examples& other_examples() {
  static const Examples examples{
      {"ask",
       {{"jarvis ask \"How many days has June?\"", "Ask, and record the answer as a trace"},
        {"jarvis ask --agent simple < question.txt", "A long question from a file"}}},
      {"feedback score", {{"jarvis feedback score 968884f2 -s 0.5", "Half right"}}},
      {"feedback thumbs",
       {{"jarvis feedback thumbs --up", "The newest answer was right"},
        {"jarvis feedback thumbs 968884f2 --down", "That one was wrong"}}},
      {"feedback stats", {{"jarvis feedback stats", "How many are rated, and by whom"}}},
      {"feedback evaluate",
       {{"jarvis feedback evaluate --since 7d --max-cost 1",
         "The judge rates what nobody rated this week, for a dollar at most"}}},
      {"traces list",
       {{"jarvis traces list --max-feedback 0.4 --limit 50", "The newest answers that were bad"}}},
      {"traces show", {{"jarvis traces show 968884f2", "Question, answer and steps"}}},
      {"traces search",
       {{"jarvis traces search invoice total", "Traces with both of these words"}}},
      {"traces import",
       {{"jarvis traces import chats.jsonl --agent simple", "Chat logs become traces"}}},
      {"traces export",
       {{"jarvis traces export liked.jsonl --min-feedback 0.7", "The liked ones, into a file"}}},
      {"plugins list", {{"jarvis plugins list", "What is loaded, and why something is not"}}},
      {"plugins show", {{"jarvis plugins show chat", "One plugin with all that it provides"}}},
      {"plugins ops", {{"jarvis plugins ops", "What edits there are, and how they are applied"}}},
      {"plugins check",
       {{"jarvis plugins check build/lib/acme.so", "Before you put it among your plugins"}}},
      {"plugins new",
       {{"jarvis plugins new applier acme-tone", "A project in ./acme-tone that builds"}}},
      {"doctor", {{"jarvis doctor", "Each problem with the way to mend it"}}},
      {"dashboard",
       {{"jarvis dashboard", "Open it in the browser"},
        {"jarvis dashboard --port 8123 --no-open", "At this port, for a tunnel from elsewhere"}}},
      {"demo", {{"jarvis demo --dir demo-home", "Keep the home, to look around in it"}}},
      {"completion bash",
       {{"eval \"$(jarvis completion bash)\"", "For this shell; in ~/.bashrc for all"}}},
      {"completion zsh",
       {{"jarvis completion zsh > ~/.zfunc/_jarvis", "Where ~/.zfunc is in $fpath"}}},
      {"completion fish",
       {{"jarvis completion fish > ~/.config/fish/completions/jarvis.fish", "For all shells"}}},
      {"completion ids", {{"jarvis completion ids edit", "The edits that wait for review"}}},
      {"manual",
       {{"jarvis manual learning run | man -l -", "Read the page of one command"},
        {"jarvis manual --dir man1", "Write all pages"}}}};
  return examples;
}

}  // namespace

std::vector<Example> examples_of(const std::string& path) {
  for (const Examples* examples : {&session_examples(), &other_examples()})
    if (const auto found = examples->find(path); found != examples->end()) return found->second;
  return {};
}

}  // namespace jarvis
