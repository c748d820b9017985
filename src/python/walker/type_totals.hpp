// How many objects of each class a walk has met, and how many bytes they take.
#pragma once

#include <cstdint>

#include "python/stream/records.hpp"
#include "python/walker/memory.hpp"
#include "python/walker/stream_writer.hpp"

namespace ouro::python::walker {

class TypeTotals {
 public:
  /// `place`: of the class among those of TypeInfos. False where there is no memory.
  bool add(std::uint32_t place, std::uint32_t class_number, std::uint64_t bytes) {
    if (place >= count_ && !grow(place + 1)) return false;
    stream::TypeTotal& total = totals_[place];
    total.node = class_number;
    ++total.objects;
    total.bytes += bytes;
    return true;
  }

  /// Writes Totals records, as many as it takes.
  void write(StreamWriter& writer, std::uint64_t cpu_ns) const {
    constexpr std::uint32_t kMostOfRecord = 1024;
    const stream::Totals head{.cpu_ns = cpu_ns, .reserved = 0};
    for (std::uint32_t first = 0; first == 0 || first < count_; first += kMostOfRecord) {
      const std::uint32_t left = count_ - first;
      writer.add_block(stream::RecordKind::kTotals, &head, sizeof head, totals_.data() + first,
                       (left < kMostOfRecord ? left : kMostOfRecord) *
                           static_cast<std::uint32_t>(sizeof(stream::TypeTotal)));
    }
  }

 private:
  // Pages from the kernel are zeros, which is what a class begins with.
  bool grow(std::uint32_t count) {
    if (!totals_.reserve(count)) return false;
    count_ = count;
    return true;
  }

  GrowingArray<stream::TypeTotal> totals_;
  std::uint32_t count_ = 0;
};

}  // namespace ouro::python::walker
