#include "python/agent/leave.hpp"

#include "python/agent/system_calls.hpp"

// In .data, not .bss: the injector fills it in, in its copy of the file's bytes.
__attribute__((section(".data"))) ouro::python::agent::Request ouro_agent_request = {};

namespace ouro::python::agent {

namespace {

constexpr long kMonotonicClock = 1;

bool is_out(unsigned user) {
  const Request::Time& left = ouro_agent_request.left[user];
  return __atomic_load_n(&left.seconds, __ATOMIC_ACQUIRE) != 0 ||
         __atomic_load_n(&left.nanoseconds, __ATOMIC_ACQUIRE) != 0;
}

/// They have taken their bits from `users`, so it is a matter of a few instructions.
void wait_for_others(User last) {
  const std::uint32_t others = ouro_agent_request.joined & ~bit(last);
  for (unsigned user = 0; user < kUsers; ++user) {
    if ((others & (1u << user)) == 0) continue;
    while (!is_out(user)) system_call(__NR_sched_yield);
  }
}

}  // namespace

void join(User user) {
  __atomic_fetch_or(&ouro_agent_request.joined, bit(user), __ATOMIC_ACQ_REL);
  __atomic_fetch_or(&ouro_agent_request.users, bit(user), __ATOMIC_ACQ_REL);
}

void take_back_join(User user) {
  __atomic_fetch_and(&ouro_agent_request.users, ~bit(user), __ATOMIC_ACQ_REL);
  __atomic_fetch_and(&ouro_agent_request.joined, ~bit(user), __ATOMIC_ACQ_REL);
}

const Request::LastCall* leave(User user) {
  Request& request = ouro_agent_request;
  Request::LastCall& call = request.last_call[static_cast<unsigned>(user)];
  call.instruction = request.system_call_and_return;
  if (__atomic_and_fetch(&request.users, ~bit(user), __ATOMIC_ACQ_REL) != 0) {
    call.number = __NR_clock_gettime;
    call.first = kMonotonicClock;
    call.second = reinterpret_cast<std::uint64_t>(&request.left[static_cast<unsigned>(user)]);
  } else {
    wait_for_others(user);
    call.number = __NR_munmap;
    call.first = request.mapping;
    call.second = request.mapping_bytes;
  }
  return &call;
}

}  // namespace ouro::python::agent
