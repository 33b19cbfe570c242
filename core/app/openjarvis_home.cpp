#include "core/app/openjarvis_home.hpp"

#include <jarvis/text/student_settings.hpp>

#include "core/home/paths.hpp"
#include "core/model/json.hpp"

namespace jarvis {

namespace {

namespace fs = std::filesystem;

/** The tables and keys that OpenJarvis' init and installer write, and nobody here reads. */
constexpr const char* kItsKeys[] = {
    "installer_version", "installed_at",  "security", "server", "telemetry",
    "memory_files",      "system_prompt", "channel",  "speech"};

constexpr const char* kItsFiles[] = {"telemetry.db", "memory.db", "sessions.db", "agents.db",
                                     "audit.db",     "SOUL.md",   "anon_id",     ".state"};

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::string sign_in(const text::TomlDocument& config) {
  for (const char* key : kItsKeys)
    if (const json::value* value = config.values().if_contains(key))
      return std::string("its config.toml has ") +
             (value->is_object() ? "[" + std::string(key) + "]" : "'" + std::string(key) + "'");
  if (config.text().rfind("# OpenJarvis configuration", 0) == 0)
    return "its config.toml says so in the first line";
  return {};
}

std::string sign_in(const fs::path& home) {
  for (const char* file : kItsFiles)
    if (is_there(home / file)) return std::string("it has '") + file + "'";
  // Here a checkpoint repository is made before the first session.
  if (is_there(home / kLearningFolder / "learning.db") && !is_there(home / ".git"))
    return "its learning/ has sessions that were never checkpointed";
  return {};
}

}  // namespace

Result<HomeOrigin> origin_of(const HomeView& home) try {
  const auto config =
      text::TomlDocument::parse(content_of(home, text::kConfigFile).value_or(""), "config.toml");
  const text::TomlPath student{"learning", "distillation", "student"};
  text::TomlPath dialect = student;
  dialect.push_back("dialect");
  HomeOrigin origin{sign_in(config), config.find(dialect) != nullptr, config.line_of(student)};
  if (origin.sign.empty()) origin.sign = sign_in(home.root());
  return origin;
} catch (const sdk::Failure& failure) {
  return Error{ErrorKind::configuration, failure.what(), "mend config.toml"};
}

}  // namespace jarvis
