// Loaded before a program (LD_PRELOAD): counts its calls that change a file, and lets one of them
// go wrong. JARVIS_FAULT says how: "list:FILE" appends a letter for each to FILE (w writes, s makes
// durable, r renames or links, u unlinks, m makes a directory, t truncates); "kill:N" ends the
// program by SIGKILL at the N-th; "ENOSPC:N", "EIO:N", "EACCES:N" make the N-th fail, with
// a "+" behind it all from then on; "short:N" writes half of what the N-th wants written.
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

enum class Mode { none, list, kill, fail, half };

struct Fault {
  Mode mode = Mode::none;
  long at = 0;
  bool for_good = false;
  int error = 0;
  int list = -1;
};

Fault read_fault() {
  Fault fault;
  const char* text = std::getenv("JARVIS_FAULT");
  const char* colon = text ? std::strchr(text, ':') : nullptr;
  if (!colon) return fault;
  const auto is = [&](const char* name) {
    return std::strlen(name) == static_cast<std::size_t>(colon - text) &&
           std::strncmp(text, name, std::strlen(name)) == 0;
  };
  if (is("list")) {
    fault.mode = Mode::list;
    fault.list = ::open(colon + 1, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    return fault;
  }
  fault.at = std::atol(colon + 1);
  fault.for_good = text[std::strlen(text) - 1] == '+';
  fault.mode = is("kill") ? Mode::kill : is("short") ? Mode::half : Mode::fail;
  fault.error = is("ENOSPC") ? ENOSPC : is("EACCES") ? EACCES : EIO;
  return fault;
}

const Fault fault = read_fault();
std::atomic<long> calls{0};

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

void list(char letter) {
  static auto* const call = real<ssize_t(int, const void*, size_t)>("write");
  [[maybe_unused]] const auto written = call(fault.list, &letter, 1);
}

/** Whether this call is the one that fails; errno is set. */
bool fails(char letter) {
  const long number = ++calls;
  if (fault.mode == Mode::list) list(letter);
  if (fault.mode == Mode::kill && number == fault.at) ::raise(SIGKILL);
  const bool now =
      fault.mode == Mode::fail && (number == fault.at || (fault.for_good && number > fault.at));
  if (now) errno = fault.error;
  return now;
}

bool is_file(int descriptor) {
  struct stat facts {};
  return ::fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode);
}

std::size_t wanted(std::size_t count) {
  return fault.mode == Mode::half && calls.load() == fault.at && count > 1 ? count / 2 : count;
}

}  // namespace

extern "C" {

ssize_t write(int descriptor, const void* bytes, size_t count) {
  static auto* const call = real<ssize_t(int, const void*, size_t)>("write");
  if (!is_file(descriptor)) return call(descriptor, bytes, count);
  return fails('w') ? -1 : call(descriptor, bytes, wanted(count));
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t count, off64_t at) {
  static auto* const call = real<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  return fails('w') ? -1 : call(descriptor, bytes, wanted(count), at);
}

ssize_t writev(int descriptor, const struct iovec* parts, int count) {
  static auto* const call = real<ssize_t(int, const struct iovec*, int)>("writev");
  if (!is_file(descriptor)) return call(descriptor, parts, count);
  return fails('w') ? -1 : call(descriptor, parts, count);
}

int fsync(int descriptor) {
  static auto* const call = real<int(int)>("fsync");
  return fails('s') ? -1 : call(descriptor);
}

int fdatasync(int descriptor) {
  static auto* const call = real<int(int)>("fdatasync");
  return fails('s') ? -1 : call(descriptor);
}

int rename(const char* from, const char* to) {
  static auto* const call = real<int(const char*, const char*)>("rename");
  return fails('r') ? -1 : call(from, to);
}

int link(const char* from, const char* to) {
  static auto* const call = real<int(const char*, const char*)>("link");
  return fails('r') ? -1 : call(from, to);
}

int unlink(const char* path) {
  static auto* const call = real<int(const char*)>("unlink");
  return fails('u') ? -1 : call(path);
}

int mkdir(const char* path, mode_t mode) {
  static auto* const call = real<int(const char*, mode_t)>("mkdir");
  return fails('m') ? -1 : call(path, mode);
}

int ftruncate64(int descriptor, off64_t size) {
  static auto* const call = real<int(int, off64_t)>("ftruncate64");
  return fails('t') ? -1 : call(descriptor, size);
}

}  // extern "C"
