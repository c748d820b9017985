#include "python/attach/collector_place.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "python/attach/page.hpp"

namespace ouro::python::attach {

namespace {

constexpr int kOldestDescribed = 13;
constexpr int kNewest = 15;

/// Of versions up to 3.13. From `generation0` on everything stands still where the lists before it
/// begin four bytes earlier, as some compilers put them.
constexpr CollectorPlace kPlaceTo313{.size_bytes = 240,
                                     .enabled = 12,
                                     .generations = 24,
                                     .generation0 = 96,
                                     .permanent = 104,
                                     .stats = 128,
                                     .collecting = 200,
                                     .garbage = 208,
                                     .callbacks = 216,
                                     .long_lived = 224};
constexpr CollectorPlace kPlaceOf314{.size_bytes = 256,
                                     .enabled = 12,
                                     .generations = 24,
                                     .permanent = 96,
                                     .stats = 120,
                                     .collecting = 192,
                                     .garbage = 200,
                                     .callbacks = 208,
                                     .long_lived = 240};
constexpr CollectorPlace kPlaceOf315{.size_bytes = 168,
                                     .enabled = 0,
                                     .generations = 8,
                                     .permanent = 80,
                                     .stats = 104,
                                     .collecting = 112,
                                     .garbage = 128,
                                     .callbacks = 136,
                                     .long_lived = 152,
                                     .stats_are_rings = true};
constexpr std::uint32_t kStepBefore = 4;
constexpr std::uint32_t kStatsItem = 64;  ///< struct gc_generation_stats of 3.15

bool may_be_address(std::uint64_t word) {
  return word >= kPage && word < std::uint64_t{1} << 47;
}

class CollectorSearch {
 public:
  explicit CollectorSearch(const Target& target)
      : process_(target.process),
        runtime_(target.request.symbols._PyRuntime),
        list_type_(target.request.symbols.PyList_Type),
        place_("process " + std::to_string(target.process.pid())) {}

  Result<CollectorPlace> run();

 private:
  Result<CollectorPlace> by_description();
  Result<CollectorPlace> by_shape();
  std::optional<CollectorPlace> in_memory(std::uint64_t begin, std::uint64_t most_bytes,
                                          std::vector<std::byte>& buffer) const;
  /// Null, or what speaks against it.
  const char* proof(const CollectorPlace& place) const;
  bool is_list(std::uint64_t object, bool may_be_null) const;
  bool has_list_at(std::uint64_t head) const;

  std::uint64_t word(std::uint64_t address) const {
    return process_.value_at<std::uint64_t>(address).value_or(0);
  }
  std::int32_t number(std::uint64_t address) const {
    return process_.value_at<std::int32_t>(address).value_or(-1);
  }
  Error unsupported(std::string what) const {
    return {ErrorCode::kUnsupported, place_, std::move(what)};
  }

  const TargetProcess& process_;
  std::uint64_t runtime_;
  std::uint64_t list_type_;
  std::string place_;
  std::uint64_t class_in_object_ = 8;
};

bool CollectorSearch::is_list(std::uint64_t object, bool may_be_null) const {
  if (object == 0) return may_be_null;
  return may_be_address(object) && word(object + class_in_object_) == list_type_;
}

/// The program runs on: a list that changes just now may not fit, and does not while a collection
/// counts in it; a moment later it does.
bool CollectorSearch::has_list_at(std::uint64_t head) const {
  constexpr int kTries = 200;
  constexpr std::uint64_t kFlags = 3;
  for (int i = 0; i < kTries; ++i) {
    const std::uint64_t next = word(head) & ~kFlags;
    if (may_be_address(next) && (word(next + 8) & ~kFlags) == head) return true;
    if (i > 10) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

const char* CollectorSearch::proof(const CollectorPlace& place) const {
  const std::uint64_t at = place.begin;
  const std::int32_t enabled = number(at + place.enabled);
  const std::int32_t collecting = number(at + place.collecting);
  if (enabled < 0 || enabled > 1 || collecting < 0 || collecting > 1) {
    return "this CPython keeps the flags of its collector elsewhere";
  }
  if (!is_list(word(at + place.garbage), false) || !is_list(word(at + place.callbacks), true)) {
    return "this CPython keeps gc.garbage and gc.callbacks elsewhere";
  }
  for (std::uint32_t i = 0; i < 3; ++i) {
    if (number(at + place.generations + 24 * i + 16) < 0) {
      return "this CPython keeps the thresholds of its collector elsewhere";
    }
  }
  if (!place.has_lists) return nullptr;
  if (place.generation0 != 0 && word(at + place.generation0) != at + place.generations) {
    return "this CPython keeps its youngest generation elsewhere";
  }
  // Nothing else points to its own neighbour; those without such a pointer show by their lists.
  for (std::uint32_t i = 0; i < 3 && place.generation0 == 0; ++i) {
    if (!has_list_at(at + place.generations + 24 * i)) {
      return "this CPython keeps the lists of its collector elsewhere";
    }
  }
  return has_list_at(at + place.permanent)
             ? nullptr
             : "this CPython keeps its permanent generation elsewhere";
}

/// Up to 3.12.
std::optional<CollectorPlace> CollectorSearch::in_memory(std::uint64_t begin,
                                                         std::uint64_t most_bytes,
                                                         std::vector<std::byte>& buffer) const {
  buffer.resize(most_bytes);
  std::uint64_t bytes = 0;
  while (bytes < most_bytes) {
    const std::uint64_t part = std::min(most_bytes - bytes, kPage - (begin + bytes) % kPage);
    if (!process_.read(begin + bytes, std::span(buffer).subspan(bytes, part))) break;
    bytes += part;
  }
  for (std::uint64_t at = kPlaceTo313.generation0; at + sizeof(std::uint64_t) <= bytes; at += 8) {
    std::uint64_t value;
    std::memcpy(&value, buffer.data() + at, sizeof(value));
    for (const std::uint32_t step : {0u, kStepBefore}) {
      CollectorPlace place = kPlaceTo313;
      place.begin = begin + at - place.generation0;
      place.generations -= step;
      if (value == place.begin + place.generations && proof(place) == nullptr) return place;
    }
  }
  return std::nullopt;
}

Result<CollectorPlace> CollectorSearch::by_shape() {
  constexpr std::uint64_t kMostOfRuntime = 1u << 20;
  constexpr std::uint64_t kPointersOfRuntime = 4096;
  constexpr std::uint64_t kMostOfInterpreter = 8192;
  std::vector<std::byte> buffer;
  if (auto found = in_memory(runtime_, kMostOfRuntime, buffer)) return *found;
  // The newest interpreter comes first, the main one is named behind it and again later.
  std::optional<CollectorPlace> last;
  std::uint64_t before = 0;
  for (std::uint64_t at = 0; at < kPointersOfRuntime; at += 8) {
    const std::uint64_t pointer = word(runtime_ + at);
    if (!may_be_address(pointer) || pointer % 8 != 0 || pointer == before) continue;
    before = pointer;
    if (auto found = in_memory(pointer, kMostOfInterpreter, buffer)) last = found;
  }
  if (last) return *last;
  return unsupported(
      "the state of its collector was not found: this CPython lays it out differently");
}

Result<CollectorPlace> CollectorSearch::by_description() {
  // Indexes among the 8-byte words of _Py_DebugOffsets; 3.13, 3.14, 3.15.
  constexpr int kInterpretersHead = 5;
  constexpr int kNextOfInterpreter = 8;
  constexpr int kGcOfInterpreter[] = {10, 11, 11};
  constexpr int kSizeOfGc[] = {71, 81, 94};
  const auto described = [&](int index) {
    return word(runtime_ + 8 * static_cast<unsigned>(index));
  };
  const int minor = static_cast<int>((described(1) >> 16) & 0xFF);
  if (minor < kOldestDescribed || minor > kNewest) {
    return unsupported("its collector is not known: CPython 3." + std::to_string(minor) +
                       " is newer than 3.15");
  }
  const int row = minor - kOldestDescribed;
  const bool is_free_threaded = described(2) != 0;
  if (is_free_threaded) class_in_object_ = 24;
  std::uint64_t interpreter = word(runtime_ + described(kInterpretersHead));
  std::uint32_t others = 0;
  // The oldest comes last.
  constexpr std::uint32_t kMostInterpreters = 100'000;
  while (others < kMostInterpreters) {
    const std::uint64_t next = word(interpreter + described(kNextOfInterpreter));
    if (!may_be_address(next)) break;
    interpreter = next;
    ++others;
  }
  CollectorPlace place = minor == 13 ? kPlaceTo313 : minor == 14 ? kPlaceOf314 : kPlaceOf315;
  place.begin = interpreter + described(kGcOfInterpreter[row]);
  place.other_interpreters = others;
  const std::uint64_t size = described(kSizeOfGc[row]);
  if (described(kSizeOfGc[row] + 1) != place.collecting || size < place.size_bytes) {
    return unsupported("this CPython says that it lays out its collector in a way not known");
  }
  if (is_free_threaded) {
    place.has_lists = false;
    place.generation0 = 0;
  } else if (minor == 13) {
    if (word(place.begin + place.generation0) == place.begin + place.generations - kStepBefore) {
      place.generations -= kStepBefore;
    }
  } else if (size > place.size_bytes) {
    place.generation0 = place.size_bytes;
    place.size_bytes += 8;
  } else {
    place.is_incremental = true;
  }
  if (place.stats_are_rings) {
    // [ items | the last one's number i8 ] for each generation, then a number that rises.
    const std::uint64_t items = is_free_threaded ? 1 : 11;
    std::uint64_t at = 0;
    for (int i = 0; i < 3; ++i) {
      const std::uint64_t count = i == 0 ? items : is_free_threaded ? 1 : 3;
      place.rings[i] = {at, static_cast<std::uint32_t>(count)};
      at += kStatsItem * count + 8;
    }
    place.rings_bytes = static_cast<std::uint32_t>(at);
    if (described(kSizeOfGc[row] + 3) != at + 8 || described(kSizeOfGc[row] + 4) != place.stats) {
      return unsupported(
          "this CPython says that it keeps its collector's statistics in a way not "
          "known");
    }
  }
  if (const char* reason = proof(place)) return unsupported(reason);
  return place;
}

Result<CollectorPlace> CollectorSearch::run() {
  if (runtime_ == 0) return unsupported("this CPython has no symbol _PyRuntime");
  char cookie[8] = {};
  if (!process_.read(runtime_, std::as_writable_bytes(std::span(cookie)))) {
    return unsupported("its memory cannot be read");
  }
  return std::memcmp(cookie, "xdebugpy", sizeof(cookie)) == 0 ? by_description() : by_shape();
}

}  // namespace

Result<CollectorPlace> find_collector(const Target& target) {
  constexpr auto kPatience = std::chrono::seconds(1);
  constexpr auto kBetweenTries = std::chrono::milliseconds(10);
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    auto place = CollectorSearch(target).run();
    if (place || std::chrono::steady_clock::now() >= deadline) return place;
    std::this_thread::sleep_for(kBetweenTries);
  }
}

}  // namespace ouro::python::attach
