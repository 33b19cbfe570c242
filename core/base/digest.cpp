#include "core/base/digest.hpp"

#include <Poco/Crypto/DigestEngine.h>

#include <random>

namespace jarvis {

namespace {

Poco::DigestEngine::Digest digest_of(std::string_view bytes) {
  Poco::Crypto::DigestEngine engine("SHA256");
  engine.update(bytes.data(), bytes.size());
  return engine.digest();
}

}  // namespace

std::string sha256(std::string_view bytes) {
  return Poco::DigestEngine::digestToHex(digest_of(bytes));
}

std::uint64_t stable_hash(std::string_view bytes) {
  const auto digest = digest_of(bytes);
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number = number << 8 | digest[i];
  return number;
}

std::string random_hex(std::size_t count) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::random_device source;
  std::string text;
  while (text.size() < count) text += kDigits[source() & 15u];
  return text;
}

}  // namespace jarvis
