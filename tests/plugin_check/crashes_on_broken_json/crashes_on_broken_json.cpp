#include <csignal>

#include "tests/broken_plugins/bare_plugin.hpp"

namespace {

void crash_unless_object(jarvis_str request) {
  if (request.len == 0 || request.ptr[request.len - 1] != '}') std::raise(SIGSEGV);
}

jarvis_status validate(void*, const jarvis_host*, jarvis_str request, const jarvis_reply* reply) {
  crash_unless_object(request);
  return bare::answer(reply, "{}");
}

jarvis_status apply(void*, const jarvis_host*, jarvis_str request, const jarvis_reply* reply) {
  crash_unless_object(request);
  const std::string home = bare::home_of(request);
  bare::write(home + "/agents/simple/note.md", "Be kind.");
  return bare::changed(reply, R"(["agents/simple/note.md"])");
}

}  // namespace

BARE_APPLIER(validate, apply)
