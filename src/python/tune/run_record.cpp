#include "python/tune/run_record.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/system_error.hpp"

namespace ouro::python::tune {

namespace {

constexpr std::size_t kSlotWords = 4096;
constexpr std::size_t kSlots = 256;
constexpr std::size_t kWords = kSlotWords * (1 + kSlots);
constexpr std::size_t kGenerations = 32;
constexpr std::size_t kGenerationWords = 1352;
constexpr std::size_t kHistogram = 8;
static_assert(kGenerationWords == kHistogram + report::PauseHistogram::kPlaces);
static_assert(kGenerations + 3 * kGenerationWords <= kSlotWords);

constexpr std::int64_t kHasMissedFreeze = 2;
constexpr std::int64_t kHasFoundFunction = 4;
constexpr std::int64_t kAtExit = 1;

using Slot = std::span<const volatile std::int64_t>;

void add_generation(Slot words, report::MeasuredRun::Generation& generation) {
  generation.collections += words[0];
  generation.seconds += static_cast<double>(words[1]) / 1e9;
  generation.collected += words[3];
  generation.uncollectable += words[4];
  for (std::size_t i = 0; i < report::PauseHistogram::kPlaces; ++i) {
    const std::int64_t times = words[kHistogram + i];
    if (times > 0) generation.pauses.add_at(i, static_cast<std::uint64_t>(times));
  }
  generation.pauses.note_longest(std::chrono::nanoseconds(words[2]));
}

void add_slot(Slot words, report::MeasuredRun& run) {
  ++run.processes;
  run.python_version = static_cast<std::uint32_t>(words[14]);
  run.peak_bytes = std::max(run.peak_bytes, static_cast<std::uint64_t>(words[6]) * 1024);
  if (words[2] > 0) run.frozen = std::max<std::int64_t>(run.frozen.value_or(0), words[2] - 1);
  run.has_missed_freeze = run.has_missed_freeze || (words[4] & kHasMissedFreeze) != 0;
  run.has_found_function = run.has_found_function || (words[4] & kHasFoundFunction) != 0;
  if ((words[4] & kAtExit) != 0) {
    for (std::size_t i = 0; i < 3; ++i) {
      run.sets_thresholds = run.sets_thresholds || words[7 + i] != words[10 + i];
    }
  }
  for (std::size_t i = 0; i < run.generations.size(); ++i) {
    add_generation(words.subspan(kGenerations + i * kGenerationWords, kGenerationWords),
                   run.generations[i]);
  }
}

}  // namespace

Result<RunRecord> RunRecord::create() {
  attach::Descriptor memory(memfd_create("ouro-tune", MFD_CLOEXEC));
  if (!memory.is_open()) return system_error("memfd_create");
  constexpr std::size_t kBytes = kWords * sizeof(std::int64_t);
  if (ftruncate(memory.number(), static_cast<off_t>(kBytes)) != 0) return system_error("ftruncate");
  void* begin = mmap(nullptr, kBytes, PROT_READ, MAP_SHARED, memory.number(), 0);
  if (begin == MAP_FAILED) return system_error("mmap");
  return RunRecord(std::move(memory), {static_cast<const volatile std::int64_t*>(begin), kWords});
}

RunRecord::RunRecord(RunRecord&& other) noexcept
    : memory_(std::move(other.memory_)), words_(std::exchange(other.words_, {})) {}

RunRecord::~RunRecord() {
  if (words_.empty()) return;
  munmap(const_cast<std::int64_t*>(words_.data()), words_.size_bytes());
}

void RunRecord::read_into(report::MeasuredRun& run) const {
  for (std::size_t i = 1; i <= kSlots; ++i) {
    const Slot slot = words_.subspan(i * kSlotWords, kSlotWords);
    if (slot[0] != 0) add_slot(slot, run);
  }
}

}  // namespace ouro::python::tune
