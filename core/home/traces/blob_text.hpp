#pragma once

#include <Poco/Data/LOB.h>

#include <string>

#include "core/base/utf8.hpp"

namespace jarvis {

/** A text column, read as bytes: Poco ends text at the first NUL. For .cpp files that speak SQL. */
inline std::string text_of(const Poco::Data::BLOB& bytes) {
  return valid_utf8({reinterpret_cast<const char*>(bytes.rawContent()), bytes.size()});
}

}  // namespace jarvis
