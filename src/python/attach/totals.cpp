#include "python/attach/totals.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "python/attach/walker_process.hpp"

namespace ouro::python::attach {

namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

/// How long the clone takes to be gone. The kernel takes its memory apart before it closes its end
/// of the pipe; the CPU works on nothing else meanwhile. A fork of the target may keep the pipe
/// open, so this has an end.
nanoseconds time_until_closed(int pipe) {
  constexpr auto kMost = milliseconds(1000);
  const auto begin = Clock::now();
  while (Clock::now() - begin < kMost) {
    pollfd waiting{.fd = pipe, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(kMost.count()));
    if (ready < 0 && errno == EINTR && !Interruption::asked_to_stop()) continue;
    char byte = 0;
    if (ready <= 0 || ::read(pipe, &byte, 1) <= 0) break;
  }
  return Clock::now() - begin;
}

}  // namespace

Result<HeapTotals> take_totals(const Target& target, AttachOptions options,
                               const Interruption& interruption, Progress* progress) {
  const auto begin = Clock::now();
  const bool in_place = options.walks_in_place;
  options.says_totals = true;
  auto attached = attach(target, options, interruption, progress);
  if (!attached) return attached.error();
  auto read = heap::read_totals(
      attached->pipe.number(),
      {.is_cancelled = &Interruption::asked_to_stop(),
       .is_writer_alive = [&] { return is_walker_alive(target.process, in_place); }});
  if (!read) return why_ended_early(read.error(), target.process, in_place);
  HeapTotals totals;
  const nanoseconds walk_cpu(static_cast<std::int64_t>(read->cpu_ns));
  nanoseconds cloning(static_cast<std::int64_t>(read->hello.clone_took_ns));
  if (in_place) {
    cloning = nanoseconds(static_cast<std::int64_t>(read->end.list_ns + read->end.walk_ns));
  } else {
    totals.clone_cpu = walk_cpu + time_until_closed(attached->pipe.number());
  }
  totals.pause = std::max(attached->longest_stop, cloning);
  totals.stood_still = attached->all_stops + cloning;
  totals.types = std::move(read->types);
  totals.objects = read->objects;
  totals.bytes = read->bytes;
  totals.python_version = read->python_version.substr(0, read->python_version.find(' '));
  totals.walked_in_place = in_place;
  totals.was_collecting = (read->hello.flags & stream::Hello::kCollecting) != 0;
  totals.took = Clock::now() - begin;
  return totals;
}

}  // namespace ouro::python::attach
