#include "tests/support/made_up_home.hpp"

#include <array>
#include <jarvis/text/toml_document.hpp>
#include <regex>
#include <stdexcept>

#include "core/base/atomic_file.hpp"
#include "core/base/digest.hpp"
#include "core/home/traces/trace_writer.hpp"

namespace jarvis::testing {

namespace fs = std::filesystem;

namespace {

constexpr double kFirst = 1772359200;  // 2026-03-01 10:00 UTC
constexpr double kBetween = 900;

constexpr std::array<const char*, 5> kShops{"bakery", "pottery", "orchard", "printer", "dairy"};

constexpr const char* kConfig = R"(# The shops of Ferrenmark. Each of these comments must stay.
[intelligence]
default_model = "student-small"   # the cheap one

[agent]
default_agent = "simple"

[agent.simple]
max_turns = 3                     # they are busy

[learning.routing.policy_map]
short = "student-small"

[learning.distillation]
teacher_model = "claude-opus-4-6"

[learning.distillation.teacher]
base_url = "{url}"
api_key_env = "FERRENMARK_KEY"
max_retries = 0

[learning.distillation.student]
base_url = "{url}"

[learning.distillation.judge]
engine = "openai"
model = "judge-lines"
base_url = "{url}"
max_retries = 0
)";

void required(const Result<void>& done) {
  if (!done) throw std::runtime_error(done.error().message);
}

void write(const fs::path& path, const std::string& text) {
  required(make_private_directory(path.parent_path()));
  required(write_file_atomically(path, text));
}

constexpr std::array<const char*, 6> kBirds{"heron", "magpie", "plover",
                                            "wren",  "curlew", "dunlin"};

const std::regex& order_pattern() {
  static const std::regex pattern("\\border (\\d+) ");
  return pattern;
}

/** Every fourth question is about the atlas, so that there are two query classes. */
bool is_about_towns(std::size_t index) {
  return index % 4 == 3;
}

}  // namespace

std::string question(std::size_t index) {
  const std::string number = std::to_string(index);
  const std::string shop = kShops[stable_hash("shop " + number) % kShops.size()];
  if (is_about_towns(index))
    return "Which town does the atlas of Ferrenmark show where the " + shop + " sends order " +
           number + " with the sign of the " +
           kBirds[stable_hash("bird " + number) % kBirds.size()] + "?";
  return "The " + shop + " of Ferrenmark packs order " + number + " into " +
         std::to_string(index % 7 + 3) + " crates of " + std::to_string(index % 11 + 12) +
         " pieces, and the " + kBirds[stable_hash("bird " + number) % kBirds.size()] +
         " breaks 5. How many pieces are left?";
}

std::string right_answer(std::size_t index) {
  return is_about_towns(index) ? "Birdsford-" + std::to_string(index)
                               : std::to_string((index % 7 + 3) * (index % 11 + 12) - 5);
}

bool is_within(std::size_t index, int skill) {
  return static_cast<int>(stable_hash("skill " + std::to_string(index)) % 100) < skill;
}

bool holds_question(const std::string& text) {
  return std::regex_search(text, order_pattern());
}

std::size_t number_of(const std::string& text) {
  std::smatch match;
  if (!std::regex_search(text, match, order_pattern()))
    throw std::runtime_error("no question in: " + text);
  return std::stoul(match[1]);
}

Trace made_up_trace(std::size_t index, int skill) {
  const bool right = is_within(index, skill);
  Trace trace;
  trace.id = sha256("made-up trace " + std::to_string(index)).substr(0, 16);
  trace.query = question(index);
  trace.agent = "simple";
  trace.model = "student-small";
  trace.result = "I think so.\nFINAL " + (right ? right_answer(index) : std::string("unknown"));
  trace.feedback = right ? 1.0 : 0.0;
  trace.started_at = kFirst + kBetween * static_cast<double>(index);
  trace.ended_at = trace.started_at + 1.5;
  trace.total_latency_seconds = 1.5;
  trace.total_tokens = 120;
  trace.metadata = json::object{};
  trace.messages = json::array{};
  TraceStep step;
  step.type = "generate";
  step.timestamp = trace.started_at;
  step.duration_seconds = 1.5;
  step.input = json::object{{"model", trace.model}};
  step.output = json::object{{"content", trace.result}, {"tokens", 120}, {"finish_reason", "stop"}};
  step.metadata = json::object{};
  trace.steps = {step};
  return trace;
}

std::string config_for_models(const std::string& url) {
  std::string text = kConfig;
  for (std::size_t at = 0; (at = text.find("{url}", at)) != std::string::npos; at += url.size())
    text.replace(at, 5, url);
  return text;
}

void make_home(const fs::path& home, const std::string& config, const std::vector<Trace>& traces) {
  write(home / "config.toml", config);
  write(home / "agents" / "simple" / "system_prompt.md",
        "You serve the shops of Ferrenmark.\n\nEnd with a line FINAL and the answer.\n");
  write(home / "tools" / "descriptions.toml", "[think]\ndescription = \"Write a private note.\"\n");
  required(create_trace_database(home / "traces.db"));
  if (!traces.empty()) required(insert_traces(home / "traces.db", traces));
}

void set_config(const fs::path& home, const std::vector<std::string>& path,
                const json::value& value) {
  const auto text = read_file(home / "config.toml");
  if (!text) throw std::runtime_error(text.error().message);
  auto document = text::TomlDocument::parse(*text, "config.toml");
  document.set(path, value);
  write(home / "config.toml", document.text());
}

}  // namespace jarvis::testing
