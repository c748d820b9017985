// What the conformance tests share. Each has a heap of its own, so that counts and statistics begin
// at zero, and automatic collection is off, as in CPython's test modules.
//
// docs/reference/conformance.md says which case of CPython's tests each of these tests stands for.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include <ouro/ouro.hpp>

namespace ouro::test {

class ConformanceTest : public testing::Test {
 protected:
  ConformanceTest() : scope_(std::make_unique<HeapScope>(heap_)) { gc::disable(); }

 private:
  Heap heap_;
  std::unique_ptr<HeapScope> scope_;
};

/// Python's list of anything.
struct List {
  std::vector<Ref<void>> items;
};

/// An object that refers to itself: garbage that only the collector can find.
struct Loop {
  Ref<Loop> loop;
};

inline Ref<Loop> make_loop() {
  auto object = make<Loop>();
  object->loop = object;
  return object;
}

/// Replaces the hook for what is thrown where nobody can catch it, and keeps the reports.
class UnraisableReports {
 public:
  UnraisableReports()
      : previous_(set_unraisable_hook([this](std::string_view where, std::string_view what) {
          all.emplace_back(where, what);
        })) {}
  UnraisableReports(const UnraisableReports&) = delete;
  UnraisableReports& operator=(const UnraisableReports&) = delete;
  ~UnraisableReports() { set_unraisable_hook(std::move(previous_)); }

  std::vector<std::pair<std::string, std::string>> all;  ///< where, what

 private:
  UnraisableHook previous_;
};

/// A weak reference to new cyclic garbage: tells that a collection has happened since.
class CollectionDetector {
 public:
  bool has_happened() const { return weak_.expired(); }

 private:
  WeakRef<Loop> weak_{make_loop()};
};

}  // namespace ouro::test
