#include "python/walker/in_process/traversable_classes.hpp"

#include <link.h>

namespace ouro::python::walker {

CodeRange interpreter_code() {
  CodeRange range{.begin = address_of(reinterpret_cast<const void*>(
                      type_traverse(object_at(symbols.PyTuple_Type))))};
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* argument) {
        auto* found = static_cast<CodeRange*>(argument);
        for (int at = 0; at < info->dlpi_phnum; ++at) {
          const auto& segment = info->dlpi_phdr[at];
          const std::uint64_t begin = info->dlpi_addr + segment.p_vaddr;
          if (segment.p_type != PT_LOAD || found->begin < begin ||
              found->begin >= begin + segment.p_memsz) {
            continue;
          }
          *found = {.begin = begin, .end = begin + segment.p_memsz};
          return 1;
        }
        return 0;
      },
      &range);
  return range;
}

bool TraversableClasses::is_traversable(const Object* type) const {
  const Traverse traverse = type_traverse(type);
  if (!is_own(traverse)) return false;
  // subtype_traverse calls that of the first base that has another.
  const Object* base = type;
  while (base != nullptr && type_traverse(base) == traverse) base = type_base(base);
  return base == nullptr || type_traverse(base) == nullptr || is_own(type_traverse(base));
}

}  // namespace ouro::python::walker
