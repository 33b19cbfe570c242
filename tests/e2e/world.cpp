#include "tests/e2e/world.hpp"

#include <fstream>
#include <sstream>

#include "core/home/checkpoint/git_handles.hpp"
#include "tests/support/made_up_home.hpp"

namespace jarvis::testing {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr int kSkill = 45;

std::vector<Trace> traces_of(std::size_t count) {
  std::vector<Trace> traces;
  for (std::size_t i = 0; i < count; ++i) traces.push_back(made_up_trace(i, kSkill));
  return traces;
}

git::Repository repository_at(const fs::path& home) {
  git::start();
  return git::make<git::Repository>("open", git_repository_open_ext, home.c_str(),
                                    GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
}

}  // namespace

World::World(FakeBehaviour behaviour, std::size_t traces)
    : models(std::move(behaviour)), home(directory.path() / "home") {
  make_home(home, config_for_models(models.url()), traces_of(traces));
  environment = {{"HOME", directory.path().string()}, {"FERRENMARK_KEY", "heron"}};
}

Finished World::say(const std::vector<std::string>& words) const {
  Launch launch{{JARVIS_PROGRAM, "--home", home.string()}, environment, directory.path()};
  launch.words.insert(launch.words.end(), words.begin(), words.end());
  return run_program(launch);
}

Finished World::run(const std::vector<std::string>& words) const {
  std::vector<std::string> all{"--json"};
  all.insert(all.end(), words.begin(), words.end());
  return say(all);
}

std::string World::read(const std::string& file) const {
  std::ostringstream text;
  text << std::ifstream(home / file, std::ios::binary).rdbuf();
  return text.str();
}

void World::write(const std::string& file, const std::string& text) const {
  fs::create_directories((home / file).parent_path());
  std::ofstream(home / file, std::ios::binary) << text;
}

std::vector<std::string> World::commits() const {
  const auto repository = repository_at(home);
  git_oid id;
  git::check(git_reference_name_to_id(&id, repository.get(), "HEAD"), "read HEAD");
  std::vector<std::string> messages;
  for (auto commit = git::make<git::Commit>("commit", git_commit_lookup, repository.get(), &id);
       commit;) {
    messages.emplace_back(git_commit_message(commit.get()));
    if (git_commit_parentcount(commit.get()) == 0) break;
    commit = git::make<git::Commit>("parent", git_commit_parent, commit.get(), 0u);
  }
  return messages;
}

std::vector<std::string> World::tracked() const {
  const auto repository = repository_at(home);
  git_oid id;
  git::check(git_reference_name_to_id(&id, repository.get(), "HEAD"), "read HEAD");
  const auto commit = git::make<git::Commit>("commit", git_commit_lookup, repository.get(), &id);
  const auto tree = git::make<git::Tree>("tree", git_commit_tree, commit.get());
  std::vector<std::string> paths;
  git_tree_walk(
      tree.get(), GIT_TREEWALK_PRE,
      [](const char* root, const git_tree_entry* entry, void* out) {
        if (git_tree_entry_type(entry) == GIT_OBJECT_BLOB)
          static_cast<std::vector<std::string>*>(out)->push_back(std::string(root) +
                                                                 git_tree_entry_name(entry));
        return 0;
      },
      &paths);
  return paths;
}

json::object edit(const std::string& id, const std::string& op, const json::object& payload) {
  return {{"id", id},
          {"pillar", "any"},
          {"op", op},
          {"target", "as the payload says"},
          {"payload", payload},
          {"rationale", "because of " + id},
          {"expected_improvement", "lost-pieces"},
          {"risk_tier", "auto"},
          {"references", json::array()}};
}

json::array four_edits() {
  return {edit("worse", "set_model_for_query_class",
               {{"query_class", "math"}, {"model", "student-poor"}}),
          edit("better", "set_model_for_query_class",
               {{"query_class", "math"}, {"model", "student-large"}}),
          edit("prompt", "replace_system_prompt",
               {{"agent", "simple"},
                {"new_content",
                 "You serve the shops of Ferrenmark.\n\nWork step by step.\n"
                 "End with a line FINAL and the answer.\n"}}),
          edit("train", "lora_finetune", {{"model", "student-small"}})};
}

std::vector<std::string> statuses(const json::object& document) {
  std::vector<std::string> found;
  for (const json::value& item : document.at("edits").as_array())
    found.push_back(text_at(item, "/status"));
  return found;
}

std::string text_at(const json::value& document, const std::string& pointer) {
  boost::system::error_code error;
  const json::value* value = document.find_pointer(pointer, error);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

}  // namespace jarvis::testing
