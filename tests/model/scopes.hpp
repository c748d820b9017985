// What holds for the time of a scope in a random program.
#pragma once

#include <optional>
#include <utility>

#include "model/random_program.hpp"

namespace ouro::model {

/// Keeps an object alive while an operation works on it, in the model as well.
class RandomProgram::Hold {
 public:
  Hold(RandomProgram& program, NodeId id) : program_(program), id_(id), ref_(program.refer_to(id)) {
    program.model_.retain(id);
    program.model_.held.push_back(id);
  }
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;
  ~Hold() {
    program_.model_.held.pop_back();
    program_.model_.release(id_);
  }

 private:
  RandomProgram& program_;
  NodeId id_;
  Any ref_;  // dropped after the model's
};

/// Makes one of the program's heaps the current one.
class RandomProgram::InHeap {
 public:
  InHeap(RandomProgram& program, std::size_t heap)
      : program_(program), previous_(std::exchange(program.heap_, heap)) {
    if (program.heaps_[heap] != nullptr) scope_.emplace(*program.heaps_[heap]);
  }
  InHeap(const InHeap&) = delete;
  InHeap& operator=(const InHeap&) = delete;
  ~InHeap() { program_.heap_ = previous_; }

 private:
  RandomProgram& program_;
  std::size_t previous_;
  std::optional<HeapScope> scope_;  // none where it is the thread's own heap
};

}  // namespace ouro::model
