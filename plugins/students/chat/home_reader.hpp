#pragma once

#include <jarvis/text/student_home.hpp>
#include <list>
#include <memory>
#include <mutex>
#include <string>

namespace jarvis::chat {

/** Reads homes, each state of one once. Safe to use from many threads. */
class HomeReader {
 public:
  /** Throws as text::read_student_home does; JARVIS_UNAVAILABLE when there is no config.toml. */
  std::shared_ptr<const text::StudentHome> read(const std::string& home);

 private:
  struct Entry {
    std::string state;
    std::shared_ptr<const text::StudentHome> content;
  };

  std::mutex mutex_;
  std::list<Entry> latest_first_;
};

}  // namespace jarvis::chat
