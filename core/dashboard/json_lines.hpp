#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "core/model/json.hpp"

namespace jarvis::dashboard {

/** Hands the JSON objects of a file that holds one on each line to `visit`, one after the other,
 * from the line on that begins at byte `begin`. Lines that are no objects are passed over. The file
 * may be growing: gives the byte where what was not read begins, a torn last line with it. `begin`
 * itself where there is no file. */
std::uint64_t each_json_line(const std::filesystem::path& file, std::uint64_t begin,
                             const std::function<void(json::object)>& visit);

/** All of them. Of a long file the newest part alone; `cut` says whether something was left out.
 * Empty where there is no file. */
std::vector<json::object> read_json_lines(const std::filesystem::path& file, std::size_t most_bytes,
                                          bool& cut);

}  // namespace jarvis::dashboard
