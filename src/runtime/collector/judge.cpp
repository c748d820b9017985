// The five steps: who in the set is kept alive from outside of it.
//
//   1. for each object in set:  gc_refs(object) := count(object)
//   2. for each object in set:  for each child in set:  gc_refs(child) -= 1
//   3. roots := { object in set : gc_refs(object) > 0 }
//   4. reached := everything in set that roots lead to
//   5. garbage := set - reached
//
// One byte an object is enough for gc_refs, exactly. Arithmetic is modulo 256 and the true value is
// between 0 and count, so for count <= 255 the byte is the true value. For an object with more
// references (a hub) a byte other than 0 proves that the value is not 0; a byte of 0 leaves it
// open. Open hubs count as candidates while marking. A hub that is then reached is alive. One that
// is not: every reference to it from inside the set comes from an unreached candidate (a reached
// one would have reached it), so counting the references from unreached candidates alone decides it
// (judge_hubs).
//
// Cost: steps 1 and 2 are one linear pass over the pages of the set; each reference costs a
// decrement in a table a 24th of the objects' size. Step 4 touches each candidate once more, in the
// order of the graph; objects are prefetched kAhead at a time.
#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <unordered_map>
#include <utility>

#include "runtime/collector/collection.hpp"

namespace ouro::detail {

namespace {

/// Objects on their way into the cache while earlier ones are traced: about as many misses as a
/// core keeps under way at once.
constexpr std::size_t kAhead = 16;

/// A stack with room for as many objects as can ever be pushed; memory comes as it is touched.
class MarkStack {
 public:
  MarkStack(HeapState& heap, std::size_t capacity) {
    // Small ones are kept by the heap: young collections should not talk to the system.
    if (capacity <= kSmallStack) {
      if (heap.mark_stack == nullptr) heap.mark_stack = std::make_unique<void*[]>(kSmallStack);
      base_ = heap.mark_stack.get();
      return;
    }
    bytes_ = capacity * sizeof(void*);
    void* const at = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) throw std::bad_alloc();
    base_ = static_cast<void**>(at);
  }
  MarkStack(const MarkStack&) = delete;
  MarkStack& operator=(const MarkStack&) = delete;
  ~MarkStack() {
    if (bytes_ != 0) munmap(base_, bytes_);
  }

  void** base() const noexcept { return base_; }

 private:
  static constexpr std::size_t kSmallStack = 1 << 14;

  std::size_t bytes_ = 0;  // of the mapping, if there is one
  void** base_;
};

/// Traces what waits on the stack, and what that leads to; returns how many candidates were reached
/// since it was asked last.
///
///   while stack or ring not empty:
///     fill ring from stack, prefetching; trace the oldest of ring (which may push)
std::size_t drain(MarkVisitor& visitor, void** base) noexcept {
  void* ring[kAhead];
  std::size_t first = 0;
  std::size_t waiting = 0;
  std::size_t traced = 0;
  for (;;) {
    while (waiting < kAhead && visitor.top != base) {
      void* const object = *--visitor.top;
      __builtin_prefetch(object);
      ring[(first + waiting++) % kAhead] = object;
    }
    if (waiting == 0) return traced + std::exchange(visitor.waited, 0);
    void* const object = ring[first];
    first = (first + 1) % kAhead;
    --waiting;
    ++traced;
    region.page_of(object).type->mark(object, visitor);
  }
}

/// Counts the references to hubs that are candidates.
class HubVisitor final : public EdgeVisitor {
 public:
  HubVisitor(SetView set, std::unordered_map<void*, std::size_t>& internal)
      : set_(set), internal_(internal) {}

  void reference(Reference& reference) override { count(reference.object_); }

  void count(void* object) {
    if (object == nullptr || ObjectHeader::of(object)->count <= 255) return;
    if (set_.is_candidate(object)) ++internal_[object];
  }

 private:
  SetView set_;
  std::unordered_map<void*, std::size_t>& internal_;
};

void note_root(Collection& collection, void* object) noexcept {
  if (collection.root_count < collection.roots.size()) {
    collection.roots[collection.root_count++] = object;
  }
}

std::size_t granule_of(std::uint32_t offset) noexcept {
  return std::min<std::size_t>(offset >> kGranuleShift, kGranulesPerPage);
}

/// Slots in this part of a page are no members: to everyone who asks, they are reached.
void set_outside(std::uint8_t* refs, Extent part) noexcept {
  const std::size_t low = granule_of(part.low);
  const std::size_t high = granule_of(part.high);
  if (low < high) std::memset(refs + low, kReached, high - low);
}

/// Settles the slots of `page.scan`; returns how many candidates there are.
std::size_t settle_slots(Collection& collection, Page& page, std::uint8_t* refs) noexcept {
  const StateSet members = collection.members;
  const std::uint32_t slot_bytes = page.slot_bytes;
  std::byte* const data = page.data;
  std::size_t candidates = 0;
  std::uint32_t seen_counts = 0;
  for (std::uint32_t offset = page.scan.low, end = page.scan.high; offset < end;
       offset += slot_bytes) {
    std::uint8_t& byte = refs[offset >> kGranuleShift];
    ObjectHeader* const header = reinterpret_cast<ObjectHeader*>(data + offset);
    // Without a branch on what is a member: in pages where old and young mix, none would guess it.
    const bool is_member = header->is_in(members);
    const bool is_held = byte != 0;
    const bool is_candidate = is_member && !is_held;
    byte = is_member ? static_cast<std::uint8_t>(is_held) : kReached;
    candidates += is_candidate;
    seen_counts |= is_candidate ? header->count : 0;
    if (is_member && is_held) [[unlikely]]
      note_root(collection, header->object());
  }
  if (seen_counts > 255) collection.has_ambiguous_hubs = true;
  return candidates;
}

/// Settles a row of members by their bytes alone; returns how many of them are roots. Bytes that
/// belong to no slot are 0 still, so any other is a root's, and where eight are 0 there is none.
/// Young pages have few roots.
std::size_t settle_row(Collection& collection, Page& page, std::uint8_t* refs,
                       Extent row) noexcept {
  std::size_t roots = 0;
  const auto look_at = [&](std::size_t granule) {
    if (refs[granule] == 0) return;
    refs[granule] = kRoot;
    ++roots;
    if (collection.root_count == collection.roots.size()) return;
    // The slot whose header begins in this granule: the first that begins at or after its start.
    const std::uint32_t start = static_cast<std::uint32_t>(granule << kGranuleShift);
    const std::uint32_t into = start > row.low ? start - row.low : 0;
    const std::uint32_t slot = (into + page.slot_bytes - 1) / page.slot_bytes;
    note_root(collection, page.header_at(row.low + slot * page.slot_bytes)->object());
  };
  std::size_t granule = granule_of(row.low);
  const std::size_t end = granule_of(row.high);
  for (; granule < end && granule % 8 != 0; ++granule) look_at(granule);
  for (; granule + 8 <= end; granule += 8) {
    std::uint64_t eight;
    std::memcpy(&eight, refs + granule, 8);
    if (eight == 0) continue;
    for (std::size_t at = 0; at < 8; ++at) look_at(granule + at);
  }
  for (; granule < end; ++granule) look_at(granule);
  return roots;
}

/// The same for a page whose gaps are known; returns how many candidates there are.
std::size_t settle_rows(Collection& collection, Page& page, std::uint8_t* refs,
                        std::span<const Extent> gaps) noexcept {
  std::size_t roots = 0;
  std::size_t members = 0;
  Extent row{page.scan.low, 0};
  for (std::size_t at = 0; at <= gaps.size(); ++at) {
    const bool is_last = at == gaps.size();
    row.high = is_last ? page.scan.high : gaps[at].low;
    roots += settle_row(collection, page, refs, row);
    members += (row.high - row.low) / page.slot_bytes;
    if (is_last) break;
    set_outside(refs, gaps[at]);
    row.low = gaps[at].high;
  }
  return members - roots;
}

template <class Function>
void for_each_candidate(Collection& collection, Function&& function) {
  for (Page* page : collection.pages) {
    for_each_object(*page, page->scan, collection.members, [&](ObjectHeader* header) {
      if (collection.view.refs_of(header) == kCandidate) function(*page, header);
    });
  }
}

}  // namespace

void subtract_references(Collection& collection) {
  SubtractVisitor visitor{collection.view, collection.members};
  collection.gap_counts.reserve(collection.pages.size());
  for (Page* page : collection.pages) {
    Gaps gaps;
    page->type->subtract(*page, visitor, gaps);
    collection.gap_counts.push_back(gaps.count);
    if (gaps.count != Gaps::kUnknown) {
      collection.gaps.insert(collection.gaps.end(), gaps.at, gaps.at + gaps.count);
    }
  }
  collection.visited = visitor.visited;
  collection.has_unfinished = visitor.has_unfinished;
  collection.may_have_weak = (visitor.seen_bits & ObjectHeader::kHasWeak) != 0;
}

void settle(Collection& collection) noexcept {
  const Extent* gaps = collection.gaps.data();
  for (std::size_t at = 0; at < collection.pages.size(); ++at) {
    Page& page = *collection.pages[at];
    std::uint8_t* const refs =
        region.gc_refs + static_cast<std::size_t>(&page - region.pages) * kGranulesPerPage;
    set_outside(refs, {0, page.scan.low});
    set_outside(refs, {page.scan.high, kPageBytes});
    if (const std::uint8_t count = collection.gap_counts[at]; count != Gaps::kUnknown) {
      collection.candidate_count += settle_rows(collection, page, refs, {gaps, count});
      gaps += count;
    } else {
      collection.candidate_count += settle_slots(collection, page, refs);
    }
  }
}

void mark(Collection& collection) {
  if (collection.candidate_count == 0) return;
  const MarkStack stack(collection.heap, collection.candidate_count);
  MarkVisitor visitor{collection.view, collection.members, stack.base()};
  if (collection.root_count < collection.roots.size()) {
    for (std::size_t at = 0; at < collection.root_count; ++at) {
      void* const object = collection.roots[at];
      region.page_of(object).type->mark(object, visitor);
      collection.candidate_count -= drain(visitor, stack.base());
    }
    return;
  }
  for (Page* page : collection.pages) {
    page->type->mark_roots(*page, visitor);
    collection.candidate_count -= drain(visitor, stack.base());
    if (collection.candidate_count == 0) return;
  }
}

void judge_hubs(Collection& collection) {
  if (!collection.has_ambiguous_hubs || collection.candidate_count == 0) return;
  std::unordered_map<void*, std::size_t> internal;
  HubVisitor counting(collection.view, internal);
  std::vector<void*> alive;
  if (collection.own_references != nullptr) {
    for (const Ref<void>& own : *collection.own_references) counting.count(own.object_);
  }
  for_each_candidate(collection, [&](Page& page, ObjectHeader* header) {
    page.type->visit_edges(header->object(), counting);
  });
  for_each_candidate(collection, [&](Page&, ObjectHeader* header) {
    if (header->count <= 255) return;
    const auto found = internal.find(header->object());
    const std::size_t references = found == internal.end() ? 0 : found->second;
    if (references != header->count) alive.push_back(header->object());
  });
  if (alive.empty()) return;
  const MarkStack stack(collection.heap, collection.candidate_count);
  MarkVisitor visitor{collection.view, collection.members, stack.base()};
  for (void* object : alive) {
    std::uint8_t& refs = collection.view.refs_of(object);
    if (refs != kCandidate) continue;  // an earlier hub led to it
    refs = kReached;
    *visitor.top++ = object;
    collection.candidate_count -= drain(visitor, stack.base());
  }
}

}  // namespace ouro::detail
