// Linked into every plugin of this folder: adds the plugin's name to the file that
// JARVIS_TEST_MARKER names as soon as the library is opened, so that a test can see whether any of
// its code ran.
#include <cstdio>
#include <cstdlib>

namespace {

__attribute__((constructor)) void leave_a_mark() {
  const char* path = std::getenv("JARVIS_TEST_MARKER");
  std::FILE* file = path ? std::fopen(path, "a") : nullptr;
  if (!file) return;
  std::fprintf(file, "%s\n", FAULT);
  std::fclose(file);
}

}  // namespace
