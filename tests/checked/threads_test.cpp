// An object belongs to the thread that owns its heap.
#include <thread>

#include <ouro/ouro.hpp>

#include "support/checked_test.hpp"

namespace {

using ouro::checked::Kind;
using ouro::checked::Report;
using ouro::test::contains;

struct Token {
  int value = 7;
  ouro::Ref<Token> next;
};

class ForeignThread : public ouro::test::CheckedTest {
 protected:
  template <class Function>
  static void in_another_thread(Function&& function) {
    std::thread(std::forward<Function>(function)).join();
  }
};

TEST_F(ForeignThread, ThatCopiesDereferencesOrDropsIsReportedWithTypeAndAction) {
  const auto token = ouro::make<Token>();
  in_another_thread([&] {
    const auto copy = token;
    EXPECT_EQ(copy->value, 7);
  });
  const auto reports = all_reports();
  ASSERT_EQ(reports.size(), 3u);
  for (const Report& report : reports) {
    EXPECT_EQ(report.kind, Kind::kForeignThread);
    EXPECT_EQ(report.type, "Token");
    EXPECT_EQ(report.address, token.get());
  }
  EXPECT_TRUE(contains(reports[0].message, " is copied by thread "));
  EXPECT_TRUE(contains(reports[1].message, " is dereferenced by thread "));
  EXPECT_TRUE(contains(reports[2].message, " is dropped by thread "));
}

TEST_F(ForeignThread, OwnsWhatItHasTaken) {
  ouro::Heap heap;
  ouro::Ref<Token> token;
  {
    const ouro::HeapScope scope(heap);
    token = ouro::make<Token>();
  }
  heap.give();
  in_another_thread([&] {
    heap.take();
    const ouro::HeapScope scope(heap);
    token->next = ouro::make<Token>();
    token = nullptr;
    ouro::gc::collect();
    heap.give();
  });
  heap.take();
  EXPECT_TRUE(is_quiet());
}

TEST_F(ForeignThread, IsEveryThreadWhileAHeapIsGivenAndNotTaken) {
  ouro::Heap heap;
  ouro::Ref<Token> token;
  {
    const ouro::HeapScope scope(heap);
    token = ouro::make<Token>();
  }
  heap.give();
  EXPECT_EQ(token->value, 7);
  const Report report = only_report();
  EXPECT_EQ(report.kind, Kind::kForeignThread);
  EXPECT_TRUE(contains(report.message, "the heap was given away and taken by no thread"));
  heap.take();
  token = nullptr;
}

TEST_F(ForeignThread, ThatUsesAHeapIsReportedWithTheAction) {
  ouro::Heap heap;
  in_another_thread([&] { const ouro::HeapScope scope(heap); });
  EXPECT_TRUE(contains(only_report().message, "A heap is entered by thread "));
  in_another_thread([&] {
    heap.take();
    heap.give();
  });
  EXPECT_TRUE(contains(only_report().message, "A heap is taken by thread "));
  heap.take();
  in_another_thread([&] { heap.give(); });
  EXPECT_TRUE(contains(only_report().message, "A heap is given away by thread "));
  heap.take();
}

TEST_F(ForeignThread, LeavesItsObjectsToWhoHoldsThemAtItsEnd) {
  ouro::Ref<Token> token;
  in_another_thread([&] { token = ouro::make<Token>(); });
  EXPECT_EQ(token->value, 7);
  in_another_thread([&] { EXPECT_EQ(token->value, 7); });
  EXPECT_TRUE(contains(only_report().message, "is dereferenced by thread "));
  token = nullptr;
}

}  // namespace
