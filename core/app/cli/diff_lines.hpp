#pragma once

#include <string>

namespace jarvis {

/** Tells the lines of a unified diff apart, in their order. Within a hunk the first character alone
 * decides: a line that is taken out may well begin with "-- ". */
class DiffLines {
 public:
  enum class Kind { header, hunk, added, removed, context };
  Kind kind_of(const std::string& line);

 private:
  long before_ = 0;  ///< lines of this hunk that are still to come
  long after_ = 0;
};

}  // namespace jarvis
