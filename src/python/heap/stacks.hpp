// The frames of all threads, in words.
//
// They are facts of the graph, so that whoever has the file can print them:
//
//   thread 1   MainThread, ident 140223, native 4711, interpreter 0
//   stack 1    handle /srv/server.py:41\nserve /srv/server.py:60\n<module> /srv/server.py:88
//
// the newest frame first, a line each: qualified name, file, line.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "python/heap/assembled_heap.hpp"
#include "python/heap/collected_heap.hpp"

namespace ouro::python::heap {

class Stacks {
 public:
  Stacks(const CollectedHeap& collected, const AssembledHeap& heap);

  /// "frame handle server.py:41"; "frame" where it is not known.
  std::string frame(std::uint32_t thread, std::uint32_t depth) const;
  void add_facts(const CollectedHeap& collected, const std::vector<std::string>& thread_names,
                 AssembledHeap& heap) const;

 private:
  struct Place {
    std::string function;
    std::string file;
    std::uint32_t line = 0;
  };
  std::map<std::pair<std::uint32_t, std::uint32_t>, Place> place_by_frame_;  ///< thread, depth
};

}  // namespace ouro::python::heap
