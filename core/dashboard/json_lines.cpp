#include "core/dashboard/json_lines.hpp"

#include <fstream>
#include <string>

namespace jarvis::dashboard {

namespace fs = std::filesystem;

std::uint64_t each_json_line(const fs::path& file, std::uint64_t begin,
                             const std::function<void(json::object)>& visit) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return begin;
  std::ifstream in(file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(begin));
  std::uint64_t read = begin;
  for (std::string line; std::getline(in, line);) {
    boost::system::error_code no_json;
    json::value value = json::parse(line, no_json);
    const bool is_object = !no_json && value.is_object();
    // What has no end yet may be going on, unless it is whole.
    if (in.eof() && !is_object) break;
    read += line.size() + (in.eof() ? 0 : 1);
    if (is_object) visit(std::move(value.as_object()));
  }
  return read;
}

std::vector<json::object> read_json_lines(const fs::path& file, std::size_t most_bytes, bool& cut) {
  std::vector<json::object> lines;
  std::error_code error;
  const std::uint64_t size = fs::file_size(file, error);
  cut = !error && size > most_bytes;
  std::uint64_t begin = 0;
  if (cut) {
    begin = size - most_bytes;
    std::ifstream in(file, std::ios::binary);
    in.seekg(static_cast<std::streamoff>(begin));
    std::string torn;
    std::getline(in, torn);
    begin += torn.size() + 1;
  }
  each_json_line(file, begin, [&](json::object line) { lines.push_back(std::move(line)); });
  return lines;
}

}  // namespace jarvis::dashboard
