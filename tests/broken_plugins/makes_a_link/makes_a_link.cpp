#include "tests/broken_plugins/bare_plugin.hpp"

namespace {

jarvis_status apply(void*, const jarvis_host*, jarvis_str request, const jarvis_reply* reply) {
  const std::string file = bare::home_of(request) + "/config.toml";
  std::remove(file.c_str());
  if (symlink("/etc/hostname", file.c_str()) != 0)
    return bare::fail(reply, JARVIS_INTERNAL, "no link");
  return bare::changed(reply, R"(["config.toml"])");
}

}  // namespace

BARE_APPLIER(bare::agree, apply)
