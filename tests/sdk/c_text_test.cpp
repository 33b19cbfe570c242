#include <doctest/doctest.h>
#include <jarvis/c/plugin.h>

#include <boost/json.hpp>
#include <string>

namespace {

/** A text that frees itself. */
struct Text {
  jarvis_text text{};
  ~Text() { jarvis_text_free(&text); }
  std::string all() const { return {text.data, text.size}; }
};

}  // namespace

TEST_CASE("c text: a string with any characters is read back by another reader") {
  std::string bytes = "caf\xC3\xA9 \"\\/";
  for (char c = 0; c < 0x20; ++c) bytes += c;
  bytes += '\x7f';
  Text made;
  jarvis_text_add_string(&made.text, {bytes.data(), bytes.size()});
  CHECK(boost::json::parse(made.all()).as_string() == bytes);
}

TEST_CASE("c text: grows over many additions and stays readable as a C string") {
  Text made;
  for (int i = 0; i < 10000; ++i) jarvis_text_add_number(&made.text, i);
  CHECK(made.text.size == 38890);
  CHECK(std::strlen(made.text.data) == 38890);
  jarvis_text_add_value(&made.text, jarvis_json_none(), "null");
  CHECK(made.all().substr(38890) == "null");
}

TEST_CASE("c text: what cannot be held fails once and for good") {
  Text made;
  jarvis_text_add(&made.text, "a");
  const volatile std::size_t far_too_many = static_cast<std::size_t>(-1) / 4;
  jarvis_text_add_bytes(&made.text, "b", far_too_many);
  CHECK(made.text.failed == 1);
  jarvis_text_add(&made.text, "c");
  CHECK(made.all() == "a");
}

TEST_CASE("c text: a name is safe as one part of a path") {
  for (const char* good : {"a", "0", "simple", "my-agent_2"}) CHECK(jarvis_is_name(good) == 1);
  for (const char* bad : {"", ".", "..", "a/b", "A", "-a", "_a", "a b", "\xC3\xA9"})
    CHECK(jarvis_is_name(bad) == 0);
  CHECK(jarvis_is_name(std::string(65, 'a').c_str()) == 0);
}

TEST_CASE("c plugin: a request without the strings that it must have is invalid, and says which") {
  const auto told = [](const std::string& request) {
    std::string message;
    jarvis_reply reply{};
    reply.context = &message;
    reply.error = [](void* context, const jarvis_error* error) {
      *static_cast<std::string*>(context) = {error->message.ptr, error->message.len};
    };
    const auto status = jarvis_require_strings(&reply, {request.data(), request.size()}, "op home");
    CHECK((status == JARVIS_OK) == message.empty());
    return message;
  };
  CHECK(told("") == "request is not a JSON object");
  CHECK(told("[\"op\",\"home\"]") == "request is not a JSON object");
  CHECK(told(R"({"home":"/h"})") == "field 'op' is missing or not a string");
  CHECK(told(R"({"op":"x","home":1})") == "field 'home' is missing or not a string");
  CHECK(told(R"({"op":"","home":"/h"})") == "");
}
