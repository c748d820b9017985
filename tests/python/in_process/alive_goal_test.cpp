// Objects that threads come upon at once are counted once.
#include "python/walker/in_process/alive_goal.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "python/walker/in_process/workers.hpp"

namespace {

using namespace ouro::python::walker;

/// What is read of an object: its class.
struct alignas(16) FakeObject {
  std::uint64_t count;
  std::uint64_t type;
};

std::vector<FakeObject> objects_of(std::uint64_t type, std::size_t count) {
  return std::vector<FakeObject>(count, {.count = 1, .type = type});
}
const Object* object_of(const FakeObject& one) {
  return reinterpret_cast<const Object*>(&one);
}

constexpr std::uint64_t kGrown = 0x1000;
constexpr std::uint64_t kOther = 0x2000;

TEST(AliveGoal, IsReachedByTheLastOfAllThreads) {
  const std::vector<FakeObject> objects = objects_of(kGrown, 50'000);
  AliveGoal goal;
  ASSERT_TRUE(goal.add(object_at(kGrown), objects.size() - 1));
  goal.expect_one_more();
  work_side_by_side(kMostWorkers, [&](int) {
    for (std::size_t at = 1; at < objects.size(); ++at) goal.find(object_of(objects[at]));
  });
  EXPECT_FALSE(goal.is_reached());
  goal.find(object_of(objects[1]));
  EXPECT_FALSE(goal.is_reached());
  goal.find(object_of(objects[0]));
  EXPECT_TRUE(goal.is_reached());
}

TEST(AliveGoal, WantsObjectsOfItsClasses) {
  const std::vector<FakeObject> grown = objects_of(kGrown, 1);
  const std::vector<FakeObject> others = objects_of(kOther, 1);
  AliveGoal goal;
  EXPECT_FALSE(goal.wants(object_of(grown[0])));
  ASSERT_TRUE(goal.add(object_at(kGrown), 1));
  EXPECT_TRUE(goal.wants(object_of(grown[0])));
  EXPECT_FALSE(goal.wants(object_of(others[0])));
}

}  // namespace
