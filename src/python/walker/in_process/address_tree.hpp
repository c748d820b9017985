// A cell for each stretch of addresses, sparse: cells are made where they are asked for, zero at
// first, and stay where they are. So threads may use it at once.
//
//   address  [ 13 bits | 12 bits | number of the cell | kShift bits ]
//                 |         |           |
//                 v         v           v
//               root  ->  branch  ->  leaf: the cells of 4 MiB
//
// It takes memory in proportion to the heap, and needs no reservation of the address space (which
// containers may forbid). To ask is three loads; a hash table would jump where the heap is read in
// order.
#pragma once

#include <cstdint>

#include "python/walker/in_process/slabs.hpp"
#include "python/walker/memory.hpp"

namespace ouro::python::walker {

template <class Cell, int kShift, Take kTake = Take::kWhenTouched>
class AddressTree {
 public:
  AddressTree() = default;
  AddressTree(const AddressTree&) = delete;
  AddressTree& operator=(const AddressTree&) = delete;
  ~AddressTree() {
    if (root_ == nullptr) return;
    for (std::uint64_t at = 0; at < kRootSize; ++at) {
      unmap_pages(root_[at], kBranchSize * sizeof(Cell*));
    }
    unmap_pages(root_, kRootSize * sizeof(Cell**));
  }

  /// The cell of an address; null where there is no memory.
  Cell* make(std::uint64_t address) {
    if (address >> kAddressBits != 0) return nullptr;
    Cell* leaf = leaf_of(address);
    if (leaf == nullptr && (leaf = make_leaf(address)) == nullptr) return nullptr;
    return &leaf[place_in_leaf(address)];
  }

  /// Finds cells; one for each thread, which remembers where it was.
  class Finder {
   public:
    explicit Finder(const AddressTree& tree) : tree_(tree) {}

    /// A cell that is zero where none was made near.
    const Cell* find(std::uint64_t address) {
      if (address >> kRootShift != last_ && !turn_to(address)) return &kZero;
      Cell* leaf = loaded(branch_[place_in_branch(address)]);
      return leaf == nullptr ? &kZero : &leaf[place_in_leaf(address)];
    }

   private:
    bool turn_to(std::uint64_t address) {
      if (address >> kAddressBits != 0) return false;
      Cell*** root = loaded(tree_.root_);
      Cell** branch = root == nullptr ? nullptr : loaded(root[address >> kRootShift]);
      if (branch == nullptr) return false;
      last_ = address >> kRootShift;
      branch_ = branch;
      return true;
    }

    const AddressTree& tree_;
    std::uint64_t last_ = ~std::uint64_t{0};
    Cell** branch_ = nullptr;
  };

  /// Calls `visit(first, leaf)` for the kLeafSize cells from an address on. When nobody makes any.
  template <class VisitLeaf>
  void for_each_leaf(VisitLeaf visit) const {
    for (std::uint64_t at = 0; root_ != nullptr && at < kRootSize; ++at) {
      if (root_[at] == nullptr) continue;
      for (std::uint64_t leaf = 0; leaf < kBranchSize; ++leaf) {
        if (root_[at][leaf] == nullptr) continue;
        visit(at << kRootShift | leaf << kLeafShift, root_[at][leaf]);
      }
    }
  }

  static constexpr int kLeafShift = 22;
  static constexpr std::uint64_t kLeafSize = 1u << (kLeafShift - kShift);

 private:
  static constexpr int kAddressBits = 47;
  static constexpr int kRootShift = 34;
  static constexpr std::uint64_t kRootSize = 1u << (kAddressBits - kRootShift);
  static constexpr std::uint64_t kBranchSize = 1u << (kRootShift - kLeafShift);
  static constexpr Cell kZero{};

  static std::uint64_t place_in_branch(std::uint64_t address) {
    return address >> kLeafShift & (kBranchSize - 1);
  }
  static std::uint64_t place_in_leaf(std::uint64_t address) {
    return address >> kShift & (kLeafSize - 1);
  }
  template <class T>
  static T* loaded(T* const& place) {
    return __atomic_load_n(&place, __ATOMIC_ACQUIRE);
  }
  Cell* leaf_of(std::uint64_t address) const {
    Cell*** root = loaded(root_);
    Cell** branch = root == nullptr ? nullptr : loaded(root[address >> kRootShift]);
    return branch == nullptr ? nullptr : loaded(branch[place_in_branch(address)]);
  }
  __attribute__((noinline)) Cell* make_leaf(std::uint64_t address) {
    const auto make_pages = [](std::uint64_t bytes) { return map_pages(bytes); };
    const auto take_leaf = [this](std::uint64_t bytes) { return leaves_.take(bytes, kTake); };
    const auto keep = [](Cell*, std::uint64_t) {};  // till the end
    Cell*** root = made_at(root_, kRootSize, make_pages, unmap_pages);
    if (root == nullptr) return nullptr;
    Cell** branch = made_at(root[address >> kRootShift], kBranchSize, make_pages, unmap_pages);
    if (branch == nullptr) return nullptr;
    return made_at(branch[place_in_branch(address)], kLeafSize, take_leaf, keep);
  }
  /// What `place` points to, made by whoever comes first.
  template <class T, class TakePages, class GiveBack>
  static T* made_at(T*& place, std::uint64_t count, TakePages take_pages, GiveBack give_back) {
    T* there = loaded(place);
    if (there != nullptr) return there;
    auto* made = static_cast<T*>(take_pages(count * sizeof(T)));
    if (made == nullptr) return nullptr;
    if (__atomic_compare_exchange_n(&place, &there, made, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE)) {
      return made;
    }
    give_back(made, count * sizeof(T));
    return there;
  }

  Cell*** root_ = nullptr;
  Slabs leaves_;
};

/// A set of addresses of objects: a bit for each 16 bytes, which no two objects share.
class AddressBits {
 public:
  /// False where there is no memory.
  bool add(std::uint64_t address) {
    std::uint64_t* word = words_.make(address);
    if (word == nullptr) return false;
    *word |= bit_of(address);
    return true;
  }
  bool contains(std::uint64_t address) { return (*finder_.find(address) & bit_of(address)) != 0; }

 private:
  using Words = AddressTree<std::uint64_t, 10>;

  static std::uint64_t bit_of(std::uint64_t address) {
    return std::uint64_t{1} << ((address >> 4) & 63);
  }

  Words words_;
  Words::Finder finder_{words_};
};

/// The same for several threads.
class SharedAddressBits {
 public:
  /// Whether this call has added it. False where there is no memory, too.
  bool add_once(std::uint64_t address) {
    std::uint64_t* word = words_.make(address);
    const std::uint64_t bit = std::uint64_t{1} << ((address >> 4) & 63);
    return word != nullptr && (__atomic_fetch_or(word, bit, __ATOMIC_RELAXED) & bit) == 0;
  }

 private:
  AddressTree<std::uint64_t, 10> words_;
};

}  // namespace ouro::python::walker
