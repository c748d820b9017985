#include "python/attach/tracked_list.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <span>

#include "python/attach/page.hpp"

namespace ouro::python::attach {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kFlags = 3;

/// Pages by the low bits of their number, each read when it was first needed.
class PageCache {
 public:
  explicit PageCache(const TargetProcess& process) : process_(process) {}

  void forget() { numbers_.fill(0); }

  /// Of a header of 16 bytes, which may lie across two pages: nothing where it cannot be read.
  std::optional<std::uint64_t> word(std::uint64_t address) {
    const std::uint64_t number = address / kPage;
    if (address % kPage > kPage - sizeof(std::uint64_t)) {
      return process_.value_at<std::uint64_t>(address);
    }
    const std::size_t slot = number % kPages;
    if (numbers_[slot] != number) {
      numbers_[slot] = 0;
      if (!process_.read(number * kPage, pages_[slot])) return std::nullopt;
      numbers_[slot] = number;
    }
    std::uint64_t value;
    std::memcpy(&value, pages_[slot].data() + address % kPage, sizeof(value));
    return value;
  }

 private:
  static constexpr std::size_t kPages = 64;

  const TargetProcess& process_;
  std::array<std::uint64_t, kPages> numbers_{};
  std::array<std::array<std::byte, kPage>, kPages> pages_;
};

std::optional<std::uint64_t> walk(PageCache& pages, std::uint64_t head,
                                  Clock::time_point deadline) {
  constexpr std::uint64_t kBetweenLooksAtClock = 1024;
  pages.forget();
  std::uint64_t count = 0;
  std::uint64_t before = head;
  for (;;) {
    const auto next = pages.word(before);
    if (!next) return std::nullopt;
    const std::uint64_t at = *next & ~kFlags;
    const auto back = pages.word(at + 8);
    if (at == 0 || !back || (*back & ~kFlags) != before) return std::nullopt;
    if (at == head) return count;
    before = at;
    if (++count % kBetweenLooksAtClock == 0 && Clock::now() >= deadline) return std::nullopt;
  }
}

}  // namespace

std::optional<std::uint64_t> length_of_tracked_list(const TargetProcess& process,
                                                    std::uint64_t head,
                                                    std::chrono::milliseconds most_time) {
  constexpr int kTries = 50;
  const auto deadline = Clock::now() + most_time;
  PageCache pages(process);
  for (int i = 0; i < kTries && Clock::now() < deadline; ++i) {
    if (const auto count = walk(pages, head, deadline)) return count;
  }
  return std::nullopt;
}

}  // namespace ouro::python::attach
