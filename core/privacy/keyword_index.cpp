#include "core/privacy/keyword_index.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/privacy/characters.hpp"

namespace jarvis {

namespace {

/** The first `count` bytes, the first one lowest. */
std::uint32_t bytes_at(const char* at, int count) {
  std::uint32_t bytes = 0;
  if (count == 4 && std::endian::native == std::endian::little) {
    std::memcpy(&bytes, at, sizeof bytes);
    return bytes;
  }
  for (int i = 0; i < count; ++i)
    bytes |= static_cast<std::uint32_t>(static_cast<unsigned char>(at[i])) << (8 * i);
  return bytes;
}

// The bit that tells capital from small letters is set in all bytes: what is not a letter may share
// a slot with something else, and is told apart later.
constexpr std::uint32_t hash(std::uint32_t bytes, std::uint32_t mask, unsigned bits) {
  return (((bytes | 0x20202020u) & mask) * 0x9E3779B1u) >> (32 - bits);
}
constexpr std::uint32_t hash4(std::uint32_t bytes, unsigned bits) {
  return hash(bytes, 0xFFFFFFFFu, bits);
}
constexpr std::uint32_t hash3(std::uint32_t bytes, unsigned bits) {
  return hash(bytes, 0xFFFFFFu, bits);
}

const std::vector<Keyword> kNone;

constexpr std::array<bool, 256> kInWord = [] {
  std::array<bool, 256> in_word{};
  for (int byte = 0; byte < 128; ++byte)
    in_word[static_cast<std::size_t>(byte)] =
        is_letter(static_cast<char>(byte)) || is_digit(static_cast<char>(byte)) || byte == '_';
  return in_word;
}();

/** Most digits stand deep in words (hashes, Base64), and are told apart by a few look-ups: no
 * escape
 * ("\u0022") is the reason for so many letters. */
inline bool number_may_begin(std::string_view text, std::size_t at) {
  const auto in_word = [&](std::size_t back) {
    return kInWord[static_cast<unsigned char>(text[at - back])];
  };
  if (at >= 8 && in_word(1) && in_word(2) && in_word(3) && in_word(4) && in_word(5) && in_word(6) &&
      in_word(8))
    return false;
  return begins_number(text, at) || follows_country(text, at);
}

}  // namespace

KeywordIndex::KeywordIndex(const std::vector<RedactionRule>& rules,
                           std::vector<std::string> secrets)
    : filled4_(std::size_t{1} << kBits4),
      filled3_(std::size_t{1} << kBits3),
      slots4_(filled4_.size()),
      slots3_(filled3_.size()) {
  std::sort(secrets.begin(), secrets.end(), [](const std::string& one, const std::string& other) {
    return one.size() != other.size() ? one.size() > other.size() : one < other;
  });
  for (std::string& secret : secrets) add({std::move(secret), false, nullptr});
  for (const RedactionRule& rule : rules) {
    if (rule.start == RuleStart::digits) number_rules_.push_back(&rule);
    if (rule.start == RuleStart::country) country_rules_.push_back(&rule);
    for (const std::string& keyword : rule.keywords) add({keyword, rule.ignore_case, &rule});
  }
  if (number_rules_.empty() && country_rules_.empty()) return;
  for (const char c : std::string_view("0123456789+("))
    bytes_[static_cast<unsigned char>(c)] = Byte::number;
}

void KeywordIndex::add(Keyword keyword) {
  const std::string& text = keyword.text;
  if (text.size() >= 4) {
    const std::uint32_t slot = hash4(bytes_at(text.data(), 4), kBits4);
    filled4_[slot] = 1;
    slots4_[slot].push_back(std::move(keyword));
  } else if (text.size() == 3) {
    const std::uint32_t slot = hash3(bytes_at(text.data(), 3), kBits3);
    filled3_[slot] = 1;
    slots3_[slot].push_back(std::move(keyword));
  } else {
    const auto byte = static_cast<unsigned char>(text.front());
    bytes_[byte] = Byte::keyword;
    by_byte_[byte].push_back(std::move(keyword));
  }
}

std::size_t KeywordIndex::next(std::string_view text, std::size_t from) const {
  const char* const data = text.data();
  const std::uint8_t* const filled4 = filled4_.data();
  const std::uint8_t* const filled3 = filled3_.data();
  std::size_t at = from;
  if (text.size() >= 4)
    for (const std::size_t last = text.size() - 4; at <= last; ++at) {
      const std::uint32_t bytes = bytes_at(data + at, 4);
      if ((filled4[hash4(bytes, kBits4)] | filled3[hash3(bytes, kBits3)]) != 0) return at;
      const Byte byte = bytes_[bytes & 0xFF];
      if (byte == Byte::keyword || (byte == Byte::number && number_may_begin(text, at))) return at;
    }
  for (; at < text.size(); ++at) {
    const Byte byte = bytes_[static_cast<unsigned char>(data[at])];
    if (byte == Byte::keyword || (byte == Byte::number && number_may_begin(text, at))) return at;
    if (at + 3 <= text.size() && filled3[hash3(bytes_at(data + at, 3), kBits3)] != 0) return at;
  }
  return text.size();
}

const std::vector<Keyword>* KeywordIndex::four(std::string_view text, std::size_t at) const {
  return at + 4 > text.size() ? &kNone : &slots4_[hash4(bytes_at(text.data() + at, 4), kBits4)];
}

const std::vector<Keyword>* KeywordIndex::three(std::string_view text, std::size_t at) const {
  return at + 3 > text.size() ? &kNone : &slots3_[hash3(bytes_at(text.data() + at, 3), kBits3)];
}

const std::vector<Keyword>* KeywordIndex::one(std::string_view text, std::size_t at) const {
  return &by_byte_[static_cast<unsigned char>(text[at])];
}

bool KeywordIndex::stands_at(const Keyword& keyword, std::string_view text, std::size_t at) {
  if (text.size() - at < keyword.text.size()) return false;
  if (!keyword.ignore_case)
    return std::memcmp(text.data() + at, keyword.text.data(), keyword.text.size()) == 0;
  for (std::size_t i = 0; i < keyword.text.size(); ++i)
    if (to_lower(text[at + i]) != keyword.text[i]) return false;
  return true;
}

}  // namespace jarvis
