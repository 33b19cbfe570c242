#include "core/host/library_file.hpp"

#include <jarvis/abi/plugin.h>

#include "core/base/atomic_file.hpp"
#include "core/base/digest.hpp"

#define BOOST_DLL_USE_STD_FS
#include <algorithm>
#include <boost/dll/library_info.hpp>
#include <exception>

namespace jarvis {

namespace {

constexpr std::size_t kLibraryLimit = std::size_t{256} << 20;

}  // namespace

Error plugin_refusal(const Manifest& manifest, const std::string& why, const std::string& hint) {
  return {ErrorKind::refused, "plugin '" + manifest.id + "': " + why, hint};
}

Result<void> check_library_file(const Manifest& manifest) {
  const std::string file = "'" + manifest.library.string() + "'";
  const auto bytes = read_file(manifest.library, kLibraryLimit);
  if (!bytes)
    return plugin_refusal(manifest, bytes.error().message, "build or install the plugin again");
  const std::string digest = sha256(*bytes);
  if (digest != manifest.sha256)
    return plugin_refusal(manifest,
                          file + " is not the file that its manifest names: sha256 " +
                              digest.substr(0, 12) + "…, expected " +
                              manifest.sha256.substr(0, 12) + "…",
                          "install the plugin again");
  try {
    boost::dll::library_info info(manifest.library, true);
    const auto symbols = info.symbols();
    if (std::find(symbols.begin(), symbols.end(), JARVIS_ENTRY_SYMBOL) == symbols.end())
      return plugin_refusal(manifest, file + " exports no symbol '" JARVIS_ENTRY_SYMBOL "'",
                            "export it with JARVIS_PLUGIN(Class, id, version)");
  } catch (const std::exception&) {
    return plugin_refusal(manifest, file + " is no shared object that can be read",
                          "build or install the plugin again");
  }
  return {};
}

}  // namespace jarvis
