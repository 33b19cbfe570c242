#include "core/app/checked_in.hpp"

#include "core/base/utf8.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kMostPaths = 5;

}  // namespace

std::string notice_of(const CheckedIn& done) {
  std::string list;
  for (std::size_t i = 0; i < done.paths.size() && i < kMostPaths; ++i)
    list += (i == 0 ? "" : ", ") + valid_utf8(done.paths[i]);
  if (done.paths.size() > kMostPaths)
    list += " and " + std::to_string(done.paths.size() - kMostPaths) + " more";
  return "checked in your changes to " + list + " (commit " + done.commit.substr(0, 8) + ")";
}

}  // namespace jarvis
