#include "tests/privacy/secrets.hpp"

#include <boost/json.hpp>
#include <functional>

#include "tests/privacy/dice.hpp"

namespace jarvis::testing {

namespace {

namespace json = boost::json;

std::string in_json(const std::string& text) {
  return json::serialize(json::value(text));
}

/** A text of two parts that a scanner of repositories would know as one. */
std::string joined(const char* one, const char* other) {
  return std::string(one) + other;
}

std::string luhn_number(Dice& dice, const std::string& start, std::size_t length) {
  std::string digits = start + dice.text(length - 1 - start.size(), kDigits);
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int digit = digits[digits.size() - 1 - i] - '0';
    const int doubled = digit * 2;
    sum += i % 2 == 1 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return digits + std::to_string((10 - sum % 10) % 10);
}

std::string grouped(const std::string& number, std::size_t size, char separator) {
  std::string text;
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (i > 0 && i % size == 0) text += separator;
    text += number[i];
  }
  return text;
}

std::string iban(Dice& dice, const std::string& country, std::size_t length) {
  const std::string account = dice.text(length - 4, kDigits);
  int rest = 0;
  for (const char c : account + country + "00")
    rest = c >= '0' && c <= '9' ? (rest * 10 + (c - '0')) % 97 : (rest * 100 + (c - 'A' + 10)) % 97;
  const std::string check = std::to_string(98 - rest);
  return country + (check.size() == 1 ? "0" : "") + check + account;
}

/** At least one digit and one letter, which random texts nearly always have. */
std::string token(Dice& dice, std::size_t length) {
  return "k" + dice.text(length - 2, kWordCharacters) + "7";
}

struct Kind {
  std::string name;
  std::function<std::string(Dice&)> make;
};

/** Secrets that are known by their own form, whatever stands around them. */
std::vector<Kind> formed_kinds() {
  const auto prefixed = [](const char* one, const char* other, std::size_t length) {
    return [=](Dice& dice) { return joined(one, other) + token(dice, length); };
  };
  return {
      {"openai", prefixed("sk", "-", 48)},
      {"openai project", prefixed("sk-", "proj-", 96)},
      {"anthropic", prefixed("sk-", "ant-api03-", 93)},
      {"openrouter", prefixed("sk-", "or-v1-", 64)},
      {"google", prefixed("AI", "zaSy", 33)},
      {"google oauth", prefixed("GOC", "SPX-", 28)},
      {"aws", [](Dice& dice) { return joined("AK", "IA") + dice.text(16, kCapitals); }},
      {"aws session", [](Dice& dice) { return joined("AS", "IA") + dice.text(16, kCapitals); }},
      {"github", prefixed("gh", "p_", 36)},
      {"github oauth", prefixed("gh", "o_", 36)},
      {"github fine-grained", prefixed("github", "_pat_", 82)},
      {"gitlab", prefixed("glp", "at-", 20)},
      {"slack bot",
       [](Dice& dice) {
         return joined("xo", "xb-") + dice.text(12, kDigits) + "-" + token(dice, 24);
       }},
      {"slack user",
       [](Dice& dice) {
         return joined("xo", "xp-") + dice.text(12, kDigits) + "-" + token(dice, 32);
       }},
      {"stripe", prefixed("sk_", "live_", 24)},
      {"stripe restricted", prefixed("rk_", "live_", 24)},
      {"sendgrid",
       [](Dice& dice) { return joined("S", "G.") + token(dice, 22) + "." + token(dice, 43); }},
      {"twilio", [](Dice& dice) { return joined("S", "K") + dice.text(32, kHex); }},
      {"npm", prefixed("np", "m_", 36)},
      {"pypi", prefixed("py", "pi-AgEI", 120)},
      {"huggingface", prefixed("h", "f_", 34)},
      {"telegram",
       [](Dice& dice) {
         return "71" + dice.text(8, kDigits) + joined(":A", "A") + dice.text(33, kWordCharacters);
       }},
      {"jwt",
       [](Dice& dice) {
         return joined("ey", "J") + token(dice, 33) + "." + joined("ey", "J") + token(dice, 60) +
                "." + token(dice, 43);
       }},
      {"groq", prefixed("gs", "k_", 52)},
      {"vault", prefixed("hv", "s.", 90)},
      {"e-mail",
       [](Dice& dice) {
         return dice.text(6, kSmall) + "." + dice.text(5, kSmall) + "@" + dice.text(7, kSmall) +
                ".example.org";
       }},
      {"e-mail with a tag",
       [](Dice& dice) {
         return dice.text(5, kSmall) + "+shop@" + dice.text(9, kSmall) + ".co.uk";
       }},
      {"phone abroad",
       [](Dice& dice) {
         return "+49 151 2" + dice.text(3, kDigits) + " " + dice.text(4, kDigits);
       }},
      {"phone abroad without blanks", [](Dice& dice) { return "+4479" + dice.text(8, kDigits); }},
      {"phone US",
       [](Dice& dice) { return "(415) 55" + dice.text(1, "2345") + "-" + dice.text(4, kDigits); }},
      {"phone DE", [](Dice& dice) { return "030 2" + dice.text(7, kDigits); }},
      {"phone FR", [](Dice& dice) { return "06 " + grouped("7" + dice.text(7, kDigits), 2, ' '); }},
      {"card", [](Dice& dice) { return luhn_number(dice, "4", 16); }},
      {"card with blanks", [](Dice& dice) { return grouped(luhn_number(dice, "54", 16), 4, ' '); }},
      {"card amex", [](Dice& dice) { return luhn_number(dice, "37", 15); }},
      {"iban", [](Dice& dice) { return iban(dice, "DE", 22); }},
      {"iban with blanks", [](Dice& dice) { return grouped(iban(dice, "FR", 27), 4, ' '); }},
  };
}

using Form = std::function<std::string(const std::string&)>;
struct NamedForm {
  std::string name;
  Form write;
};

std::vector<NamedForm> free_forms() {
  return {
      {"prose", [](const std::string& s) { return "Please use " + s + " for that, she wrote."; }},
      {"JSON",
       [](const std::string& s) { return R"({"role":"user","content":)" + in_json(s) + "}"; }},
      {"JSON inside of JSON",
       [](const std::string& s) {
         return R"({"arguments":)" + in_json(R"({"text":)" + in_json("first line\n" + s) + "}") +
                "}";
       }},
      {"Markdown",
       [](const std::string& s) { return "# Setup\n\n* value: `" + s + "`\n* **" + s + "**\n"; }},
      {"code", [](const std::string& s) { return "client = Client(\"" + s + "\", retries=3)\n"; }},
      {"configuration", [](const std::string& s) { return "host: internal\nvalue: " + s + "\n"; }},
      {"after a line break", [](const std::string& s) { return "as follows:\n" + s + "\nthanks"; }},
      {"log", [](const std::string& s) { return "12:30:01 INFO from=" + s + " status=200"; }},
  };
}

/** Forms in which a name says that a password follows. */
std::vector<NamedForm> password_forms() {
  return {
      {"JSON", [](const std::string& s) { return "{\"password\": " + in_json(s) + "}"; }},
      {"JSON inside of JSON",
       [](const std::string& s) { return in_json("{\"db_password\": " + in_json(s) + "}"); }},
      {"JSON over lines",
       [](const std::string& s) { return "{\n  \"client_secret\":\n    " + in_json(s) + "\n}"; }},
      {"YAML", [](const std::string& s) { return "db:\n  password: " + s + "\n  port: 5432\n"; }},
      {"YAML block", [](const std::string& s) { return "password: >-\n  " + s + "\nport: 1\n"; }},
      {"environment", [](const std::string& s) { return "export DB_PASSWORD=" + s + "\n"; }},
      {"ini", [](const std::string& s) { return "[db]\npassword = " + s + "\n"; }},
      {"Python",
       [](const std::string& s) { return "connect(user=\"app\", password='" + s + "')"; }},
      {"C++", [](const std::string& s) { return "settings.setPassword(\"" + s + "\");"; }},
      {"PHP", [](const std::string& s) { return "'password' => '" + s + "',"; }},
      {"Markdown", [](const std::string& s) { return "**Password:** `" + s + "`\n"; }},
      {"Markdown table", [](const std::string& s) { return "| Password | " + s + " |\n"; }},
      {"XML", [](const std::string& s) { return "<password>" + s + "</password>"; }},
      {"shell", [](const std::string& s) { return "mysql --user app --password " + s + " main"; }},
      {"shell over lines", [](const std::string& s) { return "tool \\\n  --password \\\n  " + s; }},
      {"prose", [](const std::string& s) { return "My password is " + s + ", do not tell."; }},
      {"URL",
       [](const std::string& s) { return "postgres://app:" + s + "@db.internal:5432/main"; }},
      {"connection string",
       [](const std::string& s) { return "Server=db;User Id=app;Password=" + s + ";Timeout=5"; }},
      {"netrc", [](const std::string& s) { return "machine a login bob password " + s; }},
      {"name and value",
       [](const std::string& s) { return "- name: DB_PASSWORD\n  value: " + s + "\n"; }},
      {"JSON name and value",
       [](const std::string& s) {
         return R"({"name": "DB_PASSWORD", "value": )" + in_json(s) + "}";
       }},
      {"XML attributes",
       [](const std::string& s) { return "<add key=\"Password\" value=\"" + s + "\" />"; }},
      {"prose about a place",
       [](const std::string& s) { return "The password for the old server is " + s + "."; }},
      {"shell with a user",
       [](const std::string& s) { return "curl --user \"admin:" + s + "\" https://a.test/"; }},
      {"SQL", [](const std::string& s) { return "CREATE USER a IDENTIFIED BY '" + s + "';"; }},
  };
}

std::vector<NamedForm> key_forms() {
  return {
      {"JSON", [](const std::string& s) { return "{\"api_key\": " + in_json(s) + "}"; }},
      {"JSON inside of JSON",
       [](const std::string& s) { return in_json("{\"accessToken\": " + in_json(s) + "}"); }},
      {"environment", [](const std::string& s) { return "SHOP_API_KEY=" + s + "\n"; }},
      {"YAML", [](const std::string& s) { return "auth:\n  token: " + s + "\n"; }},
      {"TOML", [](const std::string& s) { return "[shop]\napi_key = \"" + s + "\" # ours\n"; }},
      {"header", [](const std::string& s) { return "X-Api-Key: " + s + "\r\nAccept: */*\r\n"; }},
      {"bearer", [](const std::string& s) { return "curl -H 'Authorization: Bearer " + s + "'"; }},
      {"URL",
       [](const std::string& s) { return "https://shop.test/v1?access_token=" + s + "&n=1"; }},
      {"cookie", [](const std::string& s) { return "Cookie: session=" + s + "; theme=dark\r\n"; }},
      {"code", [](const std::string& s) { return "const apiKey = '" + s + "';"; }},
      {"call",
       [](const std::string& s) { return "localStorage.setItem(\"token\", \"" + s + "\")"; }},
  };
}

/** The body of a private key in lines of 64, and these lines. */
PlantedSecret private_key(Dice& dice, const std::string& name, bool escaped) {
  const std::string dashes = "-----";
  const std::string title = name + joined(" PRIV", "ATE KEY");
  PlantedSecret planted{"private key", escaped ? "JSON" : "over lines", {}, ""};
  std::string key = dashes + "BEGIN " + title + dashes + "\n";
  for (int line = 0; line < 6; ++line) {
    planted.pieces.push_back(dice.text(64, kBase64));
    key += planted.pieces.back() + "\n";
  }
  key += dashes + "END " + title + dashes + "\n";
  planted.text = escaped ? R"({"key":)" + in_json(key) + "}" : "The key:\n\n" + key + "\nDone.";
  return planted;
}

}  // namespace

std::vector<PlantedSecret> planted_secrets() {
  Dice dice(20260601);
  std::vector<PlantedSecret> all;
  const auto plant = [&](const std::string& kind, const NamedForm& form,
                         const std::string& secret) {
    all.push_back({kind, form.name, {secret}, form.write(secret)});
  };
  for (const Kind& kind : formed_kinds())
    for (const NamedForm& form : free_forms()) plant(kind.name, form, kind.make(dice));
  for (const NamedForm& form : password_forms())
    for (const std::string& password :
         {"hunter" + dice.text(2, kDigits), "Tr0ub4dor&" + dice.text(3, kDigits),
          "c0rrect-horse_" + dice.text(4, kSmall)})
      plant("password", form, password);
  for (const NamedForm& form : key_forms())
    for (const std::string& key : {token(dice, 32), "a" + dice.text(38, kHex) + "9"})
      plant("API key", form, key);
  for (const char* name : {"RSA", "EC", "OPENSSH", "ENCRYPTED"})
    for (const bool escaped : {false, true}) all.push_back(private_key(dice, name, escaped));
  return all;
}

}  // namespace jarvis::testing
