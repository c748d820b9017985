// Snapshots: the whole heap as a file that the command `ouro` explains.
//
//   ouro::snapshot("server.ouro");           // then: ouro why server.ouro 'Connection#1'
//
// A snapshot holds every object of the calling thread's current heap: type, size, count,
// generation; every reference with the name of its field, weak ones marked; and what holds objects
// from outside. A count that no reference in the heap explains comes from a variable. Global and
// static variables, and std::vectors among them, are found by looking through the program's static
// storage, and named by its symbols (unless it was stripped); variables on the calling thread's
// stack are told from the rest. What has no name there can be given one:
//
//   std::map<int, ouro::Ref<Session>> sessions;
//   const ouro::NamedRoot sessions_root("sessions", sessions);
//
// Cost: 1,000,000 objects with 3,000,000 references take 0.6 s, and while it lasts 32 bytes of
// memory an object and 24 a reference. With `in_child` the process is cloned, the clone does the
// work, and the program waits for the clone alone: 1 ms for the same heap.
//
// Link ouro::capture (CMake) or -louro_capture; pkg-config ouro lists it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <ouro/base/result.hpp>
#include <ouro/detail/edge_visitor.hpp>
#include <ouro/trace.hpp>

namespace ouro {

struct SnapshotOptions {
  /// Clones the process (fork) and returns; the file appears when the clone is done. What goes
  /// wrong there is told on standard error.
  bool in_child = false;
};

/// Writes the current heap to `path`; an older file of that name is replaced when the new one is
/// complete. Gives what went wrong, or nothing. May be called from anywhere but a destructor,
/// finalizer or callback that a collection runs; then it is an error.
[[nodiscard]] std::optional<Error> snapshot(const std::string& path,
                                            const SnapshotOptions& options = {});

/// From now on `signal` makes the calling thread's current heap be written to `path`, where %p is
/// the number of the process and %n that of the snapshot, from 1. It happens at the next moment
/// that is safe: when the thread makes an object that can hold references, or calls
/// answer_snapshot_signal(). What goes wrong is told on standard error. Replaces the signal's
/// handler.
void snapshot_on_signal(int signal, std::string path, const SnapshotOptions& options = {});

/// Takes the snapshot a signal asked for, if one did. For loops that may wait for long without
/// making an object.
void answer_snapshot_signal();

/// Writes the calling thread's current heap to `path` (%p as above) when the thread ends: for the
/// main thread when main() returns or exit() is called, after its local variables are gone and
/// before global ones are.
void snapshot_at_exit(std::string path);

namespace detail {
struct RootRegistration {
  std::string name;
  const void* address;
  std::size_t bytes;
  std::function<void(EdgeVisitor&)> visit;
};
void add_named_root(const void* key, RootRegistration registration);
void remove_named_root(const void* key) noexcept;
}  // namespace detail

/// Names a variable that holds references in snapshots, for as long as this object lives. The
/// variable must live as long; only snapshots taken by the thread that changes it may look at it.
class NamedRoot {
 public:
  template <class T>
  NamedRoot(std::string name, T& variable) {
    detail::add_named_root(
        this, {std::move(name), &variable, sizeof(T), [&variable](detail::EdgeVisitor& visitor) {
                 detail::trace_value(visitor, variable);
               }});
  }
  NamedRoot(const NamedRoot&) = delete;
  NamedRoot& operator=(const NamedRoot&) = delete;
  ~NamedRoot() { detail::remove_named_root(this); }
};

}  // namespace ouro
