#pragma once

#include <jarvis/sdk/json.hpp>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace jarvis::chat {

namespace json = boost::json;

struct Exemplar {
  std::string input;
  std::string output;
};

/** The files of one agent's folder. */
struct AgentFiles {
  std::optional<std::string> system_prompt;  ///< an empty file counts as absent
  std::vector<Exemplar> exemplars;
};

/** The files of a home that steer the student, as they were when they were read. */
struct StudentHome {
  json::object config;
  json::object descriptions;  ///< tools/descriptions.toml
  std::map<std::string, AgentFiles> agents;
};

/** Reads homes, each state of one once. Safe to use from many threads. */
class HomeReader {
 public:
  /** Throws JARVIS_INVALID with file and place for a file that cannot be read or understood;
   *  JARVIS_UNAVAILABLE when there is no config.toml. */
  std::shared_ptr<const StudentHome> read(const std::string& home);

 private:
  struct Entry {
    std::string home;
    std::string state;
    std::shared_ptr<const StudentHome> content;
  };

  std::mutex mutex_;
  std::list<Entry> latest_first_;
};

}  // namespace jarvis::chat
