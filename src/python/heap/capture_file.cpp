#include "python/heap/capture_file.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <span>
#include <utility>

namespace ouro::python::heap {

namespace {

/// Of memory that is mapped, private and nobody's any more: whole pages, a range at a time.
void give_back(std::span<const std::byte> bytes) {
  constexpr std::uintptr_t kPage = 4096;
  const auto begin = reinterpret_cast<std::uintptr_t>(bytes.data());
  const std::uintptr_t first = (begin + kPage - 1) / kPage * kPage;
  const std::uintptr_t end = (begin + bytes.size()) / kPage * kPage;
  if (end > first) ::madvise(reinterpret_cast<void*>(first), end - first, MADV_DONTNEED);
}

}  // namespace

CaptureFile::CaptureFile(std::string path)
    : writer_(std::move(path), FileAccess::kOwnerAlone, give_back) {}

void CaptureFile::begin(const graph::HeapGraph& graph) {
  structure_ = std::async(std::launch::async | std::launch::deferred,
                          [this, graph] { return writer_.write_structure(graph.columns()); });
}

std::optional<Error> CaptureFile::finish(CapturedHeap heap) {
  if (structure_.valid()) {
    if (auto error = structure_.get()) return error;
  }
  return writer_.finish(heap.graph.columns());
}

}  // namespace ouro::python::heap
