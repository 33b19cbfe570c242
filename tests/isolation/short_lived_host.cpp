// Loads the plugin that is named, says so, calls one of its functions and waits to be killed.
#include <unistd.h>

#include <cstdio>

#include "tests/isolation/world.hpp"

int main(int, char** words) {
  jarvis::testing::FaultWorld world;
  std::puts("loading");
  std::fflush(stdout);
  const auto plugin = world.load(words[1]);
  if (plugin) (void)world.call(**plugin, jarvis::PluginFunction::tool_call, "");
  std::puts("called");
  std::fflush(stdout);
  for (;;) ::pause();
}
