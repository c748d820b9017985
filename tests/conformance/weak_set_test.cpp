// CPython's test_weakset.py. Members are compared by identity, so that no two "equal" ones are
// needed.
#include <algorithm>
#include <stdexcept>
#include <vector>

#include "conformance/conformance_test.hpp"

namespace weak_set_test {

using ouro::make;
using ouro::Ref;
using ouro::test::Loop;
using ouro::test::make_loop;
namespace gc = ouro::gc;
namespace weakref = ouro::weakref;

struct Letter {
  char letter = ' ';
};
using Letters = std::vector<Ref<Letter>>;
using Set = weakref::WeakSet<Letter>;

class WeakSetConformance : public ouro::test::ConformanceTest {
 protected:
  static Letters make_letters(const char* text) {
    Letters letters;
    for (; *text != '\0'; ++text) letters.push_back(make<Letter>(*text));
    return letters;
  }
  static Letters joined(Letters a, const Letters& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
  }

  Letters items_ = make_letters("abc");
  Letters items2_ = make_letters("xyz");
  Set set_{items_};
  Set set2_{items2_};
};

TEST_F(WeakSetConformance, CountsItsLivingMembers) {
  EXPECT_EQ(set_.size(), 3u);
  items_.pop_back();
  EXPECT_EQ(set_.size(), 2u);
}

TEST_F(WeakSetConformance, ContainsItsMembers) {
  for (const auto& item : items_) EXPECT_TRUE(set_.contains(item));
  for (const auto& item : items2_) EXPECT_FALSE(set_.contains(item));
  EXPECT_FALSE(set_.contains(nullptr));
}

TEST_F(WeakSetConformance, Unites) {
  const Set both = set_ | set2_;
  EXPECT_EQ(both, Set(joined(items_, items2_)));
  EXPECT_EQ(set_, Set(items_));
  items2_.pop_back();
  EXPECT_EQ(both.size(), 5u);
  set_ |= set2_;
  EXPECT_EQ(set_, both);
}

TEST_F(WeakSetConformance, Intersects) {
  const Set all(joined(items_, items2_));
  const Set common = all & set2_;
  EXPECT_EQ(common, set2_);
  items2_.pop_back();
  EXPECT_EQ(common.size(), 2u);
  EXPECT_TRUE((set_ & set2_).empty());
  set_ &= all;
  EXPECT_EQ(set_, Set(items_));
}

TEST_F(WeakSetConformance, Subtracts) {
  const Set all(joined(items_, items2_));
  EXPECT_EQ(all - set2_, set_);
  set_ -= Set{items_[0]};
  EXPECT_EQ(set_, (Set{items_[1], items_[2]}));
}

TEST_F(WeakSetConformance, KeepsWhatIsInJustOne) {
  const Set left{items_[0], items_[1]}, right{items_[1], items_[2]};
  Set either = left ^ right;
  EXPECT_EQ(either, (Set{items_[0], items_[2]}));
  items_.pop_back();
  EXPECT_EQ(either.size(), 1u);
  either ^= left;
  EXPECT_EQ(either, Set{items_[1]});
}

TEST_F(WeakSetConformance, KnowsPartsAndDisjointSets) {
  const Set all(joined(items_, items2_));
  EXPECT_TRUE(set_.issubset(all));
  EXPECT_TRUE(all.issuperset(set_));
  EXPECT_FALSE(set_.issubset(set2_));
  EXPECT_FALSE(set_.issuperset(set2_));
  EXPECT_TRUE(set_.isdisjoint(set2_));
  EXPECT_FALSE(set_.isdisjoint(all));

  EXPECT_TRUE(set_ <= all);
  EXPECT_TRUE(all <= all);
  EXPECT_TRUE(all >= set_);
  EXPECT_TRUE(set_ < all);
  EXPECT_FALSE(set_ < set_);
  EXPECT_FALSE(set_ < set2_);
  EXPECT_FALSE(set_ <= set2_);
  EXPECT_TRUE(all > set_);
  EXPECT_FALSE(Set() < Set());
}

TEST_F(WeakSetConformance, EqualsASetOfTheSameMembers) {
  EXPECT_TRUE(set_ == set_);
  EXPECT_TRUE(set_ == Set(items_));
  EXPECT_TRUE(set_ != set2_);
  EXPECT_FALSE(Set() != Set());
}

struct Node {
  Ref<Node> self;
  Ref<weakref::WeakSet<Node>> everybody;
  weakref::WeakSet<Node> just_itself;
};

TEST_F(WeakSetConformance, AThousandNestedInCyclesAreCollected) {
  auto everybody = make<weakref::WeakSet<Node>>();
  for (int i = 0; i < 1000; ++i) {
    auto node = make<Node>();
    node->self = node;
    node->everybody = everybody;
    node->just_itself.add(node);
    everybody->add(node);
  }
  EXPECT_EQ(everybody->size(), 1000u);
  EXPECT_EQ(gc::collect(), 1000u);
  EXPECT_TRUE(everybody->empty());
}

TEST_F(WeakSetConformance, CopiesAreIndependent) {
  Set copy(set_);
  EXPECT_EQ(copy, set_);
  copy.clear();
  EXPECT_TRUE(copy.empty());
  EXPECT_EQ(copy, Set());
  EXPECT_EQ(set_.size(), 3u);
}

TEST_F(WeakSetConformance, AddsAMemberOnce) {
  const auto member = make<Letter>('Q');
  set_.add(member);
  EXPECT_TRUE(set_.contains(member));
  set_.add(member);
  EXPECT_EQ(set_.size(), 4u);
  set_.add(make<Letter>());
  EXPECT_EQ(set_.size(), 4u);
}

TEST_F(WeakSetConformance, RemovesAndDiscards) {
  set_.remove(items_[0]);
  EXPECT_FALSE(set_.contains(items_[0]));
  EXPECT_THROW(set_.remove(items_[0]), std::out_of_range);
  EXPECT_TRUE(set_.discard(items_[1]));
  EXPECT_FALSE(set_.discard(items_[1]));
}

TEST_F(WeakSetConformance, PopsAnyMember) {
  for (int i = 0; i < 3; ++i) {
    const auto member = set_.pop();
    ASSERT_NE(member, nullptr);
    EXPECT_FALSE(set_.contains(member));
  }
  EXPECT_EQ(set_.pop(), nullptr);
}

TEST_F(WeakSetConformance, TakesOverMembers) {
  set_.update(items2_);
  EXPECT_EQ(set_, Set(joined(items_, items2_)));
  Set other;
  other.update(set_);
  EXPECT_EQ(other, set_);
}

TEST_F(WeakSetConformance, OperatesOnItself) {
  set_ |= set_;
  EXPECT_EQ(set_, Set(items_));
  set_ &= set_;
  EXPECT_EQ(set_, Set(items_));
  Set copy = set_;
  copy -= copy;
  EXPECT_EQ(copy, Set());
  set_ ^= set_;
  EXPECT_EQ(set_, Set());
}

TEST_F(WeakSetConformance, MayChangeWhileAListingIsWalked) {
  std::size_t left = 3;
  for (const auto& member : set_.items()) {
    std::erase(items_, member);
    EXPECT_TRUE(set_.contains(member));  // the listing holds it
    set_.remove(member);
    EXPECT_EQ(set_.size(), --left);
    set_.add(member);
    set_.discard(member);
  }
  EXPECT_TRUE(set_.empty());
}

TEST_F(WeakSetConformance, ForgetsMembersInCycles) {
  weakref::WeakSet<Loop> loops;
  for (int i = 0; i < 20; ++i) loops.add(make_loop());
  EXPECT_EQ(loops.size(), 20u);
  gc::collect();
  EXPECT_EQ(loops.size(), 0u);
}

TEST_F(WeakSetConformance, ShrinksWheneverACollectionComes) {
  gc::enable();
  for (std::size_t threshold = 1; threshold < 100; ++threshold) {
    gc::collect(0);
    gc::set_threshold(threshold, threshold, threshold);
    weakref::WeakSet<Loop> loops;
    for (int i = 0; i < 20; ++i) loops.add(make_loop());
    const std::size_t some = loops.size();
    make_loop();
    EXPECT_LE(some, 20u);
    EXPECT_LE(loops.size(), some);
  }
}

}  // namespace weak_set_test
