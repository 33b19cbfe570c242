#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <jarvis/sdk/payload/generate.hpp>
#include <jarvis/sdk/payload/judge.hpp>
#include <jarvis/sdk/payload/student.hpp>
#include <jarvis/testing/loaded_plugin.hpp>
#include <string>
#include <vector>

#include "plugins/shared/rehearsal_student.hpp"

namespace jarvis::rehearsal::testing {

namespace json = boost::json;
using jarvis::testing::Answer;

/** The rehearsal's real shared object and a home of its own. */
struct Bench {
  jarvis::testing::LoadedPlugin plugin{PLUGIN_DIR "/rehearsal.so"};
  jarvis::testing::FakeHost host;
  std::filesystem::path home;

  Bench() {
    std::string name = (std::filesystem::temp_directory_path() / "rehearsal-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("cannot make a temporary directory");
    home = name;
  }
  ~Bench() { std::filesystem::remove_all(home); }

  void write(const std::string& relative, const std::string& text) const {
    std::filesystem::create_directories((home / relative).parent_path());
    std::ofstream(home / relative, std::ios::binary) << text;
  }

  Answer run(const std::string& query, const std::string& query_class,
             const std::string& agent = "simple") {
    const auto& table = plugin.of<jarvis_student_runner_1>(JARVIS_STUDENT_RUNNER_1);
    return plugin.call(
        table.run, sdk::to_json(sdk::StudentRequest{home.string(), query, query_class, agent, ""}),
        host);
  }

  Answer probe() {
    const auto& table = plugin.of<jarvis_student_runner_1>(JARVIS_STUDENT_RUNNER_1);
    return plugin.call(table.probe, sdk::to_json(sdk::ProbeRequest{home.string(), ""}), host);
  }

  Answer generate(const sdk::GenerateRequest& request) {
    const auto& table = plugin.of<jarvis_teacher_engine_1>(JARVIS_TEACHER_ENGINE_1);
    return plugin.call(table.generate, sdk::to_json(request), host);
  }

  double judge(const std::string& query, const std::string& gold, const std::string& answer) {
    const auto& table = plugin.of<jarvis_judge_1>(JARVIS_JUDGE_1);
    const Answer judged =
        plugin.call(table.score, sdk::to_json(sdk::JudgeRequest{query, gold, answer}), host);
    if (!judged.ok()) throw std::runtime_error(judged.message);
    return judged.result.at("score").as_double();
  }

  /** For each question of a class ("math" or "short"), whether the home's student has it right. */
  std::vector<bool> right(const std::string& query_class) {
    std::vector<bool> results;
    for (std::size_t i = 0; i < 100; ++i) {
      const std::string query = question_text(i);
      const auto question = parse_question(query);
      if (question->is_math() != (query_class == "math")) continue;
      const Answer answer = run(query, query_class);
      if (!answer.ok()) throw std::runtime_error(answer.message);
      const std::string output(answer.result.at("output").as_string());
      results.push_back(judge(query, "A: " + work_out(*question).answer, output) == 1.0);
    }
    return results;
  }

  /** The share that is right. */
  double score(const std::string& query_class) {
    const std::vector<bool> results = right(query_class);
    double sum = 0;
    for (const bool result : results) sum += result ? 1 : 0;
    return sum / static_cast<double>(results.size());
  }
};

}  // namespace jarvis::rehearsal::testing
