// What the programs that the dashboard starts inherit of it.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "tests/dashboard/served.hpp"
#include "tests/support/made_up_home.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis::testing;
namespace fs = std::filesystem;

namespace {

/** The descriptors of this process at which connections are waited for. */
std::vector<int> listening_sockets() {
  std::vector<int> found;
  for (int descriptor = 0; descriptor < 1024; ++descriptor) {
    int listens = 0;
    socklen_t size = sizeof listens;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens != 0)
      found.push_back(descriptor);
  }
  return found;
}

/** A program that writes down what each descriptor it was started with leads to. */
fs::path listing_program(const TemporaryDirectory& directory) {
  directory.write("lists",
                  "#!/bin/sh\n"
                  "for descriptor in /proc/$$/fd/*; do\n"
                  "  readlink \"$descriptor\"\n"
                  "done >'" +
                      (directory.path() / "list").string() +
                      "'\n"
                      "echo '{}'\n");
  const fs::path program = directory.path() / "lists";
  fs::permissions(program, fs::perms::owner_all);
  return program;
}

}  // namespace

TEST_CASE("dashboard: an action's program has no descriptor of the dashboard's own") {
  const TemporaryDirectory directory;
  make_home(directory.path() / "home", config_for_models("http://127.0.0.1:9"), {});
  const Served served(directory.path() / "home", listing_program(directory));
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const auto own_pipe = fs::read_symlink("/proc/self/fd/" + std::to_string(ends[0]));
  CHECK(served.act("/run").has(">done</span>"));
  ::close(ends[0]);
  ::close(ends[1]);
  std::istringstream list(directory.read("list"));
  int places = 0;
  for (std::string place; std::getline(list, place); ++places) {
    CHECK(place != own_pipe);
    CHECK(place.rfind("socket:", 0) != 0);
  }
  CHECK(places >= 3);
}

TEST_CASE("dashboard: the socket at which it listens is closed in whatever is started") {
  const TemporaryDirectory directory;
  make_home(directory.path() / "home", config_for_models("http://127.0.0.1:9"), {});
  const Served served(directory.path() / "home");
  const std::vector<int> sockets = listening_sockets();
  REQUIRE(sockets.size() == 1);
  CHECK((::fcntl(sockets[0], F_GETFD) & FD_CLOEXEC) != 0);
}
