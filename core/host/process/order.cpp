#include "core/host/process/order.hpp"

namespace jarvis {

json::object to_json(const ProcessOrder& order) {
  return {{"words", json::value_from(order.words)},
          {"directory", order.directory},
          {"input", order.input},
          {"environment", sdk::texts_to_json(order.environment)},
          {"seconds", order.seconds},
          {"most_output_bytes", order.most_output_bytes},
          {"is_confined", order.is_confined},
          {"network", order.network},
          {"has_scratch_folder", order.has_scratch_folder}};
}

ProcessOrder process_order(const json::object& object) {
  ProcessOrder order;
  order.words = sdk::strings_of(sdk::optional_array(object, "words"));
  if (order.words.empty()) throw sdk::invalid("field 'words' is missing");
  order.directory = sdk::required_string(object, "directory");
  order.input = sdk::optional_string(object, "input");
  order.environment = sdk::texts_of(sdk::optional_object(object, "environment"));
  order.seconds = sdk::optional_number(object, "seconds").value_or(order.seconds);
  order.most_output_bytes = sdk::optional_integer(object, "most_output_bytes");
  order.is_confined = sdk::optional_bool(object, "is_confined");
  order.network = sdk::optional_bool(object, "network");
  order.has_scratch_folder = sdk::optional_bool(object, "has_scratch_folder");
  return order;
}

json::object to_json(const ProcessReport& report) {
  return {{"result", sdk::to_json(report.result)},
          {"not_granted", json::value_from(report.not_granted)},
          {"leaves_processes", report.leaves_processes}};
}

ProcessReport process_report(const json::object& object) {
  return {sdk::process_result(sdk::optional_object(object, "result")),
          sdk::strings_of(sdk::optional_array(object, "not_granted")),
          sdk::optional_bool(object, "leaves_processes")};
}

}  // namespace jarvis
