#include "tests/broken_plugins/bare_plugin.hpp"

namespace {

jarvis_status broken(void*, const jarvis_host*, jarvis_str, const jarvis_reply* reply) {
  return bare::answer(reply, "{}");
}

const void* get_interface(void*, jarvis_str id) {
  return bare::same_function_everywhere<broken>(id);
}

}  // namespace

BARE_PLUGIN(bare::entry(get_interface))
