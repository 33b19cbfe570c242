#pragma once

#include <map>

#include "random_toml.hpp"

namespace jarvis::property {

/** What became of the edits of one run. */
using Tally = std::map<std::string, std::size_t>;

/** One edit of a document and all that must hold of it. Each gives what is wrong, or nothing. */
std::string check_read(const RandomToml& document);
std::string check_set(const RandomToml& document, Random& random, Tally& tally);
std::string check_insert(const RandomToml& document, Random& random, Tally& tally);
std::string check_remove(const RandomToml& document, Random& random, Tally& tally);
std::string check_append(const RandomToml& document, Random& random, Tally& tally);
std::string check_remove_item(const RandomToml& document, Random& random, Tally& tally);
std::string check_refusals(const RandomToml& document, Random& random, Tally& tally);

}  // namespace jarvis::property
