#include <algorithm>
#include <jarvis/text/file_edit.hpp>
#include <jarvis/text/names.hpp>
#include <jarvis/text/openjarvis.hpp>
#include <jarvis/text/student_home.hpp>

namespace {

namespace json = boost::json;
namespace sdk = jarvis::sdk;
namespace text = jarvis::text;

constexpr std::size_t kMostExemplars = 16;
constexpr std::size_t kLargestFile = 65536;

using Exemplars = std::vector<text::Exemplar>;

/** The text at `key` of an exemplar; `field` names the exemplar. */
std::string require_part(const json::object& exemplar, const char* key, const std::string& field) {
  const std::string label = field + "." + key;
  const json::value* value = exemplar.if_contains(key);
  if (!value) throw sdk::invalid("field '" + label + "' is missing");
  if (!value->is_string()) throw sdk::invalid("field '" + label + "' is not a string");
  std::string part(value->get_string());
  if (part.find_first_not_of(" \t\r\n") == std::string::npos)
    throw sdk::invalid("field '" + label + "' is empty");
  text::require_visible_text(part, label);
  return part;
}

text::Exemplar require_exemplar(const json::value& item, const std::string& field) {
  if (!item.is_object()) throw sdk::invalid("field '" + field + "' is not an object");
  const json::object& exemplar = item.get_object();
  text::Exemplar read{require_part(exemplar, "input", field),
                      require_part(exemplar, "output", field)};
  if (exemplar.size() != 2)
    throw sdk::invalid("field '" + field + "' has more than 'input' and 'output'");
  return read;
}

Exemplars require_exemplars(const json::object& payload) {
  const json::value* value = payload.if_contains("exemplars");
  if (!value) throw sdk::invalid("field 'payload.exemplars' is missing");
  if (!value->is_array()) throw sdk::invalid("field 'payload.exemplars' is not an array");
  const json::array& items = value->get_array();
  if (items.size() > kMostExemplars)
    throw sdk::refused("field 'payload.exemplars' has " + std::to_string(items.size()) +
                       " items, at most " + std::to_string(kMostExemplars));
  Exemplars exemplars;
  for (const json::value& item : items)
    exemplars.push_back(
        require_exemplar(item, "payload.exemplars[" + std::to_string(exemplars.size()) + "]"));
  return exemplars;
}

/** A JSON array with one exemplar a line. */
std::string written(const Exemplars& exemplars) {
  std::string lines;
  for (const text::Exemplar& exemplar : exemplars)
    lines += (lines.empty() ? "  " : ",\n  ") +
             json::serialize(json::object{{"input", exemplar.input}, {"output", exemplar.output}});
  std::string file = lines.empty() ? "[]\n" : "[\n" + lines + "\n]\n";
  if (file.size() > kLargestFile)
    throw sdk::refused("the exemplars would be too long: " + std::to_string(file.size()) +
                       " bytes, at most " + std::to_string(kLargestFile));
  return file;
}

bool are_equal(const Exemplars& one, const Exemplars& other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](const text::Exemplar& left, const text::Exemplar& right) {
                      return left.input == right.input && left.output == right.output;
                    });
}

/** An agent that shows the model no examples cannot be helped by any. */
void require_reader(const std::string& home, const std::string& agent) {
  const std::string config = text::read_staged_file(home, text::kConfigFile).value_or("");
  const text::Dialect dialect =
      text::dialect_of(text::TomlDocument::parse(config, text::kConfigFile));
  if (!text::reads_exemplars(agent, dialect))
    throw sdk::refused("OpenJarvis' agent '" + agent + "' does not read worked examples",
                       "native_react, native_openhands, monitor_operative, rlm and deep_research "
                       "read them");
  if (dialect == text::Dialect::openjarvis) text::require_file_name(agent);
}

class EditFewShotExemplars : public text::FileEditApplier {
 protected:
  text::FileEdit edited(const sdk::EditRequest& request) const override {
    const std::string agent = text::require_name(request.payload, "agent");
    const Exemplars exemplars = require_exemplars(request.payload);
    require_reader(request.home, agent);
    const std::string file = text::exemplars_file(agent);
    const std::string content = written(exemplars);
    const std::string present = text::read_staged_file(request.home, file).value_or("");
    if (are_equal(text::read_exemplars(present, file), exemplars))
      throw sdk::refused("no change: '" + file + "' has these exemplars already");
    return {file, content,
            "agent '" + agent + "' gets " + std::to_string(exemplars.size()) + " exemplars"};
  }
};

}  // namespace

JARVIS_PLUGIN(EditFewShotExemplars, "edit-few-shot-exemplars", "0.1.0")
