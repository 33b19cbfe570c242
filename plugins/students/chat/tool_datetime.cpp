#include <ctime>

#include "plugins/students/chat/tool.hpp"

namespace jarvis::chat {

namespace {

/** All runs of a session are told one time, so that two of them differ by the edit alone. */
std::time_t now_of(const sdk::StudentRequest& request) {
  const std::int64_t began = sdk::optional_integer(request.settings, "began_at", 0);
  return began > 0 ? static_cast<std::time_t>(began) : std::time(nullptr);
}

std::string date_and_time(const json::object&, const ToolContext& context) {
  const std::time_t now = now_of(context.request);
  std::tm local{};
  char text[64];
  if (!::localtime_r(&now, &local) ||
      std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %z", &local) == 0)
    throw sdk::invalid("the time of " + std::to_string(now) + " s cannot be told");
  // Not by strftime, whose names are those of the program's locale.
  static constexpr const char* kDays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                          "Thursday", "Friday", "Saturday"};
  return std::string(kDays[local.tm_wday]) + ", " + text;
}

}  // namespace

const Tool kDatetime{"datetime", "Tell the current date, weekday, local time and offset from UTC.",
                     [] {
                       return json::object{{"type", "object"}, {"properties", json::object()}};
                     },
                     date_and_time};

}  // namespace jarvis::chat
