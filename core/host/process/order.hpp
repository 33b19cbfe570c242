#pragma once

#include <cstdint>
#include <jarvis/sdk/payload/student_services.hpp>
#include <map>
#include <string>
#include <vector>

#include "core/model/json.hpp"

namespace jarvis {

/** What a process apart is told: one program, from its start to its end. */
struct ProcessOrder {
  std::vector<std::string> words;                  ///< its file's absolute path, then its arguments
  std::string directory;                           ///< where it works; absolute
  std::string input;                               ///< its standard input
  std::map<std::string, std::string> environment;  ///< all of it
  double seconds = 120;                            ///< after these it is ended
  std::int64_t most_output_bytes = 0;              ///< of standard output; with more it is ended
  /** Everything is read-only to it but `directory` and a folder for temporary files. */
  bool is_confined = false;
  bool network = false;            ///< for one that is confined
  bool has_scratch_folder = true;  ///< TMPDIR; removed after its end
};

/** What a process apart answers. */
struct ProcessReport {
  sdk::ProcessResult result;
  std::vector<std::string> not_granted;  ///< what the kernel does not offer, as words for a log
  bool leaves_processes = false;         ///< something that it started could not be ended
};

json::object to_json(const ProcessOrder& order);
json::object to_json(const ProcessReport& report);
/** Throw sdk::Failure, or another exception, for anything else than what to_json gives. */
ProcessOrder process_order(const json::object& object);
ProcessReport process_report(const json::object& object);

}  // namespace jarvis
