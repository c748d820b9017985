// Marks that threads set at once, against a set.
#include "python/walker/in_process/object_marks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <thread>
#include <vector>

#include "python/walker/in_process/workers.hpp"

namespace {

using namespace ouro::python::walker;

/// Where objects may be: at multiples of 16, no two in the same 32 bytes, in several heaps.
std::vector<std::uint64_t> make_addresses(unsigned seed, std::size_t count) {
  std::mt19937_64 random(seed);
  const std::uint64_t heaps[] = {0x5555'0000'0000, 0x7F12'3400'0000, 0x7F16'0000'0000, 0x10000};
  std::map<std::uint64_t, std::uint64_t> by_block;
  while (by_block.size() < count) {
    const std::uint64_t address = heaps[random() % 4] + (random() % (1u << 24) / 16) * 16;
    by_block.emplace(address / 32, address);
  }
  std::vector<std::uint64_t> addresses;
  for (const auto& [block, address] : by_block) addresses.push_back(address);
  std::shuffle(addresses.begin(), addresses.end(), random);
  return addresses;
}

TEST(ObjectMarks, ThreadsMarkWhatASetHas) {
  for (unsigned seed = 0; seed < 5; ++seed) {
    const std::vector<std::uint64_t> addresses = make_addresses(seed, 20'000);
    const std::size_t alive_count = addresses.size() / 3;
    ObjectMarks marks;
    work_side_by_side(kMostWorkers, [&](int number) {
      for (std::size_t at = static_cast<std::size_t>(number); at < addresses.size();
           at += kMostWorkers) {
        ObjectMarks::track(marks.make(addresses[at]), addresses[at]);
      }
    });
    EXPECT_EQ(marks.tracked_count(), addresses.size());
    work_side_by_side(kMostWorkers, [&](int number) {
      ObjectMarks::Finder finder = marks.finder();
      // All mark the same, in another order each.
      for (std::size_t step = 0; step < alive_count; ++step) {
        const std::uint64_t address =
            addresses[(step + static_cast<std::size_t>(number) * 1000) % alive_count];
        ObjectMarks::revive(finder.find(address), address);
      }
    });
    std::vector<std::uint64_t> rest;
    marks.for_each_not_alive([&](std::uint64_t address) { rest.push_back(address); });
    EXPECT_TRUE(std::is_sorted(rest.begin(), rest.end()));
    std::vector<std::uint64_t> expected(
        addresses.begin() + static_cast<std::ptrdiff_t>(alive_count), addresses.end());
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(rest, expected);
    EXPECT_EQ(marks.tracked_count(), addresses.size());
  }
}

TEST(ObjectMarks, WhatIsNotTrackedIsNotRevived) {
  ObjectMarks marks;
  constexpr std::uint64_t kAddress = 0x7F00'0000'0020;
  ObjectMarks::track(marks.make(kAddress), kAddress);
  ObjectMarks::Finder finder = marks.finder();
  // The other half of its 32 bytes, a neighbour, elsewhere, and no address at all.
  for (const std::uint64_t other : {kAddress + 16, kAddress + 32, kAddress + (1u << 30),
                                    std::uint64_t{0}, ~std::uint64_t{15}}) {
    EXPECT_FALSE(ObjectMarks::revive(finder.find(other), other)) << other;
  }
  EXPECT_TRUE(ObjectMarks::revive(finder.find(kAddress), kAddress));
  EXPECT_FALSE(ObjectMarks::revive(finder.find(kAddress), kAddress));
  EXPECT_EQ(marks.make(~std::uint64_t{15}), nullptr);
}

}  // namespace
