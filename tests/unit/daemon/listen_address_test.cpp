#include "core/daemon/listen_address.hpp"

#include <doctest/doctest.h>

using namespace jarvis;

TEST_CASE("listen address: what is no address and port is refused, with how to write one") {
  for (const char* text :
       {"", "9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", "127.0.0.1:-1",
        "127.0.0.1:+1", "127.0.0.1:1 ", "::1:9464", "[::1]", "[127.0.0.1]:1", "[]:1",
        "example.org:9464", "127.1:9464", "http://127.0.0.1:9464"}) {
    CAPTURE(text);
    const auto address = listen_address_from(text);
    REQUIRE(!address);
    CHECK(address.error().message.find("'" + std::string(text) + "'") == 0);
    CHECK(address.error().hint.find("127.0.0.1:9464") != std::string::npos);
  }
}

TEST_CASE("listen address: without a host it is this machine alone") {
  for (const char* text : {":9464", "localhost:9464", "127.0.0.1:9464"})
    CHECK(listen_address_from(text).value() == ListenAddress{"127.0.0.1", 9464, true});
  CHECK(listen_address_from("[::1]:9464").value() == ListenAddress{"::1", 9464, true});
  CHECK(listen_address_from("[::1]:9464").value().text() == "[::1]:9464");
  CHECK(listen_address_from("127.0.0.9:0").value().is_loopback);
}

TEST_CASE("listen address: another one is taken when it is named") {
  CHECK(listen_address_from("0.0.0.0:9464").value() == ListenAddress{"0.0.0.0", 9464, false});
  CHECK(!listen_address_from("[::]:9464").value().is_loopback);
  CHECK(!listen_address_from("10.0.0.7:9464").value().is_loopback);
}
