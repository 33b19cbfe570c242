#include "tests/dashboard/served.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

namespace jarvis::testing {

namespace {

class FixedClock : public Clock {
 public:
  double now() const override { return 1800000000; }
};

std::string between(const std::string& text, const std::string& before, char after) {
  const std::size_t at = text.find(before);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + before.size();
  return text.substr(begin, text.find(after, begin) - begin);
}

}  // namespace

Served::Served(const std::filesystem::path& home, const std::filesystem::path& program)
    : clock_(std::make_unique<FixedClock>()) {
  auto server = dashboard::Server::start({home, *clock_, program, "1.2.3"}, 0);
  if (!server) throw std::runtime_error(server.error().message);
  server_ = std::move(*server);
  address_ = server_->address();
  open();
}

Served::Served(const std::string& address) : address_(address) {
  open();
}

void Served::open() {
  port_ = std::stoi(between(address_, "127.0.0.1:", '/'));
  const Answer first =
      send_request(port_, "GET", address_.substr(address_.find("/?")), {{"Host", host()}});
  const std::string cookie = first.header("set-cookie");
  cookie_ = cookie.substr(0, cookie.find(';'));
  csrf_ = between(get("/").body, "name=\"csrf\" value=\"", '"');
}

Answer Served::get(const std::string& target) const {
  return send_request(port_, "GET", target, known());
}

Answer Served::post(const std::string& target, std::map<std::string, std::string> fields) const {
  Headers headers = known();
  headers.emplace_back("Origin", "http://" + host());
  headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  fields["csrf"] = csrf_;
  return send_request(port_, "POST", target, headers, form_text(fields));
}

Answer Served::act(const std::string& target, std::map<std::string, std::string> fields) const {
  const Answer started = post(target, std::move(fields));
  if (started.status != 303) return started;
  const std::string place = started.header("location");
  for (;;) {
    Answer answer = get(place);
    if (!answer.has(">running</span>")) return answer;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

}  // namespace jarvis::testing
