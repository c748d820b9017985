// The checked build: misuse that a release build cannot afford to look for, named with type and
// field.
//
// CMake's -DOURO_CHECKED=ON (or the preset `checked`) makes library and program keep a registry of
// all references, and look at every use of one. What is found goes to a handler as one plain
// sentence; the default handler prints it to standard error and aborts. In other builds this header
// compiles, kEnabled is false, and nothing is looked for nor paid for. Mixing the two builds is a
// link error.
//
//   kForgottenReference   trace does not visit a reference that the object owns. Looked for when an
//                         object is destroyed, before collections (the new objects; all of them
//                         before a full one) and by verify(). A null Ref need not be visited.
//   kForeignThread        an object or a heap is used by a thread that does not own the heap
//   kUseAfterDestruction  a Ref is used or copied whose object has gone, alone or with its heap
//   kCountBelowZero       one Ref too many is dropped
//   kResurrection         a destructor makes a Ref to its own object
//   kConstructorThrew     a constructor throws while others already hold the object
//   kHeapStillReferenced  a heap is destroyed, and Refs to its objects are left
//   kNotAnObject          ref_from_this or a Ref with an address that is no managed object
//   kNullReference        a null Ref is dereferenced
//
// How sure it is
//   Forgotten: a Ref in the object's own bytes is found always. A forgotten container is found
//   before a collection if it is a std::vector, or a deque, list, set, map or unordered one of
//   libstdc++, and its first node or buffer holds references. Anything else that leads to
//   references in one step (unique_ptr, shared_ptr, a std::function with captures on the heap) is
//   found when its owner is destroyed. untraced.hpp says how to declare that one of these is meant.
//   Destroyed: a slot is filled with 0xDD and not used again until the rest of its page has been, a
//   page not until 4096 others (256 MiB of addresses) have been given back.
//
// Costs 25 ns to make or drop a Ref, 10 ns to use one, 0.3 us an object made and destroyed, 0.25 us
// an object looked at in a collection, and up to twice the memory. Thread-safe.
//
// One thing more: Ref's constructors are no constant expressions here, so a `constinit` Ref is
// refused.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include <ouro/detail/checked_hooks.hpp>

namespace ouro::checked {

/// True in the checked build.
inline constexpr bool kEnabled = detail::checked::kEnabled;

enum class Kind {
  kForgottenReference,
  kForeignThread,
  kUseAfterDestruction,
  kCountBelowZero,
  kResurrection,
  kConstructorThrew,
  kHeapStillReferenced,
  kNotAnObject,
  kNullReference,
};

/// One piece of misuse.
struct Report {
  Kind kind{};
  std::string type;               ///< of the object; empty where there is none
  std::string field;              ///< kForgottenReference: "byte offset 24, after field 'items'"
  const void* address = nullptr;  ///< of the object, of the first reference left, or null
  std::string message;            ///< the sentence
};

/// Called in the thread that misuses, at the place of the misuse. It must not throw. If it returns,
/// the program goes on: counts of dead objects are left alone, ref_from_this gives null. What it
/// does wrong itself is not reported.
using Handler = std::function<void(const Report&)>;

inline namespace OURO_BUILD {
#if OURO_CHECKED
/// Returns the old handler; empty stands for the default one, which prints and aborts. Each
/// forgotten field is reported once to each handler.
Handler set_handler(Handler handler);

/// Looks for forgotten references in all objects of the thread's current heap, and returns how many
/// fields it reported.
std::size_t verify();
#else
inline Handler set_handler(const Handler&) {
  return {};
}
inline std::size_t verify() {
  return 0;
}
#endif
}  // namespace OURO_BUILD

/// "kForgottenReference" without its k, and so on.
constexpr std::string_view name_of(Kind kind) noexcept {
  switch (kind) {
    case Kind::kForgottenReference:
      return "ForgottenReference";
    case Kind::kForeignThread:
      return "ForeignThread";
    case Kind::kUseAfterDestruction:
      return "UseAfterDestruction";
    case Kind::kCountBelowZero:
      return "CountBelowZero";
    case Kind::kResurrection:
      return "Resurrection";
    case Kind::kConstructorThrew:
      return "ConstructorThrew";
    case Kind::kHeapStillReferenced:
      return "HeapStillReferenced";
    case Kind::kNotAnObject:
      return "NotAnObject";
    case Kind::kNullReference:
      return "NullReference";
  }
  return "";
}

}  // namespace ouro::checked
