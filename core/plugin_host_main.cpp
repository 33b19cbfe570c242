#include <fcntl.h>

#include <cstdio>

#include "core/host/isolation/serve.hpp"

// Started by jarvis, never by hand: descriptor 3 is the socket to it.
int main() {
  constexpr int kSocket = 3;
  if (::fcntl(kSocket, F_GETFD) < 0) {
    std::fputs("jarvis-plugin-host is started by jarvis to run a plugin apart from it\n", stderr);
    return 2;
  }
  jarvis::serve_plugin(kSocket);
}
