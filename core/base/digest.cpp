#include "core/base/digest.hpp"

#include <Poco/Crypto/DigestEngine.h>
#include <Poco/Crypto/OpenSSLInitializer.h>

#include <random>

namespace jarvis {

namespace {

/** Each engine counts itself in and out of OpenSSL's set-up, and tearing it down while another
 * thread sets it up again crashes. One count that is never given back keeps it up. */
void keep_openssl() {
  static const bool kept = [] {
    Poco::Crypto::OpenSSLInitializer::initialize();
    return true;
  }();
  (void)kept;
}

Poco::DigestEngine::Digest digest_of(std::string_view bytes) {
  keep_openssl();
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
