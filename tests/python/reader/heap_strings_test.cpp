#include "python/heap/heap_strings.hpp"

#include <gtest/gtest.h>

#include "python/heap/assembled_heap.hpp"

namespace ouro::python::heap {
namespace {

TEST(HeapStrings, HaveEachNameOnce) {
  HeapStrings strings;
  EXPECT_EQ(strings.add(""), 0u);
  const auto name = strings.add("__dict__");
  for (int at = 0; at < 100'000; ++at) strings.add_value(std::to_string(at));
  EXPECT_EQ(strings.add("__dict__"), name);
  EXPECT_EQ(strings.view()[name], "__dict__");
}

TEST(HeapStrings, KeepAllValuesAndSomeOfThemOnce) {
  HeapStrings strings;
  const auto first = strings.add_value("'EUR'");
  EXPECT_EQ(strings.add_value("'EUR'"), first);
  std::vector<graph::StringIndex> numbers;
  for (int at = 0; at < 200'000; ++at) numbers.push_back(strings.add_value(std::to_string(at)));
  for (int at = 0; at < 200'000; at += 999) {
    EXPECT_EQ(strings.view()[numbers[static_cast<std::size_t>(at)]], std::to_string(at));
  }
}

TEST(HeapStrings, NeverGiveAValueTheNumberOfAName) {
  HeapStrings strings;
  const auto name = strings.add("function");
  EXPECT_NE(strings.add_value("function"), name) << "a name is found by its first number";
}

TEST(AssembledHeap, AddsPreviewsWhereThereAreNone) {
  AssembledHeap heap;
  for (const graph::NodeIndex node : {1u, 4u, 7u}) {
    heap.preview_nodes.push_back(node);
    heap.preview_texts.push_back(100 + node);
  }
  heap.add_previews({{9, 1}, {0, 2}, {4, 3}, {5, 4}, {5, 5}});
  const auto nodes = heap.preview_nodes.span();
  const auto texts = heap.preview_texts.span();
  EXPECT_EQ(std::vector(nodes.begin(), nodes.end()),
            (std::vector<graph::NodeIndex>{0, 1, 4, 5, 7, 9}));
  EXPECT_EQ(std::vector(texts.begin(), texts.end()),
            (std::vector<graph::StringIndex>{2, 101, 104, 4, 107, 1}));
}

}  // namespace
}  // namespace ouro::python::heap
