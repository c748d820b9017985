#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base/atomic_file.hpp"
#include "cli/command.hpp"
#include "python/attach/attach.hpp"

namespace ouro::cli {

namespace {

struct AttachOptions : CommonOptions {
  int process = 0;
  std::string output;
  bool walks_in_place = false;
  bool may_replace = false;
};

void run(const AttachOptions& options) {
  namespace attach = python::attach;
  const auto target = attach::find_target(options.process);
  if (!target) throw Failure(ExitCode::kBadInput, target.error().to_string());
  TerminalProgress progress;
  attach::Interruption interruption;
  const auto attached = attach::attach(*target, options.walks_in_place, interruption, &progress);
  if (!attached) throw Failure(ExitCode::kBadInput, attached.error().to_string());
  AtomicFile file(options.output);
  if (auto error = file.open()) throw Failure(ExitCode::kCannotWrite, error->to_string());
  std::string text(65536, '\0');
  std::size_t total = 0;
  for (;;) {
    pollfd polled{attached->pipe.number(), POLLIN, 0};
    poll(&polled, 1, -1);
    const ssize_t n = read(attached->pipe.number(), text.data(), text.size());
    if (n == 0) break;
    if (n < 0) continue;
    if (auto error = file.write(std::string_view(text).substr(0, static_cast<std::size_t>(n)))) {
      throw Failure(ExitCode::kCannotWrite, error->to_string());
    }
    total += static_cast<std::size_t>(n);
  }
  (void)file.commit();
  std::printf("way %d stops %u longest %.3f ms bytes %zu python %s %s\n",
              static_cast<int>(attached->way), attached->stops,
              double(attached->longest_stop.count()) / 1e6, total, target->python_version.c_str(),
              target->python_file.c_str());
}

}  // namespace

void add_attach(CLI::App& application) {
  CLI::App& command = add_command(application, "attach", "Look into a running Python program",
                                  "  ouro attach 4711\n");
  auto options = std::make_shared<AttachOptions>();
  command.add_option("PID", options->process, "A process")->required();
  command.add_option("-o,--output", options->output, "The snapshot to write")->type_name("FILE");
  command.add_flag("--no-fork", options->walks_in_place, "Walk in the program, which waits");
  command.add_flag("--force", options->may_replace, "Replace the file if it exists");
  command.callback([options] { run(*options); });
}

}  // namespace ouro::cli
