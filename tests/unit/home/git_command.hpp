#pragma once

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>

namespace jarvis::testing {

/** What the git program prints in `home`: a second opinion on what was written without it. */
inline std::string git(const std::filesystem::path& home, const std::string& arguments) {
  const std::string command =
      "GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null git -c safe.directory='*' "
      "-c user.name=user -c user.email=user@example.com -C '" +
      home.string() + "' " + arguments + " 2>&1";
  std::string text;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) return "no git";
  std::array<char, 4096> buffer{};
  for (std::size_t count; (count = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    text.append(buffer.data(), count);
  ::pclose(pipe);
  return text;
}

}  // namespace jarvis::testing
