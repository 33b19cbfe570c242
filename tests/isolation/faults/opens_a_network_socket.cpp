#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/isolation/fault_plugin.hpp"

namespace {

class OpensANetworkSocket : public fault::Plugin {
  /** The words are the port of a server on this machine. */
  void misbehave(const fault::Call& call) override {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in server{};
    server.sin_family = AF_INET;
    server.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    server.sin_port = ::htons(static_cast<std::uint16_t>(std::stoi(call.words)));
    const bool reached =
        socket >= 0 &&
        ::connect(socket, reinterpret_cast<const sockaddr*>(&server), sizeof server) == 0;
    ::close(socket);
    if (!reached) throw fault::sdk::refused("no way to the server");
  }
};

}  // namespace

FAULT_PLUGIN(OpensANetworkSocket)
