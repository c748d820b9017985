// Finds references that an object owns and its trace function does not visit.
//
//   1. trace visits the object; the registry remembers every reference visited
//   2. a Ref in the object's own bytes that was never visited is forgotten
//   3. a container that is recognised in its bytes (containers.hpp), with such a Ref in it, is
//   forgotten
//   4. what else leads to such a Ref in one step may own it or not. The destructor tells: a Ref
//   that
//      goes while its presumed owner is destroyed was owned by it.
// Steps 1 to 3 are taken in collections and when the object is destroyed, step 4 only then.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <ouro/detail/page.hpp>

#include "runtime/checked/registry.hpp"

namespace ouro::detail::checked {

/// A Ref that an object leads to, and from where.
struct PresumedReference {
  RegisteredReference reference;
  std::size_t offset;
  std::string neighbour;  ///< ", after field 'items'", or empty
};

/// Steps 1 to 3; returns how many fields were reported. With `presumed`, finds those of step 4.
std::size_t check_trace(const Page& page, void* object,
                        std::vector<PresumedReference>* presumed = nullptr);

/// "byte offset 16, in field 'items'": where in the object that is.
std::string describe_offset(const Page& page, void* object, std::size_t offset);

}  // namespace ouro::detail::checked
