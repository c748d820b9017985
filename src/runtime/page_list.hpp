// A set of pages that can be walked in order of joining; joining and leaving cost O(1).
#pragma once

#include <cstdint>
#include <vector>

#include <ouro/detail/page.hpp>

namespace ouro::detail {

/// `kIndex` is the page's field that says where in the list it stands.
template <std::uint32_t Page::* kIndex>
class PageList {
 public:
  bool contains(const Page& page) const noexcept { return page.*kIndex != kNoIndex; }

  /// Room for one more page, so that add() cannot fail. Throws std::bad_alloc.
  void reserve_one() {
    if (pages_.size() == pages_.capacity()) pages_.reserve(pages_.size() * 2 + 16);
  }
  void reserve(std::size_t pages) { pages_.reserve(pages); }

  /// Precondition: reserve_one() or reserve() since the last add(); the page is not in the list.
  void add(Page& page) noexcept {
    page.*kIndex = static_cast<std::uint32_t>(pages_.size());
    pages_.push_back(&page);
  }
  /// The last page takes the place of the one that leaves. Nothing happens if it is not in the
  /// list.
  void remove(Page& page) noexcept {
    if (!contains(page)) return;
    Page* const last = pages_.back();
    pages_[page.*kIndex] = last;
    last->*kIndex = page.*kIndex;
    pages_.pop_back();
    page.*kIndex = kNoIndex;
  }
  void clear() noexcept {
    for (Page* page : pages_) page->*kIndex = kNoIndex;
    pages_.clear();
  }

  std::size_t size() const noexcept { return pages_.size(); }
  bool empty() const noexcept { return pages_.empty(); }
  Page& operator[](std::size_t index) const noexcept { return *pages_[index]; }
  auto begin() const noexcept { return pages_.begin(); }
  auto end() const noexcept { return pages_.end(); }

 private:
  std::vector<Page*> pages_;
};

}  // namespace ouro::detail
