#include "tests/broken_plugins/bare_plugin.hpp"

namespace {

struct NoException {
  int number;
};

jarvis_status broken(void*, const jarvis_host*, jarvis_str, const jarvis_reply*) {
  static int calls = 0;
  if (++calls % 2 != 0) throw std::runtime_error("from a function of the interface");
  throw NoException{calls};
}

const void* get_interface(void*, jarvis_str id) {
  return bare::same_function_everywhere<broken>(id);
}

void deinit(void*) {
  throw std::runtime_error("from deinit");
}

constexpr jarvis_plugin entry() {
  jarvis_plugin made = bare::entry(get_interface);
  made.deinit = deinit;
  return made;
}

}  // namespace

BARE_PLUGIN(entry())
