// Visits references one at a time and with their names, for everything that need not be as fast as
// the collector's own passes: gc::get_referents, objgraph, weak references in garbage, the checked
// build.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <ouro/detail/reference.hpp>

namespace ouro::detail {

struct WeakReference;

class EdgeVisitor {
 public:
  static constexpr bool kWantsLabels = true;
  static constexpr bool kWantsWeak = true;

  EdgeVisitor() = default;
  EdgeVisitor(const EdgeVisitor&) = delete;
  EdgeVisitor& operator=(const EdgeVisitor&) = delete;
  virtual ~EdgeVisitor() = default;

  /// `label()` names the way to it: "monsters[3].dungeon".
  virtual void reference(Reference& reference) = 0;
  virtual void weak(WeakReference&) {}
  /// A field of the object itself, not of something in it, is about to be visited.
  virtual void field(const char* /*name*/, const void* /*address*/, std::size_t /*bytes*/) {}

  void enter_field(const char* name, const void* address, std::size_t bytes) {
    if (lengths_.empty()) field(name, address, bytes);
    enter_field(name);
  }
  void enter_field(const char* name) {
    push();
    if (!label_.empty()) label_ += '.';
    label_ += name;
  }
  void enter_index(std::size_t index) {
    push();
    label_ += '[';
    append_number(index);
    label_ += ']';
  }
  template <class Key>
  void enter_key(const Key& key) {
    push();
    label_ += '[';
    if constexpr (std::integral<Key>) {
      append_number(key);
    } else if constexpr (std::convertible_to<const Key&, std::string_view>) {
      label_ += '"';
      label_ += std::string_view(key);
      label_ += '"';
    } else {
      label_ += "...";
    }
    label_ += ']';
  }
  void leave() {
    label_.resize(lengths_.back());
    lengths_.pop_back();
  }

  const std::string& label() const noexcept { return label_; }

 private:
  void push() { lengths_.push_back(label_.size()); }
  template <class Number>
  void append_number(Number number) {
    if constexpr (std::is_same_v<Number, bool>) {
      label_ += number ? "true" : "false";
    } else {
      label_ += std::to_string(number);
    }
  }

  std::string label_;
  std::vector<std::size_t> lengths_;
};

}  // namespace ouro::detail
