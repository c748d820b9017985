#include "python/walker/heap_walk.hpp"

#include "graph/node_flags.hpp"
#include "python/walker/collector_lists.hpp"
#include "python/walker/counts.hpp"
#include "python/walker/crash.hpp"
#include "python/walker/frames.hpp"
#include "python/walker/interpreter.hpp"
#include "python/walker/roots.hpp"
#include "python/walker/sizes.hpp"
#include "python/walker/static_data.hpp"
#include "python/walker/str.hpp"
#include "python/walker/texts.hpp"

namespace ouro::python::walker {

using graph::NodeFlags;
using stream::NodeRecord;

namespace {

// How far ahead memory is asked for, in objects. The head of an object first, then what its class
// and it point to: by then the head has come.
constexpr std::uint32_t kAheadOfHead = 12;
constexpr std::uint32_t kAheadOfBody = 6;

constexpr std::uint32_t kObjectsBetweenChecks = 1024;

/// Asks for what lists, dicts and instances point to. The object may be shorter than what is read
/// of it here, but all of the page it begins in is there.
__attribute__((no_sanitize("address"))) void prefetch_body(const Object* object,
                                                           const ObjectNumbers& numbers) {
  const std::uint64_t items = address_of(object) + static_cast<std::uint64_t>(layout.list_items);
  if ((items & 4095) > 4096 - 16) return;
  const auto* words = reinterpret_cast<const std::uint64_t*>(items);
  __builtin_prefetch(object_at(words[0]));  // ob_item of lists
  __builtin_prefetch(object_at(words[1]));  // ma_keys
  numbers.prefetch(words[1]);
}

}  // namespace

// All interpreters' generation 0, then all their generation 1 ...: so that generation and
// permanence are ranges of numbers. Every interpreter has lists of its own from 3.9 on.
void HeapWalk::list() {
  if (layout.free_threaded) {
    for (std::uint32_t& end : generation_ends_) end = numbers_.count();
    interpreter_count_ = 1;
    return;
  }
  for (int generation = 0; generation < kGenerations; ++generation) {
    interpreter_count_ = 0;
    for (const char* at = first_interpreter(); at != nullptr; at = next_interpreter(at)) {
      ++interpreter_count_;
      if (symbols.PyInterpreterState_Get == 0 && interpreter_count_ > 1) continue;
      for_each_tracked(
          at, generation, [&](std::uint64_t address) { numbers_.prefetch(address); },
          [&](Object* object) { number_of(object); });
    }
    generation_ends_[generation] = numbers_.count();
  }
}

void HeapWalk::run() {
  walk_from(0);
  if (failure_ != nullptr || writer_.failed()) return;
  std::uint32_t walked = numbers_.count();
  object_looked_at = stream::kNoNode;
  emit_interpreter_roots(*this);
  emit_frames(*this);
  // The variables of a greenlet may lead to another.
  for (std::uint32_t looked_at = 0;;) {
    walk_from(walked);
    walked = numbers_.count();
    if (looked_at == greenlet_count_ || failure_ != nullptr || writer_.failed()) break;
    object_looked_at = stream::kNoNode;
    looked_at = emit_greenlets(*this, looked_at);
  }
  // Neither leads to an object that has no number yet.
  if (!says_totals_) {
    emit_static_types(*this);
    emit_static_data(*this);
  }
  writer_.flush();
}

void HeapWalk::walk_from(std::uint32_t first) {
  for (std::uint32_t number = first; number < numbers_.count(); ++number) {
    if (number + kAheadOfHead < numbers_.count()) {
      __builtin_prefetch(object_of(number + kAheadOfHead));
    }
    if (number + kAheadOfBody < numbers_.count()) {
      prefetch_body(object_of(number + kAheadOfBody), numbers_);
    }
    walk_object(number);
    if (number % kObjectsBetweenChecks == 0) {
      if (numbers_.failed()) fail("there is no memory for the numbers of the objects");
      if (failure_ != nullptr || writer_.failed()) return;
    }
  }
}

std::uint8_t HeapWalk::flags_of(std::uint32_t number, const Object* object, const TypeInfo& info,
                                bool is_collectable) const {
  std::uint8_t flags = info.is_type ? NodeFlags::kIsType : std::uint8_t{0};
  if (layout.free_threaded) {
    // ob_gc_bits: 1 tracked, 2 finalized, 4 frozen.
    const auto bits = load<std::uint8_t>(object, 11);
    if ((bits & 1) != 0) flags |= NodeFlags::kTracked;
    if ((bits & 2) != 0) flags |= NodeFlags::kFinalized;
    if ((bits & 4) != 0) flags |= NodeFlags::kFrozen;
    return flags;
  }
  if (number < generation_ends_[3]) {
    std::uint8_t generation = 0;
    while (number >= generation_ends_[generation]) ++generation;
    flags |= NodeFlags::kTracked;
    if (generation == 3) {
      // The permanent generation is as old as the oldest.
      flags |= NodeFlags::kFrozen | (2u << NodeFlags::kGenerationShift);
    } else {
      flags = static_cast<std::uint8_t>(flags | generation << NodeFlags::kGenerationShift);
    }
  }
  if (is_collectable) {
    const std::uint64_t header = address_of(object) - kCollectorHeaderBytes;
    if ((load<std::uint64_t>(object_at(header), 8) & 1) != 0) flags |= NodeFlags::kFinalized;
    // While a collection runs, what it looks at stands in none of the lists.
    if (load<std::uint64_t>(object_at(header), 0) != 0) flags |= NodeFlags::kTracked;
  }
  return flags;
}

void HeapWalk::walk_object(std::uint32_t number) {
  object_looked_at = number;
  Object* object = object_of(number);
  Object* type = type_of(object);
  const std::uint32_t type_number = number_of(type);
  const TypeInfo& info = types_.at(*this, type_number, type);
  const bool is_collectable =
      info.traverse != nullptr && (info.is_gc == nullptr || info.is_gc(object) != 0);
  if (failure_ != nullptr) return;
  if (info.is_greenlet && greenlets_.reserve(greenlet_count_ + 1)) {
    greenlets_[greenlet_count_++] = number;
  }
  if (!says_totals_) return write_node(number, object, info, is_collectable);
  if (!totals_.add(types_.place_of(info), type_number, size_of(object, info, is_collectable))) {
    fail("there is no memory for the totals of the classes");
  }
  walk_edges(object, info, is_collectable);
}

void HeapWalk::write_node(std::uint32_t number, Object* object, const TypeInfo& info,
                          bool is_collectable) {
  NodeRecord node{};
  node.address = address_of(object);
  node.type = number_of(info.type);
  node.flags = flags_of(number, object, info, is_collectable);
  const Count count = count_of(object, info);
  if (count.is_immortal) node.flags |= NodeFlags::kImmortal;
  if (count.is_uncertain) node.more |= NodeRecord::kCountIsUncertain;
  if (info.size_rule == SizeRule::kPython) node.more |= NodeRecord::kSizeIsBase;
  if (info.text_rule == TextRule::kStr && read_str(object).is_interned) {
    node.more |= NodeRecord::kInterned;
  }
  const std::uint64_t size = size_of(object, info, is_collectable);
  node.count = static_cast<std::uint32_t>(count.references);
  node.size_bytes = static_cast<std::uint32_t>(size);
  if (count.references >= NodeRecord::kWide) {
    node.count = NodeRecord::kWide;
    writer_.add_wide(number, stream::Wide::kCount, count.references);
  }
  if (size >= NodeRecord::kWide) {
    node.size_bytes = NodeRecord::kWide;
    writer_.add_wide(number, stream::Wide::kSize, size);
  }
  if (info.is_type && !has_flag(object, TypeFlag::kHeapType) &&
      static_types_.reserve(static_type_count_ + 1)) {
    static_types_[static_type_count_++] = number;
  }
  if (info.text_rule != TextRule::kNone) write_text(writer_, number, object, info.text_rule);
  writer_.begin_node(node);
  walk_edges(object, info, is_collectable);
  writer_.end_node();
}

bool HeapWalk::label(const Object* target, EdgeKind kind, Label label) {
  // An object whose layout is not what we think must not cost the square of its edges.
  constexpr std::uint32_t kMostMisses = 64;
  constexpr std::uint8_t kUnlabelled =
      PendingEdges::kind_byte(owned(EdgeMeaning::kOther), LabelKind::kNone);
  const std::uint32_t number = find_number(target);
  // Whoever labels adds an edge where there is none: to find the same objects it is enough that
  // this one is found.
  if (says_totals_) return number != stream::kNoNode;
  if (number == stream::kNoNode || misses_ >= kMostMisses) return false;
  const PendingEdges edges = writer_.pending_edges();
  const std::uint64_t count = edges.count;
  const auto matches = [&](std::uint64_t at) {
    return edges.targets[at] == number && edges.kinds[at] == kUnlabelled;
  };
  std::uint64_t at = next_to_label_;
  while (at < count && !matches(at)) ++at;
  if (at >= count) {
    at = 0;
    while (at < next_to_label_ && at < count && !matches(at)) ++at;
    if (at >= next_to_label_ || at >= count) {
      if (count > 1024) ++misses_;
      return false;
    }
  }
  edges.relabel(at, kind, label.kind, label.value);
  next_to_label_ = at + 1;
  return true;
}

void HeapWalk::emit_root(const stream::Root& root, const char* text) {
  if (says_totals_) return;
  writer_.add_record(stream::RecordKind::kRoot, &root, sizeof root, text,
                     static_cast<std::uint32_t>(__builtin_strlen(text)));
}

std::uint32_t HeapWalk::emit_thread(std::uint32_t interpreter, std::uint64_t ident,
                                    std::uint64_t native_id) {
  const stream::Thread thread{
      .number = thread_count_, .interpreter = interpreter, .ident = ident, .native_id = native_id};
  if (says_totals_) return thread_count_++;
  writer_.add_record(stream::RecordKind::kThread, &thread, sizeof thread);
  return thread_count_++;
}

void HeapWalk::emit_frame(std::uint32_t thread, std::uint32_t depth, const Object* code,
                          std::uint32_t line) {
  const stream::Frame frame{
      .thread = thread, .depth = depth, .code = number_of(code), .line = line};
  if (says_totals_) return;
  writer_.add_record(stream::RecordKind::kFrame, &frame, sizeof frame);
}

std::uint64_t HeapWalk::memory_bytes() const {
  return numbers_.memory_bytes() + StreamWriter::buffer_bytes();
}

}  // namespace ouro::python::walker
