#include "core/host/isolation/system_calls.hpp"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace jarvis {

namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kMachine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kMachine = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kMachine = 0;
#endif

// io_uring makes sockets as well.
constexpr std::uint32_t kSockets[] = {SYS_socket, SYS_io_uring_setup};
constexpr std::uint32_t kLeaving[] = {SYS_setsid, SYS_setpgid};
constexpr std::uint32_t kFirstOfX32 = 0x40000000;  // the same calls under other numbers

sock_filter load(std::size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}

sock_filter give(std::uint32_t verdict) {
  return BPF_STMT(BPF_RET | BPF_K, verdict);
}

/** Passes over the next instruction unless the loaded value is `value`. */
sock_filter next_if_equal(std::uint32_t value) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
}

bool forbid(const std::vector<std::uint32_t>& calls) {
  if (kMachine == 0) return false;
  constexpr std::uint32_t kRefusal = SECCOMP_RET_ERRNO | EPERM;
  std::vector<sock_filter> rules{load(offsetof(seccomp_data, arch)),
                                 BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kMachine, 1, 0),
                                 give(kRefusal),
                                 load(offsetof(seccomp_data, nr)),
                                 BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, kFirstOfX32, 0, 1),
                                 give(kRefusal)};
  for (const std::uint32_t call : calls) {
    rules.push_back(next_if_equal(call));
    rules.push_back(give(kRefusal));
  }
  rules.push_back(give(SECCOMP_RET_ALLOW));
  const sock_fprog program{static_cast<unsigned short>(rules.size()), rules.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

}  // namespace

bool forbid_sockets() {
  return forbid({std::begin(kSockets), std::end(kSockets)});
}

bool forbid_system_calls() {
  std::vector<std::uint32_t> calls(std::begin(kSockets), std::end(kSockets));
  calls.insert(calls.end(), std::begin(kLeaving), std::end(kLeaving));
  return forbid(calls);
}

}  // namespace jarvis
