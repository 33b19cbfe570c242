// An agent as a program: `command_agent WAY [WORD…]` answers, or misbehaves, in the way it is told.
#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace {

using Words = std::vector<std::string>;

[[noreturn]] void sleep_for_ever() {
  for (const int request : {SIGTERM, SIGHUP, SIGINT, SIGQUIT}) ::signal(request, SIG_IGN);
  for (;;) ::pause();
}

int fails(const std::string& why) {
  std::cerr << "first line\n" << why << '\n';
  return 1;
}

int answers(const Words& words) {
  for (std::size_t i = 0; i < words.size(); ++i) std::cout << (i == 0 ? "" : "|") << words[i];
  std::cout << "\n \n";
  return 0;
}

int answers_from_stdin(const Words&) {
  std::cout << "read: " << std::string(std::istreambuf_iterator<char>(std::cin), {});
  return 0;
}

int shows_its_environment(const Words&) {
  for (char** variable = environ; *variable; ++variable) std::cout << *variable << '\n';
  return 0;
}

int hangs(const Words&) {
  std::cout << "I think" << std::endl;
  sleep_for_ever();
}

int leaves_a_child(const Words&) {
  if (::fork() == 0) sleep_for_ever();
  return answers({"done"});
}

/** The usual way to leave a terminal: two forks and a session of its own; output stays open. */
int leaves_a_daemon(const Words&) {
  if (::fork() == 0) {
    ::setsid();
    if (::fork() == 0) sleep_for_ever();
    ::_exit(0);
  }
  return answers({"done"});
}

int hangs_with_daemons(const Words&) {
  for (int i = 0; i < 5; ++i)
    if (::fork() == 0) {
      ::setsid();
      if (::fork() == 0) sleep_for_ever();
      if (::fork() == 0) {
        ::setpgid(0, 0);
        sleep_for_ever();
      }
      ::_exit(0);
    }
  return hangs({});
}

int prints_1_gb(const Words&) {
  const std::string megabyte(1 << 20, 'x');
  for (int i = 0; i < 1024; ++i)
    if (::write(STDOUT_FILENO, megabyte.data(), megabyte.size()) < 0) return 1;
  return 0;
}

int complains_1_gb(const Words&) {
  const std::string line(1 << 20, 'x');
  for (int i = 0; i < 1024; ++i)
    if (::write(STDERR_FILENO, line.data(), line.size()) < 0) return 1;
  std::cerr << "\nthe last line\n";
  return 3;
}

int prints_nothing(const Words&) {
  std::cout << " \n\t\n";
  return 0;
}

int exits_with_1(const Words&) {
  return fails("no \x1b[31mmodel\x1b[0m here");
}

int kills_itself(const Words&) {
  ::kill(::getpid(), SIGKILL);
  sleep_for_ever();
}

int reads_for_ever(const Words&) {
  char byte = 0;
  for (;;)
    if (::read(STDIN_FILENO, &byte, 1) == 0) ::usleep(1000);
}

int prints_no_utf8(const Words&) {
  std::cout << "caf\xe9 \xff\xc3";
  return 0;
}

int writes(const Words& files) {
  for (const std::string& file : files)
    if (!(std::ofstream(file, std::ios::app) << "was here" << std::flush))
      return fails("cannot write " + file);
  std::cout << "wrote";
  return 0;
}

int shortens(const Words& files) {
  for (const std::string& file : files)
    if (::truncate(file.c_str(), 0) != 0) return fails("cannot shorten " + file);
  std::cout << "shortened";
  return 0;
}

int uses_a_temporary_file(const Words&) {
  const char* folder = std::getenv("TMPDIR");
  std::string file = std::string(folder ? folder : "/tmp") + "/agent-XXXXXX";
  if (::mkstemp(file.data()) < 0) return fails(std::strerror(errno));
  std::cout << file;
  return 0;
}

int connects(const Words& words) {
  const int connection = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<in_port_t>(std::stoi(words.at(0))));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return fails(std::string("cannot connect: ") + std::strerror(errno));
  std::cout << "connected";
  return 0;
}

int counts_its_descriptors(const Words&) {
  int open = 0;
  for (int descriptor = 0; descriptor < 1024; ++descriptor) {
    struct stat facts {};
    open += ::fstat(descriptor, &facts) == 0 ? 1 : 0;
  }
  std::cout << open;
  return 0;
}

const std::map<std::string, std::function<int(const Words&)>> kWays{
    {"answers", answers},
    {"answers_from_stdin", answers_from_stdin},
    {"shows_its_environment", shows_its_environment},
    {"hangs", hangs},
    {"leaves_a_child", leaves_a_child},
    {"leaves_a_daemon", leaves_a_daemon},
    {"hangs_with_daemons", hangs_with_daemons},
    {"prints_1_gb", prints_1_gb},
    {"complains_1_gb", complains_1_gb},
    {"prints_nothing", prints_nothing},
    {"exits_with_1", exits_with_1},
    {"kills_itself", kills_itself},
    {"reads_for_ever", reads_for_ever},
    {"prints_no_utf8", prints_no_utf8},
    {"writes", writes},
    {"shortens", shortens},
    {"uses_a_temporary_file", uses_a_temporary_file},
    {"connects", connects},
    {"counts_its_descriptors", counts_its_descriptors}};

}  // namespace

int main(int count, char** arguments) {
  const Words words(arguments + 1, arguments + count);
  if (words.empty() || kWays.count(words[0]) == 0) return fails("which way?");
  return kWays.at(words[0])({words.begin() + 1, words.end()});
}
