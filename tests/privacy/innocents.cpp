#include <array>

#include "tests/privacy/dice.hpp"
#include "tests/privacy/secrets.hpp"

namespace jarvis::testing {

namespace {

std::string uuid(Dice& dice) {
  return dice.text(8, kHex) + "-" + dice.text(4, kHex) + "-4" + dice.text(3, kHex) + "-a" +
         dice.text(3, kHex) + "-" + dice.text(12, kHex);
}

std::string number(Dice& dice, std::size_t below) {
  return std::to_string(dice.below(below));
}

std::string date(Dice& dice) {
  const std::string month = "0" + std::to_string(1 + dice.below(9));
  return "202" + number(dice, 7) + "-" + month + "-" + std::to_string(10 + dice.below(18));
}

const std::vector<std::string>& prose() {
  static const std::vector<std::string> texts{
      "The student answered with the number of pieces that were there in the first place.",
      "Forgot your password? Click the link below and choose a new one.",
      "The password must have at least 12 characters, one of them a digit.",
      "A token is roughly four characters of English text; this prompt has 1,412 tokens.",
      "The secret of a good soup is time. The key is patience: three hours at 90 degrees.",
      "Please enter your password: it is required for this step.",
      "She called at 10:30 and again at 14:45; nobody picked up the phone.",
      "Section 3.2.1 on page 118 says that keys are sorted, see figure 4-2.",
      "The secretary: a novel in 24 chapters. Its author passed away in 1998.",
      "Password: required. Token: optional. Secret: none.",
      "It rained on 03/04/2025, on 12.11.2024 and from 2019 to 2023, 1,204 mm in all.",
      "The score was 3-2 after 120 minutes; 54,321 people saw it, 12,000 fewer than in 1974.",
      "Authentication: the client sends a token, the server checks it and answers 401 if it is "
      "invalid.",
      "Model gpt-4o-mini-2024-07-18 costs 0.15 and claude-3-5-sonnet-20241022 costs 3.00.",
      "We met @noon at the café; @alex and @maria were late. Mail me @ the office.",
      "Secret Santa 2024: bring a gift; the secret ingredient: 2 tbsp vinegar.",
      "Bearer of bad news; the Bearer token; Basic income is 1200 a month.",
      "The risk-assessment-framework-2024-v2 and the desk-booking-system-for-2024.",
      "Call me tomorrow at 10. Phone numbers have 10 digits. Phone: see below.",
      "Room 415-555, building 12-3456, extension 7890, 94103-1234.",
      "UPC 012345678905, EAN 4006381333931, IMEI 490154203237518.",
      "Use icon@2x.png and icon@3x.png, and clone git@github.com:org/repository.git.",
  };
  return texts;
}

const std::vector<std::string>& code() {
  static const std::vector<std::string> texts{
      "password = getpass.getpass(\"Password: \")\n",
      "def login(self, username: str, password: str) -> Token:\n    self.password = password\n",
      "if (!password) throw new Error('password is required');\n",
      "export API_KEY=\"${API_KEY:?set it first}\"\n",
      "api_key: ${{ secrets.OPENAI_API_KEY }}\n",
      "const token = await getToken(user, options);\n",
      "token = tokens[position + 1]\n",
      "secret = os.environ[\"APP_SECRET\"]\n",
      "password: <your password>\n",
      "{\"type\": \"object\", \"properties\": {\"password\": {\"type\": \"string\"}}}",
      "for (const auto& [key, value] : map) total += value.tokens;\n",
      "{\"max_tokens\": 1024, \"total_tokens\": 35812, \"prompt_tokens\": 812}",
      "@property\ndef token_count(self) -> int:\n    return len(self.tokens)\n",
      "result = a @ b.T  # matrix product\n",
      "CREATE TABLE users (id INTEGER, password VARCHAR(255), token TEXT);\n",
      "--password-file /etc/app/secret --token-url https://id.test/token\n",
      "std::string password_hash(const std::string& password);\n",
      "input type=\"password\" name=\"password\" placeholder=\"Password\"",
      "api_key_env = \"OPENAI_API_KEY\"\n",
      "assert response.headers['authorization'] is None\n",
      "openai.api_key = os.getenv(\"OPENAI_API_KEY\")\n",
      "api_key: str = Field(..., env=\"OPENAI_API_KEY\")\n",
      "password: ${DB_PASSWORD:-changeme}\n",
      "secretKeyRef:\n  name: db-secret-2024\n  key: password\n",
      "if (token.type == TokenType.identifier && token.value == \"abc123\") {\n",
      "\"cache_key\": \"user:1234:profile\", \"partition_key\": \"tenant-00042\"",
      "{\"id\":\"chatcmpl-8abcDEF123ghiJKL456mnoPQR789\",\"created\":1704067200}",
      "print(\"token\", \"value1\"); parse(token, 42); getToken(apiKey, \"v1\")\n",
      "credentials: same-origin; credentials: \"include\"\n",
      "password_min_length = 12; password_expiry: 90d; token_ttl: 3600s\n",
      "pip install package==1.2.3; npm i @types/node@20.10.5 react@18.2.0\n",
      "FAIL: 3, pass: 12/15; PASS: tests/unit/foo_test.py::test_bar2\n",
      "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)\n",
  };
  return texts;
}

}  // namespace

std::vector<InnocentText> innocent_texts() {
  Dice dice(20260602);
  std::vector<InnocentText> all;
  const auto add = [&](const char* kind, const std::string& text) { all.push_back({kind, text}); };
  for (int i = 0; i < 20; ++i) {
    add("SHA-256", "sha256:" + dice.text(64, kHex) + "  build/jarvis");
    add("git commit", "commit " + dice.text(40, kHex) + "\nMerge: " + dice.text(7, kHex));
    add("UUID",
        "{\"request_id\":\"" + uuid(dice) + "\",\"trace_id\":\"" + dice.text(16, kHex) + "\"}");
    add("Base64 image", "data:image/png;base64,iVBORw0KGgo" + dice.text(2000, kBase64) + "==");
    add("version", "jarvis " + number(dice, 9) + "." + number(dice, 40) + "." + number(dice, 300) +
                       "-rc." + number(dice, 9) + " (build " + number(dice, 100000) + ")");
    add("date",
        date(dice) + "T0" + number(dice, 9) + ":12:33.123456Z, " + date(dice) + " 03:04:05");
    add("price", "$" + number(dice, 900) + "." + dice.text(2, kDigits) + " or EUR 1," +
                     dice.text(3, kDigits) + "," + dice.text(3, kDigits) + ".00");
    add("ISBN", "ISBN 978-3-" + dice.text(2, kDigits) + "-" + dice.text(6, kDigits) + "-" +
                    dice.text(1, kDigits) + " and 0-306-" + dice.text(5, kDigits) + "-2");
    add("IP", "10.0." + number(dice, 255) + "." + number(dice, 255) + ":8080, fe80::" +
                  dice.text(4, kHex) + ":" + dice.text(4, kHex) + ", 192.168.100.200");
    add("timestamp", "{\"ts\":17" + dice.text(8, kDigits) + ",\"ns\":17" + dice.text(17, kDigits) +
                         ",\"id\":" + dice.text(6, kDigits) + "}");
    add("numbers", "0." + dice.text(16, kDigits) + ", " + dice.text(5, kDigits) + " " +
                       dice.text(4, kDigits) + " x " + dice.text(3, kDigits) + " = 1" +
                       dice.text(7, kDigits));
    add("hex dump", "000000" + dice.text(2, kHex) + "  01 02 03 04 05 06 07 08 " +
                        dice.text(2, kHex) + " 0a 0b 00 00 00 00 00  |........|");
    add("URL", "https://example.org/a/" + dice.text(22, kWordCharacters) +
                   "?page=" + number(dice, 99) + "&sort=asc#section-" + number(dice, 9));
  }
  for (const std::string& text : prose()) add("prose", text);
  for (const std::string& text : code()) add("code", text);
  for (int i = 0; all.size() < 300; ++i)
    add("prose with numbers", "Task " + number(dice, 1000) + " took " + number(dice, 90) + "." +
                                  number(dice, 9) + " s and " + number(dice, 90000) +
                                  " tokens on node-" + number(dice, 64) + ".");
  return all;
}

}  // namespace jarvis::testing
