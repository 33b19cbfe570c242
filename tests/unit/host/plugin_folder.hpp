#pragma once

#include <string>

#include "core/base/digest.hpp"
#include "tests/support/temporary_directory.hpp"

namespace jarvis::testing {

/** Puts a plugin of which only the manifest is ever read into `folder`/`id`: its library is a text.
 */
inline void put_plugin(const TemporaryDirectory& folder, const std::string& id,
                       const std::string& provides) {
  const std::string library = "never opened";
  folder.write(id + "/" + id + ".so", library);
  folder.write(id + "/plugin.toml",
               "id = \"" + id + "\"\nversion = \"1.0.0\"\nabi = \"1.0\"\nlibrary = \"" + id +
                   ".so\"\nsha256 = \"" + sha256(library) + "\"\n" + provides);
}

/** The manifest's table of an op that takes any payload. */
inline std::string applier_table(const std::string& op, const std::string& tier) {
  return "[[provides]]\ninterface = \"edit-applier/1\"\nid = \"" + op +
         "\"\npillar = \"agent\"\ntier = \"" + tier +
         "\"\ntouches = []\npayload_schema = '{\"type\": \"object\"}'\nexample = '{}'\n";
}

}  // namespace jarvis::testing
