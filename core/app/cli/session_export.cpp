#include "core/app/cli/session_export.hpp"

#include <algorithm>

#include "core/app/application.hpp"
#include "core/app/cli/output.hpp"
#include "core/base/visible_text.hpp"
#include "core/home/live_home.hpp"
#include "core/host/engine_seat.hpp"
#include "core/report/html_report.hpp"
#include "core/report/markdown_report.hpp"
#include "core/report/otlp_document.hpp"
#include "core/report/report_file.hpp"

namespace jarvis {

namespace {

using Write = Result<std::string> (*)(Application&, const Session&);

struct Form {
  const char* option;
  const char* title;
  Write text_of;
};

Result<ReportSource> source_of(Application& application) {
  const auto settings = application.settings();
  if (!settings) return settings.error();
  const auto traces = application.traces();
  if (!traces) return traces.error();
  return ReportSource{application.home(), **traces, application.clock(), (*settings)->privacy,
                      JARVIS_VERSION};
}

Result<ReportMaterial> material_of(Application& application, const Session& session) {
  const auto source = source_of(application);
  if (!source) return source.error();
  return gather_material(*source, session);
}

Result<std::string> html_of(Application& application, const Session& session) {
  const auto material = material_of(application, session);
  if (!material) return material.error();
  return html_report(*material);
}

Result<std::string> markdown_of(Application& application, const Session& session) {
  const auto material = material_of(application, session);
  if (!material) return material.error();
  return markdown_report(*material);
}

/** In the words of OpenTelemetry; empty where no plugin serves the model. */
std::string provider_of(Application& application, const std::string& model) {
  const auto settings = application.settings();
  const auto plugins = application.plugins();
  if (!settings || !plugins || model.empty()) return {};
  std::string engine =
      model == (*settings)->teacher.model ? (*settings)->teacher.engine : std::string();
  if (engine.empty())
    if (const auto found = engine_for_model(**plugins, model)) engine = found->provided->id;
  return engine == "gemini" ? "gcp.gemini" : engine;
}

Result<std::string> spans_of(Application& application, const Session& session) {
  const auto source = source_of(application);
  if (!source) return source.error();
  const auto policy = report_privacy(*source);
  if (!policy) return policy.error();
  const auto own = policy->session();
  const SpanSource parts{
      application.home_path(), own ? *own : no_privacy(),
      [&application](const std::string& model) { return provider_of(application, model); }};
  const auto spans = session_spans(parts, session);
  return safe_json(json::serialize(otlp_document(trace_id_of(session), spans, JARVIS_VERSION))) +
         "\n";
}

constexpr Form kForms[] = {{"--html", "the report", html_of},
                           {"--md", "the report", markdown_of},
                           {"--otlp", "the spans", spans_of}};

}  // namespace

bool wants_session_files(const Arguments& arguments) {
  return std::any_of(std::begin(kForms), std::end(kForms),
                     [&](const Form& form) { return arguments.has(form.option); });
}

Result<int> write_session_files(Application& application, const Session& session,
                                const Arguments& arguments, const Output& output) {
  int to_stdout = 0;
  for (const Form& form : kForms) to_stdout += arguments.text(form.option) == "-" ? 1 : 0;
  if (to_stdout > 0 && output.json())
    return Error{ErrorKind::usage, "with --json a report needs a file to go to",
                 "name one: 'learning show SESSION --html FILE --json'"};
  if (to_stdout > 1)
    return Error{ErrorKind::usage, "only one form can go to stdout", "name files for the others"};
  json::object document{{"session_id", session.id}};
  for (const Form& form : kForms) {
    if (!arguments.has(form.option)) continue;
    const std::string file = arguments.text(form.option);
    const auto text = form.text_of(application, session);
    if (!text) return text.error();
    if (file == "-") {
      output.write(*text);
      continue;
    }
    if (auto written = write_report_file(file, *text); !written) return written.error();
    document[std::string_view(form.option).substr(2)] = file;
    if (to_stdout == 0)
      output.line("Wrote " + std::string(form.title) + " of " + session.id + " to " + file + ".");
  }
  output.document(document);
  return 0;
}

}  // namespace jarvis
