// Chains of references, and what is held from outside.
#include <algorithm>
#include <unordered_map>

#include <ouro/objgraph.hpp>

#include "runtime/objgraph/edges.hpp"
#include "runtime/objgraph/look.hpp"
#include "runtime/objgraph/referrers.hpp"

namespace ouro::objgraph {

bool is_held_from_outside(const detail::Reference& object) {
  if (object.object_ == nullptr) return false;
  if (Look* look = Look::running()) {
    return look->reference_counts().from_outside(object.object_) > 0;
  }
  Look look;
  return look.reference_counts().from_outside(object.object_) > 0;
}

namespace {

/// Breadth-first search from one object.
///
///   search(start):
///     queue := [start]
///     for each object of queue, in order:
///       if wanted(object): return start, ..., parent(parent(object)), parent(object), object
///       if depth(object) < max_depth:
///         for each neighbour of object that has no parent yet:
///           parent(neighbour) := object; append neighbour to queue
///
/// Objects are queued in order of depth, so the first one wanted is one of the nearest.
class Search {
 public:
  Search(const Predicate& wanted, std::size_t max_depth,
         const std::vector<const void*>& extra_ignore)
      : wanted_(wanted), max_depth_(max_depth) {
    for (const void* object : extra_ignore) parents_.emplace(object, nullptr);
  }

  /// From `start` to what is wanted; just `start` if there is nothing.
  template <class ForEachNeighbour>
  std::vector<const void*> run(const void* start, ForEachNeighbour&& for_each_neighbour) {
    parents_[start] = nullptr;
    std::vector<const void*> queue{start};
    std::size_t end_of_depth = 1;
    for (std::size_t next = 0, depth = 0; next < queue.size(); ++next) {
      if (next == end_of_depth) {
        end_of_depth = queue.size();
        ++depth;
      }
      const void* const object = queue[next];
      if (wanted_(BorrowedRef(object).get())) return way_to(object);
      if (depth >= max_depth_) continue;
      for_each_neighbour(object, [&](const void* neighbour) {
        if (parents_.emplace(neighbour, object).second) queue.push_back(neighbour);
      });
    }
    return {start};
  }

 private:
  std::vector<const void*> way_to(const void* object) const {
    std::vector<const void*> way;
    for (; object != nullptr; object = parents_.at(object)) way.push_back(object);
    std::ranges::reverse(way);
    return way;
  }

  const Predicate& wanted_;
  std::size_t max_depth_;
  std::unordered_map<const void*, const void*>
      parents_;  ///< null for the start and what is ignored
};

std::vector<Ref<void>> refer_to_all(const std::vector<const void*>& objects) {
  std::vector<Ref<void>> references;
  references.reserve(objects.size());
  for (const void* object : objects) references.push_back(refer_to(object));
  return references;
}

}  // namespace

std::vector<Ref<void>> find_ref_chain(const detail::Reference& object, const Predicate& predicate,
                                      std::size_t max_depth,
                                      const std::vector<const void*>& extra_ignore) {
  if (object.object_ == nullptr) return {};
  Look look;
  look.look_through({&object, 1});
  Search search(predicate, max_depth, extra_ignore);
  return refer_to_all(search.run(object.object_, [](const void* source, auto&& found) {
    for_each_reference(source, [&](const detail::Reference& reference, const std::string&) {
      found(reference.object_);
    });
  }));
}

std::vector<Ref<void>> find_backref_chain(const detail::Reference& object,
                                          const Predicate& predicate, std::size_t max_depth,
                                          const std::vector<const void*>& extra_ignore) {
  if (object.object_ == nullptr) return {};
  Look look;
  look.look_through({&object, 1});
  const Referrers referrers(look.heap());
  Search search(predicate, max_depth, extra_ignore);
  std::vector<const void*> way = search.run(object.object_, [&](const void* target, auto&& found) {
    for (const void* source : referrers.of(target)) found(source);
  });
  std::ranges::reverse(way);
  return refer_to_all(way);
}

}  // namespace ouro::objgraph
