#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <thread>

#include "core/app/application.hpp"
#include "core/app/cli/commands.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/interrupt.hpp"
#include "core/base/atomic_file.hpp"
#include "core/base/private_folder.hpp"
#include "core/dashboard/server.hpp"

namespace jarvis {

namespace {

constexpr std::int64_t kLastPort = 65535;
constexpr std::chrono::milliseconds kLook{100};

bool has_screen() {
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY"})
    if (const char* value = std::getenv(name); value && *value) return true;
  return false;
}

/** A page that leads to the address: everybody on a machine may read the words of a command, and
 * nobody else this file. */
Result<std::string> way_in(const PrivateFolder& folder, const std::string& address) {
  const auto file = folder.path() / "dashboard.html";
  if (folder.path().empty()) return Error{ErrorKind::io, "no temporary folder", ""};
  const auto written = write_file_atomically(
      file,
      "<!doctype html><meta charset=\"utf-8\"><title>jarvis learning</title>\n"
      "<meta http-equiv=\"refresh\" content=\"0; url=" +
          address +
          "\">\n"
          "<a href=\"" +
          address + "\">Go on to the dashboard</a>\n");
  if (!written) return written.error();
  return file.string();
}

/** As a desktop does; where that cannot be done the printed link is there. */
void open_in_browser(std::string page) {
  std::string opener = "xdg-open";
  char* words[] = {opener.data(), page.data(), nullptr};
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", 1, 0);
  posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", 1, 0);
  pid_t pid = 0;
  if (::posix_spawnp(&pid, opener.c_str(), &quiet, nullptr, words, environ) == 0)
    std::thread([pid] { ::waitpid(pid, nullptr, 0); }).detach();
  posix_spawn_file_actions_destroy(&quiet);
}

}  // namespace

Result<int> dashboard_serve(Application& application, const Arguments& arguments, Output& output) {
  const auto port = arguments.count("--port");
  if (!port) return port.error();
  if (port->value_or(0) > kLastPort)
    return Error{ErrorKind::usage, "there is no port " + std::to_string(**port),
                 "ports end at 65535"};
  if (auto there = application.require_home(); !there) return there.error();
  const auto server = dashboard::Server::start(
      {application.home_path(), application.clock(), "/proc/self/exe", JARVIS_VERSION},
      static_cast<int>(port->value_or(0)));
  if (!server) return server.error();
  const std::string address = (*server)->address();
  output.document({{"url", address}});
  output.line("The dashboard is at " + address);
  output.line("The link works once, in one browser. Ctrl-C ends the dashboard.");
  std::fflush(stdout);
  std::optional<PrivateFolder> folder;
  if (!output.json() && !arguments.has("--no-open") && has_screen())
    if (const auto page = way_in(folder.emplace("jarvis-dashboard"), address))
      open_in_browser(*page);
  while (!interrupted()) std::this_thread::sleep_for(kLook);
  return 0;
}

}  // namespace jarvis
