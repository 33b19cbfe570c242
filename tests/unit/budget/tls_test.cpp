#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/NetSSL.h>
#include <Poco/Net/SecureServerSocket.h>
#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>

#include "core/budget/http_client.hpp"
#include "core/budget/proxy.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;

namespace {

// Made for this test, trusted by nobody.
constexpr const char* kCertificate = R"(
-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUZ6iJcCAKlRZO6k2y3kFVGx/a2wgwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjIzMjAyOVoYDzIxMjYxMDI5
MjMyMDI5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQuYdujwSNMcjZj7A/ogsA8fnqhlNm+WWB+XNo3ZsUBQJ3d3jJhYRPp
QOF2XL+9vezRBOdvv70PScAJAiQXh91io28wbTAdBgNVHQ4EFgQUjGPmR+ZaKPwW
eORgXE5fz4osYY8wHwYDVR0jBBgwFoAUjGPmR+ZaKPwWeORgXE5fz4osYY8wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgX/tmh9SSAfQHpP9etCvtX1AgaoccYVqyBylE6awBjCoCIQD7
NrWmM7fzO3//fCPJE3W260+B9COJg1vfFY17jnnz/A==
-----END CERTIFICATE-----
)";

constexpr const char* kKey = R"(
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgYwytU0RQIJcVLq4z
fRqoIzAUG816hyGokcbx6WKaTiihRANCAAQuYdujwSNMcjZj7A/ogsA8fnqhlNm+
WWB+XNo3ZsUBQJ3d3jJhYRPpQOF2XL+9vezRBOdvv70PScAJAiQXh91i
-----END PRIVATE KEY-----
)";

class CountingFactory : public Poco::Net::HTTPRequestHandlerFactory {
 public:
  explicit CountingFactory(std::atomic<int>& count) : count_(count) {}
  Poco::Net::HTTPRequestHandler* createRequestHandler(
      const Poco::Net::HTTPServerRequest&) override {
    ++count_;
    return nullptr;
  }

 private:
  std::atomic<int>& count_;
};

}  // namespace

TEST_CASE("tls: a certificate that nobody vouches for is not trusted, and no key is sent") {
  const jarvis::testing::TemporaryDirectory directory;
  const auto certificate = directory.write("certificate.pem", kCertificate);
  const auto key = directory.write("key.pem", kKey);
  Poco::Net::initializeSSL();
  const Poco::Net::Context::Ptr context =
      new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE, key.string(), certificate.string(),
                             "", Poco::Net::Context::VERIFY_NONE);
  Poco::Net::SecureServerSocket socket(Poco::Net::SocketAddress("127.0.0.1", 0), 8, context);
  std::atomic<int> served{0};
  Poco::Net::HTTPServer server(new CountingFactory(served), socket,
                               new Poco::Net::HTTPServerParams);
  server.start();
  HttpService http([](std::chrono::milliseconds) {});
  Endpoint endpoint{"https://localhost:" + std::to_string(socket.address().port())};
  endpoint.key = Secret::of("secret");
  sdk::HttpRequest request{"POST", endpoint.base_url + "/x", {}, "{}", "x-api-key", ""};
  const auto answer = http.send(request, endpoint, nullptr);
  server.stopAll(true);
  REQUIRE_FALSE(answer.ok());
  CAPTURE(answer.error().message);
  CHECK(answer.error().kind == ErrorKind::unavailable);
  CHECK(answer.error().message.find("cannot trust " + endpoint.base_url) == 0);
  CHECK(served == 0);
}

TEST_CASE("proxy: the environment's proxy serves public addresses alone") {
  setenv("https_proxy", "http://proxy.test:3128", 1);
  setenv("http_proxy", "plain.test:8080", 1);
  setenv("no_proxy", "internal.test, .corp.test", 1);
  const auto proxy = [](const std::string& url) { return proxy_for(*parse_address(url)); };
  CHECK(proxy("https://api.example.com")->host == "proxy.test");
  CHECK(proxy("https://api.example.com")->port == 3128);
  CHECK(proxy("http://api.example.com")->host == "plain.test");
  for (const char* direct :
       {"http://localhost:1", "http://127.0.0.1", "https://10.0.0.1", "https://internal.test",
        "https://a.internal.test", "https://a.corp.test"}) {
    CAPTURE(direct);
    CHECK_FALSE(proxy(direct).has_value());
  }
  unsetenv("https_proxy");
  unsetenv("http_proxy");
  unsetenv("no_proxy");
  CHECK_FALSE(proxy("https://api.example.com").has_value());
}
