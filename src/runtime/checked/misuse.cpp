// Looks at each use of a reference: whose thread is it, and is there still an object?
#include <sstream>
#include <string>
#include <thread>

#include <ouro/checked.hpp>
#include <ouro/detail/type_info.hpp>

#include "runtime/checked.hpp"
#include "runtime/checked/holders.hpp"
#include "runtime/checked/page_history.hpp"
#include "runtime/checked/reports.hpp"
#include "runtime/checked/teardown.hpp"
#include "runtime/checked/trace_check.hpp"
#include "runtime/heap_state.hpp"

namespace ouro::detail::checked {

using ouro::checked::Kind;

namespace {

// ---- threads --------------------------------------------------------------------------------

/// The heap of a thread that has ended belongs to the next thread that uses it.
bool owns(HeapState& heap) noexcept {
  const std::thread::id self = std::this_thread::get_id();
  if (heap.owner == self) return true;
  if (!heap.is_orphaned) return false;
  heap.is_orphaned = false;
  heap.owner = self;
  return true;
}

/// "by thread 12, but its heap belongs to thread 11: ..."
std::string describe_trespass(const HeapState& heap) {
  std::ostringstream text;
  text << "by thread " << std::this_thread::get_id() << ", but ";
  if (heap.owner == std::thread::id()) {
    text << "the heap was given away and taken by no thread: call take() first.";
  } else {
    text << "the heap belongs to thread " << heap.owner
         << ": let it call give() and this thread take(), or do this there.";
  }
  return text.str();
}

// ---- the object -----------------------------------------------------------------------------

enum class Fate { kAlive, kDying, kDestroyed, kGoneWithHeap, kNoObject };

bool is_slot_start(const Page& page, const void* object) noexcept {
  const std::uint32_t offset = page.offset_of(ObjectHeader::of(object));
  return page.whole().contains(offset) && (offset - page.first_offset) % page.slot_bytes == 0;
}

/// Precondition: `object` is in the region.
Fate fate_of(const Page& page, const void* object) {
  if (page.type == nullptr) {
    const PageUse use = last_use(page);
    if (use.type.empty()) return Fate::kNoObject;
    return use.is_heap_gone ? Fate::kGoneWithHeap : Fate::kDestroyed;
  }
  if (!is_slot_start(page, object)) return Fate::kNoObject;
  const State state = ObjectHeader::of(object)->state();
  if (state == State::kFree) return Fate::kDestroyed;
  return state == State::kDying ? Fate::kDying : Fate::kAlive;
}

std::string name_of_object(const void* object) {
  const PageUse use = last_use(region.page_of(object));
  return name_object(use.type.empty() ? "object" : use.type, object);
}

void report_use(Kind kind, const void* object, const std::string& what) {
  report({.kind = kind,
          .type = std::string(last_use(region.page_of(object)).type),
          .field = {},
          .address = object,
          .message = what});
}

void report_no_object(const void* object, const char* action) {
  report({.kind = Kind::kNotAnObject,
          .type = {},
          .field = {},
          .address = object,
          .message = "A Ref is " + std::string(action) + " whose address " + hexadecimal(object) +
                     " is no managed object: its bytes were overwritten, or never a Ref."});
}

void report_dead(Fate fate, const void* object, const char* action) {
  const std::string subject = "A Ref to " + name_of_object(object) + " is " + action;
  if (fate == Fate::kGoneWithHeap) {
    report_use(Kind::kUseAfterDestruction, object,
               subject +
                   " after the object was destroyed with its heap: drop all Refs to a heap's "
                   "objects before the heap goes.");
  } else {
    report_use(Kind::kUseAfterDestruction, object,
               subject +
                   " after the object was destroyed: some Ref to it was dropped twice, or "
                   "this one was copied byte by byte.");
  }
}

/// False if it was reported.
bool check_thread(const Page& page, const void* object, const char* action) {
  if (page.type == nullptr || owns(heap_of(page))) return true;
  report_use(Kind::kForeignThread, object,
             "A Ref to " + name_of_object(object) + " is " + action + " " +
                 describe_trespass(heap_of(page)));
  return false;
}

bool check_copy(const Page& page, const void* object) {
  const Fate fate = fate_of(page, object);
  if (fate == Fate::kAlive) return true;
  if (fate == Fate::kNoObject) {
    report_no_object(object, "copied");
  } else if (fate == Fate::kDying) {
    report_use(Kind::kResurrection, object,
               "A new Ref to " + name_of_object(object) +
                   " is made while its destructor runs, and would outlive it: do this in "
                   "finalize(), which may bring an object back.");
  } else {
    report_dead(fate, object, "copied");
  }
  return false;
}

bool check_drop(const Page& page, const void* object) {
  const Fate fate = fate_of(page, object);
  if (fate == Fate::kAlive && ObjectHeader::of(object)->count > 0) return true;
  // Everything in the heap goes, in no order: a Ref that trace does not know of may go after its
  // object.
  if (is_in_teardown(&heap_of(page))) return false;
  if (fate == Fate::kNoObject) {
    report_no_object(object, "dropped");
  } else if (fate == Fate::kGoneWithHeap) {
    report_dead(fate, object, "dropped");
  } else {
    report_use(Kind::kCountBelowZero, object,
               "A Ref to " + name_of_object(object) +
                   " is dropped though no reference to the object is left, so that its count would "
                   "go below zero: some Ref was destroyed twice, copied byte by byte, or adopted "
                   "without a count.");
  }
  return false;
}

}  // namespace

inline namespace OURO_BUILD {

bool on_count(const void* object, CountChange change) noexcept {
  const char* const action = change == CountChange::kCopy ? "copied" : "dropped";
  if (!region.contains(object)) {
    report_no_object(object, action);
    return false;
  }
  const Page& page = region.page_of(object);
  // Who trespasses sees a header that another thread is changing: nothing more is asked of it.
  if (!check_thread(page, object, action)) return true;
  return change == CountChange::kCopy ? check_copy(page, object) : check_drop(page, object);
}

void on_use(const void* object, TypeName target) noexcept {
  if (object == nullptr) {
    report({.kind = Kind::kNullReference,
            .type = std::string(target()),
            .field = {},
            .address = nullptr,
            .message = "A null Ref<" + std::string(target()) +
                       "> is dereferenced: test it before, or find out who should have set it."});
    return;
  }
  if (!region.contains(object)) {
    report_no_object(object, "dereferenced");
    return;
  }
  const Page& page = region.page_of(object);
  if (!check_thread(page, object, "dereferenced")) return;
  const Fate fate = fate_of(page, object);
  if (fate == Fate::kNoObject) {
    report_no_object(object, "dereferenced");
  } else if (fate == Fate::kDestroyed || fate == Fate::kGoneWithHeap) {
    report_dead(fate, object, "dereferenced");
  }
}

bool on_this(const void* object, TypeName type) noexcept {
  const auto report_unmanaged = [&](const std::string& why) {
    const std::string name(type());
    report({.kind = Kind::kNotAnObject,
            .type = name,
            .field = {},
            .address = object,
            .message = "ref_from_this is given " + name_object(name, object) + ", which " + why});
    return false;
  };
  if (!region.contains(object)) {
    return report_unmanaged(
        "is on no heap of Ouro but on the stack or elsewhere: make it with "
        "ouro::make.");
  }
  Page& page = region.page_of(object);
  if (page.type != nullptr && !is_slot_start(page, object)) {
    const std::uint32_t offset = page.offset_of(ObjectHeader::of(object));
    if (!page.whole().contains(offset)) return report_unmanaged("is no managed object.");
    const std::uint32_t into_slot = (offset - page.first_offset) % page.slot_bytes;
    void* const whole = page.header_at(offset - into_slot)->object();
    return report_unmanaged("is part of " + name_object(page.type->name, whole) + ", at " +
                            describe_offset(page, whole, into_slot) +
                            ": only whole objects are counted; refer to that one.");
  }
  if (!check_thread(page, object, "made by ref_from_this")) return true;
  return check_copy(page, object);
}

void on_abandoned(ObjectHeader* header) noexcept {
  const void* const object = header->object();
  if (header->count > 1) {
    const std::size_t others = header->count - 1;
    report_use(Kind::kConstructorThrew, object,
               "The constructor of " + name_of_object(object) + " throws while " +
                   plural(others, "Ref") + " to the object " + (others == 1 ? "is" : "are") +
                   " held elsewhere" + list_holders(find_holders(object)) +
                   ": hand out references to an object only when nothing can throw any more.");
  }
  on_destroyed(header);
}

}  // namespace OURO_BUILD

void on_heap_use(HeapState& heap, const char* action) noexcept {
  if (owns(heap)) return;
  report({.kind = Kind::kForeignThread,
          .type = {},
          .field = {},
          .address = &heap,
          .message = "A heap is " + std::string(action) + " " + describe_trespass(heap)});
}

void on_heap_orphaned(HeapState& heap) noexcept {
  heap.is_orphaned = true;
}

}  // namespace ouro::detail::checked
