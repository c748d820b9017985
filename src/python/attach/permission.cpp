#include "python/attach/permission.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace ouro::python::attach {

namespace {

constexpr unsigned kTraceCapability = 19;  // CAP_SYS_PTRACE

bool has_trace_capability() {
  const std::string effective = TargetProcess(getpid()).status("CapEff");
  return (std::strtoull(effective.c_str(), nullptr, 16) >> kTraceCapability & 1) != 0;
}

int yama_scope() {
  const auto text = text_of_file("/proc/sys/kernel/yama/ptrace_scope");
  return text ? std::atoi(text->c_str()) : 0;
}

bool is_in_container() {
  return access("/.dockerenv", F_OK) == 0 || access("/run/.containerenv", F_OK) == 0 ||
         std::getenv("KUBERNETES_SERVICE_HOST") != nullptr;
}

}  // namespace

bool may_trace(const TargetProcess& process) {
  const int memory = open(process.path("mem").c_str(), O_RDWR | O_CLOEXEC);
  if (memory >= 0) close(memory);
  return memory >= 0;
}

Refusal why_not(const TargetProcess& process, const std::string& command) {
  const std::string as_root =
      "run it as root: sudo ouro " + command + ' ' + std::to_string(process.pid());
  const std::string users = process.status("Uid");
  const bool is_ours = std::strtoul(users.c_str(), nullptr, 10) == geteuid();
  const int scope = yama_scope();
  const std::string with_sudo = is_in_container()
                                    ? "start the container with --cap-add=SYS_PTRACE (Kubernetes: "
                                      "securityContext.capabilities.add: [SYS_PTRACE])"
                                    : as_root;
  if (scope == 3) {
    return {"attaching is switched off on this machine (kernel.yama.ptrace_scope=3)",
            "only a reboot with another setting changes that; start programs to look at by "
            "`ouro run`, which does not help here either"};
  }
  if (geteuid() == 0 && !has_trace_capability()) {
    return {"root has no permission to trace here (no CAP_SYS_PTRACE), as in most containers",
            with_sudo};
  }
  if (!is_ours && geteuid() != 0) {
    return {
        "it belongs to another user",
        as_root + (is_in_container() ? "; in a container root needs --cap-add=SYS_PTRACE" : "")};
  }
  if (scope > 0 && geteuid() != 0) {
    return {
        "attaching to one's own programs is restricted on this machine "
        "(kernel.yama.ptrace_scope=" +
            std::to_string(scope) + ")",
        with_sudo + (scope == 1 ? "; or start the program by `ouro run`; or allow it until the "
                                  "next boot: sudo sysctl kernel.yama.ptrace_scope=0"
                                : "")};
  }
  if (geteuid() == 0) {
    return {
        "the kernel forbids it even to root: a security policy (SELinux, AppArmor, lockdown), "
        "or a user namespace other than this one",
        "run ouro in the namespace of the program, or see the kernel's log"};
  }
  return {"it has forbidden it itself (prctl PR_SET_DUMPABLE), or has other rights than its user",
          with_sudo};
}

}  // namespace ouro::python::attach
