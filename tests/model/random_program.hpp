// A random program on real heaps, in step with the model (model.hpp).
//
// Each operation tells the model first, then does it. Destructors, finalizers and callbacks of weak
// references come back as events: the model judges each, and some then do operations of their own.
// A difference prints the seed, the step, the graph and the command that replays it, and ends the
// process, since nothing that could run after it would mean anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <ouro/heap.hpp>

#include "model/model.hpp"
#include "model/subjects.hpp"
#include "support/random.hpp"

namespace ouro::model {

struct Plan {
  std::uint64_t seed = 0;
  std::size_t operations = 10'000;
  std::size_t heaps = 1;
  bool uses_thread_heap = false;  ///< in place of heaps made for the program; `heaps` is 1
  std::size_t living = 100;       ///< about how many objects live at a time
  bool has_legacy_finalizers = false;
  bool saves_all = false;       ///< DEBUG_SAVEALL now and then
  bool has_structures = false;  ///< chains, rings and hubs now and then
  bool has_quiet = false;       ///< objects whose destruction no code sees
  bool is_verbose = false;      ///< prints each operation
  std::string_view name{};      ///< of the test, for the command that replays it
};

class RandomProgram {
 public:
  explicit RandomProgram(const Plan& plan);
  RandomProgram(const RandomProgram&) = delete;
  RandomProgram& operator=(const RandomProgram&) = delete;
  ~RandomProgram();

  void run(std::size_t operations);
  /// Drops everything and requires that nothing is left.
  void finish();
  /// Hands the program and its heaps to another thread, which takes it.
  void give();
  void take();
  std::size_t operations() const { return operations_; }

  // Events (subjects.hpp).
  void constructing(NodeId id, void* object);
  void finalizing(NodeId id);
  void destroying(NodeId id);
  void destroyed(NodeId id);
  void called(WeakId id, const WeakRef<void>& weak);
  void collecting(std::size_t heap, gc::Phase phase, const gc::CollectionInfo& info);
  void unraisable();

 private:
  class Hold;  // scopes.hpp
  class InHeap;
  struct WeakHandle {
    WeakRef<void> real;
    WeakId id;
  };

  // ---- operations (operations.cpp)
  void step();
  void step_in_event(NodeId self);
  void step_on_graph(std::size_t choice);
  void step_on_collector(std::size_t choice);
  void allocate();
  void link();
  void unlink();
  void move();
  void move_root();
  void grow();
  void shrink();
  void clear();
  void root_again();
  void drop_root(std::size_t index);
  void make_weak(NodeId target);
  void copy_weak();
  void drop_weak();
  void lock_weak();
  void collect(int generation);
  void collect_in_event();
  void collect_some();
  void freeze();
  void unfreeze();
  void set_thresholds();
  void toggle_saving();
  void drop_garbage();
  void build_chain();
  void build_hub();

  // ---- pieces (random_program.cpp)
  Any make(std::uint8_t shape);
  std::uint8_t any_shape();
  NodeId any_node();
  NodeId any_node_with_slots();
  Any refer_to(NodeId id);
  void add_root(Any ref, NodeId id);
  void set(NodeId from, std::size_t slot, NodeId to);
  bool may_allocate() const;
  bool may_collect_in_event() const;
  void drop_all_roots();
  void cut_between_heaps();
  void empty_heap(std::size_t heap);
  void destroy_heap(std::size_t heap);

  // ---- checks (checks.cpp)
  void finish_operation();
  void check_everything();
  void check_node(NodeId id);
  void check_heap(std::size_t heap);
  void check_fields_of_dying(NodeId id);
  void check_counts();
  void require(bool condition, const char* sentence, NodeId id = kNobody) {
    if (!condition) [[unlikely]]
      differ(sentence, id);
  }
  [[noreturn]] void differ(const char* sentence, NodeId id);
  void say(const char* what, std::size_t a = 0, std::size_t b = 0, std::size_t c = 0) const;

  Plan plan_;
  test::Random random_;
  Model model_;
  std::vector<std::unique_ptr<Heap>> heaps_;
  std::vector<Any> roots_;          // as model_.roots
  std::vector<void*> objects_;      // by NodeId
  std::vector<std::uint8_t> busy_;  // by NodeId: its containers are being changed
  std::vector<WeakHandle> weak_;
  std::size_t heap_ = 0;  // the current one
  NodeId next_id_ = kNobody;
  std::size_t operations_ = 0;
  std::size_t events_ = 0;         // on the stack
  std::size_t clears_ = 0;         // clear() on the stack
  std::size_t constructions_ = 0;  // constructors on the stack
  std::size_t thrown_ = 0;         // by finalizers, not reported yet
  bool is_throwing_ = false;       // a constructor
  bool is_ending_ = false;
};

/// What finalizers throw is told to the program that runs. Once in a process.
void install_unraisable_hook();

/// Runs one program; the process ends if it differs from the model. Returns the operations done.
std::size_t run_random_program(const Plan& plan);

}  // namespace ouro::model
