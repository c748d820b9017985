#include "python/attach/walker_process.hpp"

#include <algorithm>
#include <string>

#include "python/attach/attach.hpp"
#include "python/attach/interruption.hpp"
#include "python/attach/processes.hpp"
#include "python/stream/stream_reader.hpp"

namespace ouro::python::attach {

// The clones that agents make have a name of their own (agent/child.cpp).
bool is_walker_alive(const TargetProcess& target, bool walks_in_place) {
  if (walks_in_place) return target.state() != '\0';
  return std::ranges::any_of(
      all_processes(), [](pid_t pid) { return TargetProcess(pid).name() == "ouro snapshot"; });
}

Error why_ended_early(const Error& error, const TargetProcess& target, bool walks_in_place) {
  const bool has_ended = error.code == ErrorCode::kInputOutput && error.place == stream::kPlace &&
                         !Interruption::asked_to_stop();
  if (!has_ended) return error;
  const std::string place = "process " + std::to_string(target.pid());
  if (target.state() == '\0' || target.state() == 'Z') {
    return {ErrorCode::kNotFound, place, "has ended meanwhile"};
  }
  if (walks_in_place) return error;
  return {error.code, place, kCloneEnded};
}

}  // namespace ouro::python::attach
