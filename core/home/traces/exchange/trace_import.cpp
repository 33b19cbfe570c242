#include "core/home/traces/exchange/trace_import.hpp"

#include <algorithm>
#include <exception>
#include <thread>

#include "core/base/utf8.hpp"
#include "core/home/traces/exchange/chat_format.hpp"
#include "core/home/traces/exchange/format_detection.hpp"
#include "core/home/traces/exchange/jsonl_format.hpp"
#include "core/home/traces/exchange/otlp_format.hpp"
#include "core/home/traces/exchange/row_queue.hpp"
#include "core/home/traces/trace_appender.hpp"
#include "core/home/traces/whole_store.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

/** What one file gives goes to the queue, what is bad in it to the report. */
class FileSink : public RowSink {
 public:
  FileSink(std::string file, RowQueue& queue, ImportReport& report)
      : file_(std::move(file)), queue_(queue), report_(report) {}

  void row(TraceRow row) override { queue_.put(std::move(row)); }
  void bad(std::int64_t line, const std::string& reason) override {
    ++report_.bad_count;
    if (report_.bad.size() < kMostBadNamed) report_.bad.push_back({file_, line, reason});
  }
  bool stopped() const override { return queue_.closed(); }

 private:
  std::string file_;
  RowQueue& queue_;
  ImportReport& report_;
};

void read_record(std::string_view text, TraceFormat format, const std::string& agent,
                 std::int64_t number, RowSink& sink) {
  if (format == TraceFormat::jsonl) {
    auto row = from_jsonl(text, agent);
    if (!row) return sink.bad(number, row.error().message);
    return sink.row(*std::move(row));
  }
  auto rows = from_chat(text, agent);
  if (!rows) return sink.bad(number, rows.error().message);
  for (TraceRow& row : *rows) sink.row(std::move(row));
}

void read_lines(TextInput& input, TraceFormat format, const std::string& agent, RowSink& sink) {
  for (TextInput::Line line; !sink.stopped() && input.next_line(line);) {
    if (line.too_long) {
      sink.bad(line.number, "the line is longer than 64 MB");
      continue;
    }
    if (line.text.find_first_not_of(" \t") == std::string_view::npos) continue;
    read_record(valid_utf8(line.text), format, agent, line.number, sink);
  }
}

void read_store(const std::string& file, const fs::path& store, RowSink& sink) {
  std::error_code unknown;
  if (fs::equivalent(file, store, unknown)) return sink.bad(0, "it is the store itself");
  const auto read =
      read_whole_store(file, {}, [&](std::int64_t number, TraceRow row) -> Result<bool> {
        if (row.feedback && !(*row.feedback >= 0 && *row.feedback <= 1))
          sink.bad(number, "'feedback' is not a number from 0 to 1");
        else if (row.id.empty())
          sink.bad(number, "'trace_id' is empty");
        else
          sink.row(std::move(row));
        return !sink.stopped();
      });
  if (!read) sink.bad(0, read.error().message);
}

void read_file(const std::string& file, const fs::path& store, const ImportOptions& options,
               RowSink& sink) {
  auto input = TextInput::open(file);
  if (!input) return sink.bad(0, input.error().message);
  if (input->peek(1).empty() && input->failure().empty()) return;
  const auto format = options.format ? options.format : detected_format(*input);
  if (!format)
    return sink.bad(1, "the format cannot be told from the content; name it with --format");
  if (*format == TraceFormat::traces_db)
    return file == "-" ? sink.bad(0, "a database cannot be read from stdin")
                       : read_store(file, store, sink);
  if (*format == TraceFormat::otlp)
    read_otlp(*input, options.agent, sink);
  else
    read_lines(*input, *format, options.agent, sink);
  if (!input->failure().empty())
    sink.bad(input->line_number(), "reading failed: " + input->failure());
}

Result<void> write_all(RowQueue& queue, const fs::path& store, ImportReport& report) {
  auto appender = TraceAppender::open(store);
  if (!appender) return appender.error();
  for (std::vector<TraceRow> rows; queue.take(rows);) {
    const auto added = (*appender)->add(rows);
    if (!added) return added.error();
    report.imported += *added;
    report.already_there += static_cast<std::int64_t>(rows.size()) - *added;
  }
  return (*appender)->finish();
}

Result<void> check_files(const std::vector<std::string>& files) {
  for (const std::string& file : files)
    if (file != "-")
      if (auto opened = TextInput::open(file); !opened) return opened.error();
  return {};
}

}  // namespace

Result<ImportReport> import_traces(const fs::path& store, const std::vector<std::string>& files,
                                   const ImportOptions& options) {
  if (auto checked = check_files(files); !checked) return checked.error();
  ImportReport found, written;
  RowQueue queue;
  std::string failure;
  std::jthread reading([&] {
    try {
      for (const std::string& file : files) {
        FileSink sink(file, queue, found);
        read_file(file, store, options, sink);
      }
    } catch (const std::exception& exception) {
      failure = exception.what();
    }
    queue.finish();
  });
  const auto done = write_all(queue, store, written);
  queue.close();
  reading.join();
  if (!done) {
    Error error = done.error();
    error.message += "; " + std::to_string(written.imported) + " traces were imported before";
    return error;
  }
  if (!failure.empty())
    return Error{ErrorKind::internal, "the import ended early: " + failure,
                 "run it again: what is imported already is left as it is"};
  found.imported = written.imported;
  found.already_there = written.already_there;
  return found;
}

}  // namespace jarvis
