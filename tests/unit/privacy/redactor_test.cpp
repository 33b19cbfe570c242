#include "core/privacy/redactor.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "tests/privacy/dice.hpp"
#include "tests/privacy/secrets.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

std::shared_ptr<const RedactionRules> rules(const std::vector<std::string>& extra = {}) {
  auto read = redaction_rules(extra, "/home/a/config.toml");
  REQUIRE_MESSAGE(read.ok(), (read ? "" : read.error().message));
  return std::make_shared<const RedactionRules>(std::move(*read));
}

std::string redacted(const std::string& text) {
  Redactor redactor(rules(), {});
  return redactor.redact(text);
}

}  // namespace

TEST_CASE("redaction: what only looks like a placeholder never becomes somebody's address") {
  Redactor redactor(rules(), {});
  const std::string text = "The form says [EMAIL_1] and [EMAIL_2].";
  CHECK(redactor.redact(text) == text);
  CHECK(redactor.redact("Write to a.b@example.org.") == "Write to [EMAIL_3].");
  CHECK(redactor.restore(text) == text);
  // Also where both come in one text.
  Redactor fresh(rules(), {});
  CHECK(fresh.redact("[EMAIL_1] is a.b@example.org") == "[EMAIL_1] is [EMAIL_2]");
}

TEST_CASE("redaction: bytes that are not UTF-8 stay as they are, and hide nothing") {
  const std::string wild = "\xFF\xFE\x80 a.b@example.org \xC3";
  CHECK(redacted(wild) == "\xFF\xFE\x80 [EMAIL_1] \xC3");
  CHECK(redacted(std::string("a\0b +4915112345678", 18)) == std::string("a\0b [PHONE_1]", 13));
}

TEST_CASE("redaction: a text of 10 MB is redacted to its end") {
  std::string text(10 << 20, 'x');
  for (std::size_t at = 0; at < text.size(); at += 64) text[at] = ' ';
  text += " a.b@example.org";
  const std::string out = redacted(text);
  CHECK(out.size() == text.size() - 15 + 9);
  CHECK(out.substr(out.size() - 10) == " [EMAIL_1]");
}

TEST_CASE("redaction: hostile texts of 1 MB, full of what rules begin with, come to an end") {
  const std::vector<std::string> units{"-----BEGIN PRIVATE KEY-----",
                                       "sk-",
                                       "password=",
                                       "://a:",
                                       "a@",
                                       "0 ",
                                       "+1 ",
                                       "[EMAIL_1",
                                       "eyJ",
                                       "\\\"",
                                       "DE89 "};
  for (const std::string& unit : units) {
    std::string text;
    while (text.size() < (1 << 20)) text += unit;
    CAPTURE(unit);
    CHECK_FALSE(redacted(text).empty());
  }
}

TEST_CASE("redaction: the empty text and the shortest ones") {
  for (const char* text : {"", "@", "a", "sk", "sk-", "1", "+", "[", "[E", "[EMAIL_]", "\\"})
    CHECK(redacted(text) == text);
}

TEST_CASE("redaction: a private key that was cut off is redacted as far as it goes") {
  const std::string key =
      std::string("-----BEGIN RSA PRIV") + "ATE KEY-----\nMIIEabcdefgh\nxyz12345";
  CHECK(redacted("Here: " + key) == "Here: [PRIVATE_KEY_1]");
}

TEST_CASE("redaction: an address with a long name, and numbers right behind escapes") {
  CHECK(redacted("averylongnameforone@example.org") == "[EMAIL_1]");
  const std::string iban = std::string("DE89") + "370400440532013000";
  CHECK(redacted("a\\u0022" + iban) == "a\\u0022[IBAN_1]");
  CHECK(redacted("a%3D" + iban) == "a%3D[IBAN_1]");
  CHECK(redacted("a\\n+4915112345678") == "a\\n[PHONE_1]");
}

TEST_CASE("redaction: a token that is longer than the rule's window goes as a whole") {
  const std::string tail(6000, 'a');
  CHECK(redacted("x gh" + std::string("p_1") + tail + " y") == "x [TOKEN_1] y");
}

TEST_CASE("redaction: nothing is left of 300 planted secrets, whatever stands around them") {
  const auto shared = rules();
  const auto all = planted_secrets();
  CHECK(all.size() >= 300);
  for (const PlantedSecret& planted : all) {
    Redactor redactor(shared, {});
    const std::string out = redactor.redact(planted.text);
    CAPTURE(planted.kind);
    CAPTURE(planted.form);
    CAPTURE(planted.text);
    CAPTURE(out);
    for (const std::string& piece : planted.pieces) CHECK(out.find(piece) == std::string::npos);
    CHECK(redactor.restore(out) == planted.text);
    CHECK(redactor.redact(out) == out);
  }
}

TEST_CASE(
    "redaction: secrets side by side at random are all found, restored, and left alone after") {
  const auto shared = rules();
  const auto secrets = planted_secrets();
  const auto innocents = innocent_texts();
  const std::vector<std::string> joints{"\n", " ", "", "\n\n", "\", \"", ","};
  Dice dice(7);
  for (int i = 0; i < 300; ++i) {
    std::string text;
    for (std::size_t part = 2 + dice.below(6); part > 0; --part)
      text += (dice.below(3) > 0 ? dice.one_of(secrets).text : dice.one_of(innocents).text) +
              dice.one_of(joints);
    Redactor redactor(shared, {});
    const std::string out = redactor.redact(text);
    CAPTURE(text);
    CHECK(redactor.restore(out) == text);
    CHECK(redactor.redact(out) == out);
  }
}

TEST_CASE("redaction: of 300 innocent texts under 2 % are touched") {
  const auto shared = rules();
  const auto all = innocent_texts();
  CHECK(all.size() >= 300);
  std::size_t touched = 0;
  for (const InnocentText& innocent : all) {
    Redactor redactor(shared, {});
    const std::string out = redactor.redact(innocent.text);
    if (out == innocent.text) continue;
    ++touched;
    MESSAGE("touched " << innocent.kind << ": " << innocent.text.substr(0, 120) << " -> "
                       << out.substr(0, 120));
  }
  CHECK(touched * 50 < all.size());
}

TEST_CASE("redaction: the same secret has the same placeholder, another one another") {
  Redactor redactor(rules(), {});
  CHECK(redactor.redact("a@example.org, b@example.org, a@example.org") ==
        "[EMAIL_1], [EMAIL_2], [EMAIL_1]");
  CHECK(redactor.redact("b@example.org") == "[EMAIL_2]");
  CHECK(redactor.restore("to [EMAIL_2] and [EMAIL_9]") == "to b@example.org and [EMAIL_9]");
  CHECK(redactor.counts() == std::map<std::string, std::size_t>{{"email", 2}});
  CHECK(redactor.placeholders_in("[EMAIL_2] [EMAIL_2] [EMAIL_7] [STEP_1] [EMAIL]") ==
        std::vector<std::string>{"[EMAIL_2]", "[EMAIL_7]"});
}

TEST_CASE("redaction: what was redacted stays so beside new secrets") {
  Redactor redactor(rules(), {});
  const std::string once = redactor.redact("password: hunter22, mail a@example.org");
  const std::string both = redactor.redact(once + " and b@example.org");
  CHECK(both == once + " and [EMAIL_2]");
  CHECK(redactor.redact(both) == both);
}

TEST_CASE("redaction: known secrets go wherever they stand, escaped ones too") {
  Redactor redactor(rules(), {"Zwieback-7", "li\"ne\nbreak", "abc"});
  CHECK(redactor.redact("xZwieback-7y") == "x[SECRET_1]y");
  CHECK(redactor.redact(R"({"a":"li\"ne\nbreak"})") == R"({"a":"[SECRET_2]"})");
  CHECK(redactor.redact("abc") == "abc");
}

TEST_CASE("redaction: in a document the value of a key that names a secret goes as a whole") {
  Redactor redactor(rules(), {});
  const auto document = json::parse(
      R"({"password":"open sesame","n":{"apiKey":"a1b2c3d4e5f6"},"list":["a@example.org",7,null],)"
      R"("token_count":12,"max_tokens":1024,"text":"see \"quotes\"","PIN_password":12345678})");
  const json::value out = redactor.redact_document(document);
  CHECK(json::serialize(out) ==
        R"({"password":"[PASSWORD_1]","n":{"apiKey":"[API_KEY_1]"},"list":["[EMAIL_1]",7,null],)"
        R"("token_count":12,"max_tokens":1024,"text":"see \"quotes\"",)"
        R"("PIN_password":"[PASSWORD_2]"})");
  CHECK(redactor.redact_document(out) == out);
}

TEST_CASE("redaction: the user's own patterns come first; a group says what of a match is secret") {
  Redactor redactor(rules({"PERS-[0-9]{6}", "case ([A-Z]{2}[0-9]+)"}), {});
  CHECK(redactor.redact("PERS-123456 in case XY77, case XY78") ==
        "[CUSTOM_1] in case [CUSTOM_2], case [CUSTOM_3]");
  CHECK(redactor.redact("[CUSTOM_1]") == "[CUSTOM_1]");
  // One that would match placeholders and everything else does not grow them.
  Redactor greedy(rules({"[A-Z]+_[0-9]+", "."}), {});
  const std::string once = greedy.redact("AB_1 c");
  CHECK(greedy.redact(once) == once);
}

TEST_CASE("redaction: a pattern that cannot be used is named with its file and key") {
  for (const char* pattern : {"(", "a*", "[z-a]", "(?=x)y"}) {
    const auto read = redaction_rules({"fine", pattern}, "/home/a/config.toml");
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().kind == ErrorKind::configuration);
    CHECK(read.error().message.find("/home/a/config.toml: key "
                                    "'learning.distillation.privacy.extra_patterns' holds the "
                                    "pattern '" +
                                    std::string(pattern) + "'") == 0);
  }
}

TEST_CASE("redaction: many threads agree on the placeholders") {
  Redactor redactor(rules(), {});
  std::vector<std::thread> threads;
  std::vector<std::string> outs(8);
  for (std::string& out : outs)
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i)
        out = redactor.redact("u" + std::to_string(i) + "@example.org and z@example.org");
    });
  for (std::thread& thread : threads) thread.join();
  for (const std::string& out : outs) CHECK(out == outs[0]);
  CHECK(redactor.counts().at("email") == 201);
}

TEST_CASE("redaction rules: a broken file is refused with rule and key") {
  const auto error_of = [](const std::string& rule) {
    const auto read =
        read_redaction_rules("[[rule]]\nid = \"a\"\nlabel = \"A\"\n" + rule, "r.toml");
    return read ? std::string() : read.error().message;
  };
  CHECK(error_of("pattern = \"x\"").find("r.toml: rule 1 ('a'): key 'keywords'") == 0);
  CHECK(error_of("keywords = [\"ab\"]\npattern = \"x\"").find("'keywords' holds 'ab'") !=
        std::string::npos);
  CHECK(error_of("keywords = [\"abc\"]\npattern = \"(\"").find("'pattern' cannot be used") !=
        std::string::npos);
  CHECK(error_of("keywords = [\"abc\"]\npattern = \"x\"\ncheck = \"magic\"").find("no check") !=
        std::string::npos);
  CHECK(error_of("keywords = [\"abc\"]\npattern = \"x\"\ncolour = \"red\"").find("'colour'") !=
        std::string::npos);
  CHECK(error_of("keywords = [\"abc\"]\npattern = \"abc\"").empty());
}
