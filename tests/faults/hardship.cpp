// Loaded before a program (LD_PRELOAD). JARVIS_HARDSHIP says what it has to do without: "rights"
// takes root's right to write and read where no mode allows it; "allocation:N" lets the N-th
// allocation of memory fail, with a "+" behind it all from then on.
#include <dlfcn.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>

extern "C" {
// The C library's own, which need no look-up: that would allocate.
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* memory, size_t size);
}

namespace {

std::atomic<long> failing_at{0};
std::atomic<long> allocations{0};
bool for_good = false;

void give_up_rights() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2] = {};
  ::syscall(SYS_capset, &header, none);
}

struct Start {
  Start() {
    const char* text = std::getenv("JARVIS_HARDSHIP");
    if (!text) return;
    if (std::strcmp(text, "rights") == 0) give_up_rights();
    const char* prefix = "allocation:";
    if (std::strncmp(text, prefix, std::strlen(prefix)) != 0) return;
    for_good = text[std::strlen(text) - 1] == '+';
    failing_at = std::atol(text + std::strlen(prefix));
  }
} start;

bool fails() {
  const long at = failing_at.load(std::memory_order_relaxed);
  if (at == 0) return false;
  const long number = ++allocations;
  const bool now = number == at || (for_good && number > at);
  if (now) errno = ENOMEM;
  return now;
}

}  // namespace

extern "C" {

void* malloc(size_t size) {
  return fails() ? nullptr : __libc_malloc(size);
}

void* calloc(size_t count, size_t size) {
  return fails() ? nullptr : __libc_calloc(count, size);
}

void* realloc(void* memory, size_t size) {
  return fails() ? nullptr : __libc_realloc(memory, size);
}

}  // extern "C"
