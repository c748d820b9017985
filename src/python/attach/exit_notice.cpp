#include "python/attach/exit_notice.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "base/system_error.hpp"
#include "python/attach/target_process.hpp"

namespace ouro::python::attach {

namespace {

// Children of fork() inherit the function and must not call it; an exec() in the program starts
// with its environment, in which nothing of this is left.
constexpr char kModule[] =
    R"(# Of `ouro run --at-exit`: says when the program ends, and waits for the snapshot.
def begin():
    import atexit
    import os
    import sys

    numbers = os.environ.pop("OURO_EXIT_NOTICE", None)
    path = os.environ.pop("OURO_EXIT_PYTHONPATH", None)
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [one for one in sys.path if one != folder]
    if path is None:
        os.environ.pop("PYTHONPATH", None)
    else:
        os.environ["PYTHONPATH"] = path
    if numbers is None:
        return
    notices, answers = map(int, numbers.split(","))
    for number in (notices, answers):
        os.set_inheritable(number, False)
    process = os.getpid()

    def say_and_wait():
        if os.getpid() != process:
            return
        # With `import signal` here a program that Ctrl-C ended would end with status 1 instead.
        import _signal as signal

        try:
            if signal.getsignal(signal.SIGPIPE) != signal.SIG_IGN:
                signal.signal(signal.SIGPIPE, signal.SIG_IGN)
            os.write(notices, b"e")
            os.close(notices)
            os.read(answers, 1)
        except (OSError, ValueError, KeyboardInterrupt):
            pass

    atexit.register(say_and_wait)


def import_the_one_that_would_have_been():
    import sys

    own = sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize
    except ImportError as error:
        if error.name != "sitecustomize":
            raise
    finally:
        sys.modules.setdefault("sitecustomize", own)


begin()
import_the_one_that_would_have_been()
)";

void let_child_inherit(int number) {
  fcntl(number, F_SETFD, 0);
}

}  // namespace

Result<ExitNotice> ExitNotice::create() {
  ExitNotice notice;
  const char* parent = std::getenv("TMPDIR");
  std::string folder =
      std::string(parent != nullptr && *parent != '\0' ? parent : "/tmp") + "/ouro-run-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return system_error(folder);
  notice.folder_.path = folder;
  const std::string path = folder + "/sitecustomize.py";
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  constexpr ssize_t kBytes = sizeof(kModule) - 1;
  if (!file.is_open() || write(file.number(), kModule, kBytes) != kBytes) {
    return system_error(path);
  }
  int notices[2], answers[2];
  if (pipe2(notices, O_CLOEXEC) != 0) return system_error("pipe");
  notice.notices_ = Descriptor(notices[0]);
  notice.child_notices_ = Descriptor(notices[1]);
  if (pipe2(answers, O_CLOEXEC) != 0) return system_error("pipe");
  notice.child_answers_ = Descriptor(answers[0]);
  notice.answers_ = Descriptor(answers[1]);
  return notice;
}

ExitNotice::~ExitNotice() {
  if (folder_.path.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(folder_.path, ignored);  // Python may have put its cache there
}

void ExitNotice::set_up_child() const {
  let_child_inherit(child_notices_.number());
  let_child_inherit(child_answers_.number());
  const std::string numbers =
      std::to_string(child_notices_.number()) + ',' + std::to_string(child_answers_.number());
  setenv("OURO_EXIT_NOTICE", numbers.c_str(), 1);
  const char* path = std::getenv("PYTHONPATH");
  if (path == nullptr) {
    setenv("PYTHONPATH", folder_.path.c_str(), 1);
  } else {
    setenv("OURO_EXIT_PYTHONPATH", path, 1);
    setenv("PYTHONPATH", (folder_.path + ':' + path).c_str(), 1);
  }
}

void ExitNotice::close_ends_of_child() {
  child_notices_.close();
  child_answers_.close();
}

bool ExitNotice::take() {
  char byte = 0;
  const ssize_t count = read(notices_.number(), &byte, 1);
  notices_.close();
  return count == 1;
}

void wait_until_it_waits(pid_t pid) {
  const TargetProcess process(pid);
  const timespec moment{0, 1'000'000};
  constexpr int kMoments = 5000;
  for (int i = 0; i < kMoments && process.state() == 'R'; ++i) nanosleep(&moment, nullptr);
}

}  // namespace ouro::python::attach
