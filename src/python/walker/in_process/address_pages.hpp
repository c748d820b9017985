// A word for each stretch of addresses, sparse: pages of words are made where a word is asked for.
// It takes memory in proportion to the heap, and needs no reservation of the address space (which
// containers may forbid).
//
//   address  [ page number | word in page: 12 bits | kShift bits ]
//                  |
//                  v  hash table: page number -> place in one array of words
#pragma once

#include <cstdint>

#include "python/walker/in_process/address_table.hpp"
#include "python/walker/memory.hpp"

namespace ouro::python::walker {

template <class Word, int kShift>
class AddressPages {
 public:
  /// The word of an address, zero at first; null where there is no memory. It moves with the next
  /// call.
  Word* word_at(std::uint64_t address) {
    const std::uint64_t page = address >> (kShift + kPageBits);
    if (page != last_page_ && !turn_to(page)) return nullptr;
    return &words_[last_begin_ + word_in_page(address)];
  }
  /// Zero where none was asked for.
  Word find(std::uint64_t address) {
    const std::uint64_t page = address >> (kShift + kPageBits);
    if (page != last_page_) {
      const std::uint32_t number = pages_.find(key_of(page));
      if (number == AddressTable::kNone) return Word{};
      last_page_ = page;
      last_begin_ = std::uint64_t{number} << kPageBits;
    }
    return words_[last_begin_ + word_in_page(address)];
  }

 private:
  static constexpr int kPageBits = 12;

  static std::uint64_t word_in_page(std::uint64_t address) {
    return (address >> kShift) & ((1u << kPageBits) - 1);
  }
  // The table takes addresses, whose lowest 4 bits tell nothing apart.
  static std::uint64_t key_of(std::uint64_t page) { return page << 4; }

  bool turn_to(std::uint64_t page) {
    const std::uint32_t number = pages_.number_of(key_of(page));
    if (number == AddressTable::kNone) return false;
    const std::uint64_t begin = std::uint64_t{number} << kPageBits;
    if (!words_.reserve(begin + (1u << kPageBits))) return false;
    last_page_ = page;
    last_begin_ = begin;
    return true;
  }

  AddressTable pages_;
  GrowingArray<Word> words_;
  std::uint64_t last_page_ = ~std::uint64_t{0};
  std::uint64_t last_begin_ = 0;
};

/// A set of addresses of objects: a bit for each 16 bytes, which no two objects share.
class AddressBits {
 public:
  /// False where there is no memory.
  bool add(std::uint64_t address) {
    std::uint64_t* word = words_.word_at(address);
    if (word == nullptr) return false;
    *word |= bit_of(address);
    return true;
  }
  bool contains(std::uint64_t address) { return (words_.find(address) & bit_of(address)) != 0; }

 private:
  static std::uint64_t bit_of(std::uint64_t address) {
    return std::uint64_t{1} << ((address >> 4) & 63);
  }

  AddressPages<std::uint64_t, 10> words_;
};

}  // namespace ouro::python::walker
