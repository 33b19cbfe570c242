#include "plugins/students/chat/home_reader.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <jarvis/sdk/failure.hpp>

namespace jarvis::chat {

namespace {

constexpr std::size_t kMostHomes = 16;

/** Which bytes a file has, without reading them. */
std::string state_of_file(const std::string& file) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) return "-";
  std::string state;
  for (const long long part :
       {static_cast<long long>(facts.st_ino), static_cast<long long>(facts.st_size),
        static_cast<long long>(facts.st_mtim.tv_sec), static_cast<long long>(facts.st_mtim.tv_nsec),
        static_cast<long long>(facts.st_ctim.tv_sec),
        static_cast<long long>(facts.st_ctim.tv_nsec)})
    state += std::to_string(part) + ",";
  return state;
}

std::string state_of(const std::string& home) {
  return state_of_file(home + "/" + text::kConfigFile) + ";" +
         state_of_file(home + "/" + text::kDescriptionsFile);
}

std::shared_ptr<const text::StudentHome> read_anew(const std::string& home) {
  auto content = std::make_shared<const text::StudentHome>(text::read_student_home(home));
  if (!content->has_config) throw sdk::unavailable("there is no config.toml in '" + home + "'");
  return content;
}

}  // namespace

std::shared_ptr<const text::StudentHome> HomeReader::read(const std::string& home) {
  const std::string state = state_of(home);
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto known =
      std::find_if(latest_first_.begin(), latest_first_.end(),
                   [&](const auto& entry) { return entry.content->directory == home; });
  if (known != latest_first_.end()) {
    if (known->state == state) {
      latest_first_.splice(latest_first_.begin(), latest_first_, known);
      return known->content;
    }
    latest_first_.erase(known);
  }
  latest_first_.push_front({state, read_anew(home)});
  if (latest_first_.size() > kMostHomes) latest_first_.pop_back();
  return latest_first_.front().content;
}

}  // namespace jarvis::chat
