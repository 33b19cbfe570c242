#include "core/host/process/bubblewrap.hpp"

#include <jarvis/text/student_settings.hpp>

namespace jarvis {

namespace fs = std::filesystem;

namespace {

/** Parts of /run that programs and their names for hosts need. */
constexpr const char* kOfPrograms[] = {"/run/current-system", "/run/wrappers"};
constexpr const char* kOfNetwork[] = {"/run/systemd/resolve", "/run/NetworkManager",
                                      "/run/resolvconf", "/run/nscd"};

/** Whether it lies in a folder that the sandbox replaces by an empty one. */
bool is_hidden(const fs::path& path) {
  const std::string text = path.lexically_normal().string() + "/";
  for (const char* hidden : {"/tmp/", "/run/", "/var/run/", "/dev/"})
    if (text.rfind(hidden, 0) == 0) return true;
  return false;
}

}  // namespace

std::vector<std::string> in_bubblewrap(const fs::path& bubblewrap,
                                       const std::vector<std::string>& words, const fs::path& home,
                                       bool network) {
  std::vector<std::string> all{bubblewrap.string(), "--die-with-parent",
                               "--new-session",     "--unshare-user-try",
                               "--unshare-pid",     "--unshare-ipc",
                               "--unshare-uts",     "--unshare-cgroup-try",
                               "--cap-drop",        "ALL"};
  const auto add = [&](std::vector<std::string> more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  if (!network) add({"--unshare-net"});
  // /run holds the sockets of services that would act for the program.
  add({"--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--tmpfs",
       "/run"});
  for (const char* folder : kOfPrograms) add({"--ro-bind-try", folder, folder});
  if (network)
    for (const char* folder : kOfNetwork) add({"--ro-bind-try", folder, folder});
  if (const fs::path folder = fs::path(words.front()).parent_path(); is_hidden(folder))
    add({"--ro-bind", folder.string(), folder.string()});
  add({"--bind", home.string(), home.string()});
  for (const char* tracked : {text::kConfigFile, "agents", "tools"})
    add({"--ro-bind-try", (home / tracked).string(), (home / tracked).string()});
  add({"--chdir", home.string(), "--"});
  add(words);
  return all;
}

}  // namespace jarvis
