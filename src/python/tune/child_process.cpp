#include "python/tune/child_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <optional>
#include <system_error>
#include <utility>

#include "base/system_error.hpp"

namespace ouro::python::tune {

using attach::Descriptor;

namespace {

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

std::optional<Pipe> make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

[[noreturn]] void become(const std::vector<std::string>& words, const std::string& input,
                         int output, int errors, int error_pipe,
                         const std::function<void()>& set_up) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // nobody else would end it
  for (const int ignored_here : {SIGPIPE, SIGXFSZ}) std::signal(ignored_here, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const int in = open(input.c_str(), O_RDONLY);
  if (in >= 0) dup2(in, 0);
  dup2(output, 1);
  dup2(errors, 2);
  if (in > 2) close(in);
  set_up();
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  const int number = errno;
  [[maybe_unused]] const ssize_t written = write(error_pipe, &number, sizeof(number));
  _exit(127);
}

}  // namespace

Result<ChildProcess> start_child(const std::vector<std::string>& words, const std::string& input,
                                 const std::function<void()>& set_up) {
  auto output = make_pipe();
  auto errors = make_pipe();
  auto start_errors = make_pipe();
  if (!output || !errors || !start_errors) return system_error("pipe");
  ChildProcess child;
  child.pid = fork();
  if (child.pid < 0) return system_error("fork");
  if (child.pid == 0) {
    become(words, input, output->write_end.number(), errors->write_end.number(),
           start_errors->write_end.number(), set_up);
  }
  setpgid(child.pid, child.pid);  // whoever comes first
  start_errors->write_end.close();
  fcntl(start_errors->read_end.number(), F_SETFL, 0);
  int number = 0;
  if (read(start_errors->read_end.number(), &number, sizeof(number)) > 0) {
    waitpid(child.pid, nullptr, 0);
    return Error{number == EACCES ? ErrorCode::kPermissionDenied : ErrorCode::kNotFound, words[0],
                 "cannot be started: " + std::generic_category().message(number)};
  }
  child.life = Descriptor(static_cast<int>(syscall(SYS_pidfd_open, child.pid, 0)));
  child.output = std::move(output->read_end);
  child.errors = std::move(errors->read_end);
  return child;
}

void drain(Descriptor& pipe, OutputLines& lines) {
  char buffer[16384];
  while (pipe.is_open()) {
    const ssize_t count = read(pipe.number(), buffer, sizeof(buffer));
    if (count > 0) {
      lines.add({buffer, static_cast<std::size_t>(count)});
    } else if (count == 0) {
      pipe.close();
    } else {
      return;
    }
  }
}

}  // namespace ouro::python::tune
