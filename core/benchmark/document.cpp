#include "core/benchmark/document.hpp"

#include <cmath>
#include <set>

#include "core/model/json.hpp"

namespace jarvis {

namespace {

constexpr const char* kSchema = "personal-benchmark/1";

json::object to_json(const Task& task) {
  return {{"id", task.id},
          {"query", task.query},
          {"query_class", task.query_class},
          {"agent", task.agent},
          {"stratum", task.stratum == Stratum::retain ? "retain" : "repair"},
          {"part", task.part == Part::practice ? "practice" : "held_out"},
          {"weight", task.weight},
          {"gold", task.gold},
          {"gold_source", task.gold_source},
          {"trace_id", task.trace_id}};
}

json::object to_json(const Provenance& provenance) {
  return {{"version", provenance.version},
          {"created_at", provenance.created_at},
          {"teacher_model", provenance.teacher_model},
          {"judge_model", provenance.judge_model},
          {"gold_prompt_sha256", provenance.gold_prompt_sha256},
          {"cost_usd", provenance.cost_usd},
          {"task_ids", json::value_from(provenance.task_ids)},
          {"trace_ids", json::value_from(provenance.trace_ids)}};
}

template <class Item>
std::string lines_of(const std::vector<Item>& items) {
  std::string text = "[";
  for (std::size_t i = 0; i < items.size(); ++i)
    text += (i > 0 ? ",\n    " : "\n    ") + json::serialize(to_json(items[i]));
  return text + "\n  ]";
}

/** The word at `key`, which must be one of the two. */
bool is_first(const json::object& object, const char* key, std::string_view first,
              std::string_view second) {
  const std::string word = sdk::required_string(object, key);
  if (word != first && word != second)
    throw sdk::invalid("field '" + std::string(key) + "' is neither \"" + std::string(first) +
                       "\" nor \"" + std::string(second) + "\"");
  return word == first;
}

Task task_of(const json::object& object) {
  Task task;
  task.id = sdk::required_string(object, "id");
  task.query = sdk::required_string(object, "query");
  task.query_class = sdk::required_string(object, "query_class");
  task.agent = sdk::optional_string(object, "agent");
  task.gold = sdk::required_string(object, "gold");
  task.gold_source = sdk::required_string(object, "gold_source");
  task.trace_id = sdk::required_string(object, "trace_id");
  task.stratum =
      is_first(object, "stratum", "retain", "repair") ? Stratum::retain : Stratum::repair;
  task.part = is_first(object, "part", "practice", "held_out") ? Part::practice : Part::held_out;
  const auto weight = sdk::optional_number(object, "weight");
  if (!weight || !std::isfinite(*weight) || *weight <= 0)
    throw sdk::invalid("field 'weight' is not a number above 0");
  task.weight = *weight;
  if (task.id.empty() || task.query.empty() || task.gold.empty())
    throw sdk::invalid("id, query or gold is empty");
  return task;
}

Provenance provenance_of(const json::object& object) {
  return {sdk::required_string(object, "version"),
          sdk::optional_string(object, "created_at"),
          sdk::optional_string(object, "teacher_model"),
          sdk::optional_string(object, "judge_model"),
          sdk::optional_string(object, "gold_prompt_sha256"),
          sdk::optional_number(object, "cost_usd").value_or(0),
          sdk::strings_of(sdk::optional_array(object, "task_ids")),
          sdk::strings_of(sdk::optional_array(object, "trace_ids"))};
}

const json::object& object_in(const json::value& value, const std::string& what) {
  if (!value.is_object()) throw sdk::invalid(what + " is not a JSON object");
  return value.as_object();
}

std::vector<Task> tasks_of(const json::object& document) {
  const json::value* array = document.if_contains("tasks");
  if (!array || !array->is_array()) throw sdk::invalid("field 'tasks' is not an array");
  std::vector<Task> tasks;
  std::set<std::string> ids;
  for (const json::value& value : array->as_array()) {
    const std::string where = "task " + std::to_string(tasks.size() + 1);
    try {
      tasks.push_back(task_of(object_in(value, "it")));
    } catch (const sdk::Failure& failure) {
      throw sdk::invalid(where + ": " + failure.what());
    }
    if (!ids.insert(tasks.back().id).second)
      throw sdk::invalid(where + ": id '" + tasks.back().id + "' occurs twice");
  }
  return tasks;
}

BenchmarkFile file_of(const json::object& document) {
  if (const std::string schema = sdk::required_string(document, "schema"); schema != kSchema)
    throw sdk::invalid("its schema is '" + schema + "', not '" + kSchema + "'");
  BenchmarkFile file;
  Benchmark& benchmark = file.benchmark;
  benchmark.version = sdk::required_string(document, "version");
  benchmark.number = static_cast<int>(sdk::optional_integer(document, "number"));
  if (benchmark.version != "personal_v" + std::to_string(benchmark.number))
    throw sdk::invalid("fields 'version' and 'number' differ");
  benchmark.created_at = sdk::required_string(document, "created_at");
  benchmark.cost_usd = sdk::optional_number(document, "cost_usd").value_or(0);
  benchmark.teacher_model = sdk::optional_string(document, "teacher_model");
  benchmark.judge_model = sdk::optional_string(document, "judge_model");
  benchmark.tasks = tasks_of(document);
  for (const json::value& value : sdk::optional_array(document, "provenance"))
    file.provenance.push_back(provenance_of(object_in(value, "an entry of 'provenance'")));
  file.unsure_task_ids = sdk::strings_of(sdk::optional_array(document, "unsure_task_ids"));
  return file;
}

}  // namespace

std::string benchmark_text(const BenchmarkFile& file) {
  const Benchmark& benchmark = file.benchmark;
  const json::object head{{"schema", kSchema},
                          {"version", benchmark.version},
                          {"number", benchmark.number},
                          {"created_at", benchmark.created_at},
                          {"cost_usd", benchmark.cost_usd},
                          {"teacher_model", benchmark.teacher_model},
                          {"judge_model", benchmark.judge_model},
                          {"unsure_task_ids", json::value_from(file.unsure_task_ids)}};
  std::string text = "{\n";
  for (const auto& field : head)
    text += "  " + json::serialize(json::value(field.key())) + ": " +
            json::serialize(field.value()) + ",\n";
  text += "  \"provenance\": " + lines_of(file.provenance) + ",\n";
  return text + "  \"tasks\": " + lines_of(benchmark.tasks) + "\n}\n";
}

Result<BenchmarkFile> parse_benchmark(const std::string& text) {
  try {
    return file_of(sdk::parse_object(text, "it"));
  } catch (const sdk::Failure& failure) {
    return Error{ErrorKind::invalid, failure.what(), failure.hint()};
  }
}

}  // namespace jarvis
