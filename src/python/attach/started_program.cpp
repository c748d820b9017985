#include "python/attach/started_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <system_error>

#include "base/system_error.hpp"

namespace ouro::python::attach {

namespace {

// What others send to a program and mean this one. Those of the keyboard (Ctrl-C, Ctrl-\) reach
// the program by its process group, so that they must not come twice.
constexpr int kPassedOn[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGUSR1,
                             SIGUSR2, SIGALRM, SIGCONT, SIGWINCH};

std::atomic<pid_t> program = 0;
std::atomic<int> asking_signal = 0;
std::atomic<bool> is_asked = false;

void pass_on(int signal, siginfo_t* info, void*) {
  const int number = errno;
  if (signal == asking_signal) {
    is_asked = true;
  } else if (info->si_code <= 0 && program > 0) {  // kill() and its like, not the kernel
    kill(program, signal);
  }
  errno = number;
}

void note_child(int) {}  // that poll() comes back

void catch_signals() {
  struct sigaction action{};
  action.sa_sigaction = pass_on;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : kPassedOn) sigaction(signal, &action, nullptr);
  if (asking_signal != 0) sigaction(asking_signal, &action, nullptr);
  struct sigaction child{};
  child.sa_handler = note_child;
  sigemptyset(&child.sa_mask);
  sigaction(SIGCHLD, &child, nullptr);
}

sigset_t all_signals() {
  sigset_t all;
  sigfillset(&all);
  return all;
}

[[noreturn]] void become(const std::vector<std::string>& words, const sigset_t& mask,
                         const std::optional<ExitNotice>& notice, int error_pipe) {
  for (const int ignored_here : {SIGPIPE, SIGXFSZ}) std::signal(ignored_here, SIG_DFL);
  if (notice) notice->set_up_child();
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  sigprocmask(SIG_SETMASK, &mask, nullptr);
  execvp(arguments[0], arguments.data());
  const int number = errno;
  [[maybe_unused]] const ssize_t written = write(error_pipe, &number, sizeof(number));
  _exit(127);
}

}  // namespace

Result<StartedProgram> StartedProgram::start(const std::vector<std::string>& words,
                                             int signal_that_asks,
                                             std::optional<ExitNotice> notice) {
  int error_pipe[2];
  if (pipe2(error_pipe, O_CLOEXEC) != 0) {
    return system_error("pipe");
  }
  const Descriptor errors(error_pipe[0]);
  Descriptor errors_of_child(error_pipe[1]);
  // No signal may get lost between the beginning of the program and our handlers.
  const sigset_t all = all_signals();
  sigset_t before;
  sigprocmask(SIG_BLOCK, &all, &before);
  const pid_t pid = fork();
  if (pid == 0) become(words, before, notice, error_pipe[1]);
  const int fork_error = errno;
  errors_of_child.close();
  if (notice) notice->close_ends_of_child();
  int number = pid < 0 ? fork_error : 0;
  if (pid > 0 && read(errors.number(), &number, sizeof(number)) > 0) waitpid(pid, nullptr, 0);
  if (number != 0) {
    sigprocmask(SIG_SETMASK, &before, nullptr);
    return Error{number == EACCES ? ErrorCode::kPermissionDenied : ErrorCode::kNotFound, words[0],
                 "cannot be started: " + std::generic_category().message(number)};
  }
  program = pid;
  asking_signal = signal_that_asks;
  catch_signals();
  sigprocmask(SIG_SETMASK, &before, nullptr);
  return StartedProgram(pid, std::move(notice));
}

StartedProgram::News StartedProgram::wait(std::chrono::milliseconds time) {
  sigset_t news_signals, mask;
  sigemptyset(&news_signals);
  sigaddset(&news_signals, SIGCHLD);
  if (asking_signal != 0) sigaddset(&news_signals, asking_signal);
  // Blocked while we look, so that none comes between looking and waiting.
  sigprocmask(SIG_BLOCK, &news_signals, &mask);
  News news = News::kNone;
  pollfd polled{notice_ && notice_->is_open() ? notice_->number() : -1, POLLIN, 0};
  if (waitpid(pid_, &status_, WNOHANG) == pid_) {
    has_ended_ = true;
    program = 0;
    news = News::kEnded;
  } else if (!is_asked) {
    const timespec left{time.count() / 1000, time.count() % 1000 * 1'000'000};
    sigdelset(&mask, SIGCHLD);
    if (asking_signal != 0) sigdelset(&mask, asking_signal);
    ppoll(&polled, 1, &left, &mask);
    if (polled.revents != 0 && notice_->take()) {
      wait_until_it_waits(pid_);
      news = News::kExits;
    }
  }
  sigprocmask(SIG_UNBLOCK, &news_signals, nullptr);
  if (news == News::kNone && is_asked.exchange(false)) return News::kSignal;
  return news;
}

void StartedProgram::go_on() {
  if (notice_) notice_->let_go();
}

std::string StartedProgram::how_it_ended() const {
  if (!WIFSIGNALED(status_)) return "exit status " + std::to_string(WEXITSTATUS(status_));
  const int signal = WTERMSIG(status_);
  return "signal " + std::to_string(signal) + " (" + strsignal(signal) + ')';
}

void StartedProgram::end_as_it_did() {
  notice_.reset();  // no destructor runs
  if (WIFSIGNALED(status_)) {
    // The core file, if any, is the program's.
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
    const int signal = WTERMSIG(status_);
    std::signal(signal, SIG_DFL);
    sigset_t all = all_signals();
    sigprocmask(SIG_UNBLOCK, &all, nullptr);
    std::raise(signal);
    _exit(128 + signal);
  }
  _exit(WEXITSTATUS(status_));
}

}  // namespace ouro::python::attach
