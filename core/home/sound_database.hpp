#pragma once

#include <filesystem>
#include <string>

#include "core/model/result.hpp"

namespace jarvis {

enum class Thoroughness {
  fast,  ///< every page of a file up to 256 MB; of a larger one header, length and schema
  full   ///< every page, and whether the indexes fit their tables
};

/** Looks whether SQLite finds a database damaged, and changes no byte of it. Gives SQLite's own
 * words; empty: it is sound, or is not there, or is held by another program and cannot be looked
 * at. A flipped bit inside a value is nobody's to see. */
std::string damage_of(const std::filesystem::path& file, Thoroughness thoroughness);

}  // namespace jarvis
