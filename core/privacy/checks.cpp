#include "core/privacy/checks.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "core/privacy/characters.hpp"
#include "core/privacy/value_checks.hpp"

namespace jarvis {

namespace {

std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (is_digit(c)) digits += c;
  return digits;
}

bool has_digit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_digit);
}

/** The digits that every card number and no other number of that length begins with. */
bool is_card_range(const std::string& digits) {
  const int two = std::stoi(digits.substr(0, 2)), four = std::stoi(digits.substr(0, 4));
  const std::size_t length = digits.size();
  if (digits[0] == '4') return length == 13 || length == 16 || length == 19;
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return length == 16;
  if (two == 34 || two == 37) return length == 15;
  if (two == 36 || two == 38 || two == 39 || (four / 10 >= 300 && four / 10 <= 305))
    return length == 14;
  if (four == 6011 || two == 65 || (four / 10 >= 644 && four / 10 <= 649) || two == 62 ||
      (four >= 3528 && four <= 3589))
    return length >= 16;
  return (two == 50 || two == 56 || two == 57 || two == 58 || two == 60 || two == 63 ||
          two == 67) &&
         length >= 15;
}

bool luhn(const Finding& finding) {
  const std::string digits = digits_of(finding.secret());
  if (digits.size() < 13 || digits.size() > 19 || !is_card_range(digits)) return false;
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int digit = digits[digits.size() - 1 - i] - '0';
    const int doubled = digit * 2;
    sum += i % 2 == 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 == 0;
}

/** How long the IBANs of a country are; 0 when it has none. */
std::size_t iban_length(std::string_view country) {
  static constexpr std::string_view kLengths =
      "NO15 BE16 DK18 FI18 FO18 GL18 NL18 SD18 FK18 MK19 SI19 AT20 BA20 EE20 KZ20 LT20 LU20 XK20 "
      "MN20 CH21 HR21 LI21 LV21 BG22 BH22 CR22 DE22 GB22 GE22 IE22 ME22 RS22 VA22 AE23 GI23 IL23 "
      "IQ23 TL23 SO23 OM23 AD24 CZ24 ES24 MD24 PK24 RO24 SA24 SE24 SK24 TN24 VG24 LY25 PT25 ST25 "
      "IS26 TR26 FR27 GR27 IT27 MC27 MR27 SM27 DJ27 AL28 AZ28 BY28 CY28 DO28 GT28 HU28 LB28 PL28 "
      "NI28 SV28 BR29 EG29 PS29 QA29 UA29 JO30 KW30 MU30 LC32 MT31 SC31 BI27 RU33 ";
  const std::size_t at = kLengths.find(std::string(country));
  if (at == std::string_view::npos || at % 5 != 0) return 0;
  return static_cast<std::size_t>((kLengths[at + 2] - '0') * 10 + (kLengths[at + 3] - '0'));
}

bool iban(const Finding& finding) {
  std::string number;
  for (const char c : finding.secret())
    if (std::isalnum(static_cast<unsigned char>(c)))
      number += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  if (number.size() < 15 || number.size() != iban_length(std::string_view(number).substr(0, 2)))
    return false;
  std::rotate(number.begin(), number.begin() + 4, number.end());
  int rest = 0;
  for (const char c : number)
    rest = is_digit(c) ? (rest * 10 + (c - '0')) % 97 : (rest * 100 + (c - 'A' + 10)) % 97;
  return rest == 1;
}

bool phone(const Finding& finding) {
  const std::string digits = digits_of(finding.secret());
  if (digits.size() < 7 || digits.size() > 15) return false;
  // 0000000 and the like are nobody's.
  return digits.find_first_not_of(digits.back()) != std::string::npos;
}

/** With a leading zero: fewer digits are dates and codes. A row of pairs that goes on before or
 * behind is a dump of bytes. */
bool national_phone(const Finding& finding) {
  const std::string digits = digits_of(finding.secret());
  const std::size_t least = finding.secret().find('/') == std::string_view::npos ? 10 : 9;
  if (digits.size() < least || digits.size() > 12 || !phone(finding)) return false;
  // 05/06/2024
  if (finding.secret().size() > 6 && finding.secret()[2] == '/' && finding.secret()[5] == '/')
    return false;
  const auto is_pair = [&](std::size_t at) {
    return at + 1 < finding.text.size() &&
           std::isxdigit(static_cast<unsigned char>(finding.text[at])) &&
           std::isxdigit(static_cast<unsigned char>(finding.text[at + 1]));
  };
  const bool pair_behind = finding.end < finding.text.size() && finding.text[finding.end] == ' ' &&
                           is_pair(finding.end + 1);
  const bool pair_before =
      finding.begin >= 3 && finding.text[finding.begin - 1] == ' ' && is_pair(finding.begin - 3);
  return !pair_behind && !pair_before;
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

/** "icon@2x.png" and "git@host:path" have the form of an address and are none. */
bool email(const Finding& finding) {
  const std::string_view address = finding.secret();
  if (address.substr(0, 4) == "git@") return false;
  static constexpr std::array<std::string_view, 22> kFiles{
      ".png", ".jpg",  ".jpeg", ".gif", ".svg", ".webp", ".ico", ".css", ".js",   ".ts",  ".json",
      ".md",  ".html", ".py",   ".txt", ".map", ".mjs",  ".xml", ".yml", ".yaml", ".zip", ".pdf"};
  return std::none_of(kFiles.begin(), kFiles.end(),
                      [&](std::string_view file) { return ends_with(address, file); });
}

bool mixed(const Finding& finding) {
  const std::string_view text = finding.secret();
  return has_digit(text) &&
         std::any_of(text.begin(), text.end(), [](unsigned char c) { return std::isalpha(c); });
}

/** "user:password" in Base64. */
bool basic(const Finding& finding) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string plain;
  unsigned bits = 0, count = 0;
  for (const char c : finding.secret()) {
    const std::size_t value = kDigits.find(c);
    if (value == std::string_view::npos) break;
    bits = (bits << 6) | static_cast<unsigned>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    plain += static_cast<char>((bits >> count) & 0xFF);
  }
  return plain.find(':') != std::string::npos &&
         std::none_of(plain.begin(), plain.end(), [](unsigned char c) { return c < 0x20; });
}

struct Named {
  std::string_view name;
  Check check;
};

constexpr std::array<Named, 13> kChecks{{{"luhn", luhn},
                                         {"iban", iban},
                                         {"phone", phone},
                                         {"national-phone", national_phone},
                                         {"email", email},
                                         {"mixed", mixed},
                                         {"basic", basic},
                                         {"password", password_value},
                                         {"key", key_value},
                                         {"argument", argument_value},
                                         {"flag", flag_value},
                                         {"strict", strict_value},
                                         {"url-password", url_password}}};

}  // namespace

Check check_named(std::string_view name) {
  for (const Named& known : kChecks)
    if (known.name == name) return known.check;
  return nullptr;
}

}  // namespace jarvis
