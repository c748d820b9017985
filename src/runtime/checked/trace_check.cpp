#include "runtime/checked/trace_check.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

#include <ouro/checked.hpp>
#include <ouro/detail/edge_visitor.hpp>
#include <ouro/detail/type_info.hpp>

#include "runtime/checked.hpp"
#include "runtime/checked/containers.hpp"
#include "runtime/checked/out_of_memory.hpp"
#include "runtime/checked/reports.hpp"
#include "runtime/checked/word.hpp"
#include "runtime/heap_state.hpp"

namespace ouro::detail::checked {

namespace {

constexpr std::size_t kWordBytes = sizeof(std::uintptr_t);
/// How far behind a pointer the references it leads to are looked for.
constexpr std::uintptr_t kStep = 256;

// ---- what is meant not to be traced ---------------------------------------------------------

struct UntracedRanges {
  std::mutex mutex;
  std::map<std::uintptr_t, std::size_t> bytes_by_begin;
};

UntracedRanges& untraced_ranges() {
  static UntracedRanges& instance = *new UntracedRanges;
  return instance;
}

bool is_meant_untraced(std::uintptr_t place) {
  UntracedRanges& ranges = untraced_ranges();
  const std::lock_guard lock(ranges.mutex);
  const auto after = ranges.bytes_by_begin.upper_bound(place);
  if (after == ranges.bytes_by_begin.begin()) return false;
  const auto& [begin, bytes] = *std::prev(after);
  return place - begin < bytes;
}

// ---- what trace visits ----------------------------------------------------------------------

class VisitRecorder final : public EdgeVisitor {
 public:
  struct Field {
    std::uintptr_t begin;
    std::size_t bytes;
    std::string name;
  };

  VisitRecorder(const Page& page, void* object) : object_(address_of(object)) {
    if (page.type->visit_edges != nullptr) page.type->visit_edges(object, *this);
  }

  void reference(Reference& reference) override { registry().mark_visited(&reference); }
  void weak(WeakReference& reference) override { weak_places_.push_back(address_of(&reference)); }
  void field(const char* name, const void* address, std::size_t bytes) override {
    fields_.push_back({address_of(address), bytes, name});
  }

  bool is_weak(std::uintptr_t place) const {
    return std::ranges::find(weak_places_, place) != weak_places_.end();
  }

  /// ", after field 'items'": the nearest field that is visited, or nothing.
  std::string neighbour_of(std::size_t offset) const {
    const std::uintptr_t place = object_ + offset;
    const Field* nearest = nullptr;
    for (const Field& field : fields_) {
      if (field.begin > place) continue;
      if (nearest == nullptr || field.begin > nearest->begin) nearest = &field;
    }
    if (nearest == nullptr) return {};
    const bool is_inside = place - nearest->begin < nearest->bytes;
    return std::string(is_inside ? ", in" : ", after") + " field '" + nearest->name + "'";
  }

 private:
  std::uintptr_t object_;
  std::vector<Field> fields_;
  std::vector<std::uintptr_t> weak_places_;
};

// ---- reports --------------------------------------------------------------------------------

std::string place_in_object(std::size_t offset, const std::string& neighbour) {
  return "byte offset " + std::to_string(offset) + neighbour;
}

enum class HolderKind { kItself, kContainer, kSomething };

std::string name_forgotten(HolderKind holder, const std::string& target, const std::string& where) {
  switch (holder) {
    case HolderKind::kItself:
      return "a Ref<" + target + "> at " + where;
    case HolderKind::kContainer:
      return "the container at " + where + ", whose first reference is a Ref<" + target + ">";
    case HolderKind::kSomething:
      return "what stands at " + where + " and owns a Ref<" + target + ">";
  }
  return {};
}

bool report_forgotten(const TypeInfo& type, const void* object, HolderKind holder, TypeName target,
                      std::size_t offset, const std::string& neighbour) {
  const std::string name(type.name);
  const std::string where = place_in_object(offset, neighbour);
  if (!is_news(name, where)) return false;
  const std::string subject = name + (type.is_traced ? "'s trace" : ", which traces nothing,");
  report({.kind = ouro::checked::Kind::kForgottenReference,
          .type = name,
          .field = where,
          .address = object,
          .message = subject + " forgets " + name_forgotten(holder, std::string(target()), where) +
                     " (seen in " + name_object(name, object) +
                     "): name the field in OURO_TRACE, or make it an ouro::Untraced if cycles "
                     "through it are not to be collected."});
  return true;
}

}  // namespace

std::size_t check_trace(const Page& page, void* object, std::vector<PresumedReference>* presumed) {
  const TypeInfo& type = *page.type;
  const VisitRecorder visits(page, object);
  const std::uintptr_t begin = address_of(object);
  std::size_t reported = 0;

  std::vector<RegisteredReference> own;
  registry().any_of(begin, begin + type.object_bytes, [&](const RegisteredReference& found) {
    const void* const target = reinterpret_cast<const void*>(load_word(found.place));
    if (!found.is_visited && region.contains(target)) own.push_back(found);
    return false;
  });
  for (const RegisteredReference& found : own) {
    if (is_meant_untraced(found.place)) continue;
    const std::size_t offset = found.place - begin;
    reported += report_forgotten(type, object, HolderKind::kItself, found.target, offset,
                                 visits.neighbour_of(offset));
  }

  std::vector<std::uintptr_t> words(type.object_bytes / kWordBytes);
  for (std::size_t index = 0; index < words.size(); ++index) {
    words[index] = load_word(begin + index * kWordBytes);
  }
  bool has_container = false;
  for (std::size_t index = 0; index < words.size(); ++index) {
    const std::uintptr_t word = words[index];
    const std::uintptr_t place = begin + index * kWordBytes;
    if (word == 0 || word % kWordBytes != 0) continue;
    if (region.contains(reinterpret_cast<const void*>(word))) continue;
    const auto led_to = find_unvisited(word, word + kStep);
    const auto contained = find_in_container(words, index, begin);
    if (!led_to.has_value() && !contained.has_value()) continue;
    if (visits.is_weak(place) || is_meant_untraced(place)) continue;
    const std::size_t offset = index * kWordBytes;
    if (contained.has_value()) {
      has_container = true;
      reported += report_forgotten(type, object, HolderKind::kContainer, contained->target, offset,
                                   visits.neighbour_of(offset));
    } else if (presumed != nullptr) {
      presumed->push_back({*led_to, offset, visits.neighbour_of(offset)});
    }
  }
  // Containers have further words that lead to their nodes; those are no second thing forgotten.
  if (has_container && presumed != nullptr) presumed->clear();
  return reported;
}

std::string describe_offset(const Page& page, void* object, std::size_t offset) {
  const VisitRecorder visits(page, object);
  return place_in_object(offset, visits.neighbour_of(offset));
}

// ---- step 4 ---------------------------------------------------------------------------------

namespace {

/// An object whose destructor runs, if it leads to references. Innermost first.
struct Destruction {
  ObjectHeader* header;
  std::vector<PresumedReference> presumed;
  Destruction* outer;
};

// A plain pointer: other thread-local objects' destructors still destroy objects.
thread_local Destruction* innermost_destruction = nullptr;

}  // namespace

inline namespace OURO_BUILD {

void on_destroying(ObjectHeader* header) noexcept {
  unless_memory_runs_out([header] {
    std::vector<PresumedReference> presumed;
    check_trace(region.page_of(header), header->object(), &presumed);
    if (presumed.empty()) return;
    innermost_destruction = std::make_unique<Destruction>(
                                Destruction{header, std::move(presumed), innermost_destruction})
                                .release();
  });
}

void on_destroyed(ObjectHeader* header) noexcept {
  Destruction* const destruction = innermost_destruction;
  if (destruction != nullptr && destruction->header == header) {
    innermost_destruction = destruction->outer;
    delete destruction;
  }
  const std::uintptr_t begin = address_of(header->object());
  const std::size_t bytes = region.page_of(header).type->object_bytes;
  registry().remove_all(begin, begin + bytes);
  constexpr int kDead = 0xDD;
  std::memset(header->object(), kDead, bytes);
}

void on_gone(const void* place) noexcept {
  if (const Destruction* const destruction = innermost_destruction) {
    const auto found = std::ranges::find(
        destruction->presumed, address_of(place),
        [](const PresumedReference& presumed) { return presumed.reference.place; });
    const bool is_owned = found != destruction->presumed.end() && !registry().is_visited(place) &&
                          load_word(place) != 0;
    if (is_owned) {
      // A copy, since the handler may destroy objects.
      // NOLINTNEXTLINE(performance-unnecessary-copy-initialization)
      const PresumedReference presumed = *found;
      const Page& page = region.page_of(destruction->header);
      report_forgotten(*page.type, destruction->header->object(), HolderKind::kSomething,
                       presumed.reference.target, presumed.offset, presumed.neighbour);
    }
  }
  registry().remove(place);
}

void on_untraced(const void* place, std::size_t bytes) noexcept {
  UntracedRanges& ranges = untraced_ranges();
  const std::lock_guard lock(ranges.mutex);
  unless_memory_runs_out([&] { ranges.bytes_by_begin[address_of(place)] = bytes; });
}

void on_untraced_gone(const void* place) noexcept {
  UntracedRanges& ranges = untraced_ranges();
  const std::lock_guard lock(ranges.mutex);
  ranges.bytes_by_begin.erase(address_of(place));
}

}  // namespace OURO_BUILD

// ---- collections ----------------------------------------------------------------------------

void before_collection(HeapState& heap, int generation) noexcept {
  const auto check = [](ObjectHeader* header) {
    check_trace(region.page_of(header), header->object());
  };
  unless_memory_runs_out([&] {
    if (generation == 2) {
      for_each_object(heap, kAlive, check);
    } else {
      for (Page* page : heap.young) for_each_object(*page, page->young, kTracked, check);
    }
  });
}

}  // namespace ouro::detail::checked

namespace ouro::checked::inline OURO_BUILD {

std::size_t verify() {
  detail::HeapState& heap = detail::current_heap_state();
  detail::checked::on_heap_use(heap, "verified");
  std::size_t reported = 0;
  detail::for_each_object(heap, detail::kAlive, [&](detail::ObjectHeader* header) {
    reported += detail::checked::check_trace(detail::region.page_of(header), header->object());
  });
  return reported;
}

}  // namespace ouro::checked::inline OURO_BUILD
