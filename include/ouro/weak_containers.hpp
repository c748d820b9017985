// Containers that forget what dies: Python's WeakValueDictionary, WeakKeyDictionary and WeakSet.
//
//   WeakValueDictionary<std::string, Image> cache;   // name -> image, as long as someone uses it
//   WeakKeyDictionary<Node, int> visits;             // facts about objects of somebody else's
//   WeakSet<Listener> listeners;
//
// An entry goes the moment its object dies. Objects as keys are compared by identity. Listings
// (keys(), values(), items()) are copies that hold their objects, so nothing vanishes while one is
// walked.
//
// Values and keys that are not weak are held, and traced when the container is part of a managed
// object. Note, as in Python: a value that refers to its own weak key keeps it alive for ever.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <unordered_map>
#include <utility>
#include <vector>

#include <ouro/trace.hpp>
#include <ouro/weakref.hpp>

namespace ouro::weakref {

/// Throws std::out_of_range, Python's KeyError; out of line for code without exceptions.
[[noreturn]] void raise_key_error(const char* container);

template <class Key, class T, class Hash = std::hash<Key>, class Equal = std::equal_to<Key>>
class WeakValueDictionary {
 public:
  WeakValueDictionary() : entries_(std::make_unique<Entries>()) {}
  WeakValueDictionary(std::initializer_list<std::pair<Key, Ref<T>>> items) : WeakValueDictionary() {
    update(items);
  }
  WeakValueDictionary(WeakValueDictionary&&) noexcept = default;
  WeakValueDictionary& operator=(WeakValueDictionary&&) noexcept = default;
  WeakValueDictionary(const WeakValueDictionary& other) : WeakValueDictionary() { update(other); }
  WeakValueDictionary& operator=(const WeakValueDictionary& other) {
    return *this = WeakValueDictionary(other);
  }

  /// Python's d[key] = value. Precondition: value is not null.
  void set(const Key& key, const Ref<T>& value) {
    const auto old = entries_->find(key);
    if (old != entries_->end()) {
      old->second = WeakRef<T>(value, removal_of(old->first));
      return;
    }
    // Made apart and then moved in, so that a failure leaves no entry without a value.
    Entries made;
    const auto entry = made.try_emplace(key).first;
    entry->second = WeakRef<T>(value, removal_of(entry->first));
    entries_->insert(made.extract(entry));
  }

  /// Null if there is no such key.
  Ref<T> get(const Key& key) const noexcept {
    const auto entry = entries_->find(key);
    return entry == entries_->end() ? Ref<T>() : entry->second.lock();
  }
  /// Python's d[key]; throws std::out_of_range.
  Ref<T> at(const Key& key) const {
    Ref<T> value = get(key);
    if (value == nullptr) raise_key_error("WeakValueDictionary");
    return value;
  }
  /// The value there is, or else `value`, which then stands there.
  Ref<T> setdefault(const Key& key, const Ref<T>& value) {
    if (Ref<T> found = get(key)) return found;
    set(key, value);
    return value;
  }
  bool contains(const Key& key) const noexcept { return get(key) != nullptr; }

  bool erase(const Key& key) { return entries_->erase(key) != 0; }
  /// Takes the entry out; null if there was none.
  Ref<T> pop(const Key& key) {
    Ref<T> value = get(key);
    entries_->erase(key);
    return value;
  }
  /// Takes out any one entry.
  std::optional<std::pair<Key, Ref<T>>> popitem() {
    for (auto& item : items()) {
      entries_->erase(item.first);
      return std::move(item);
    }
    return std::nullopt;
  }
  void update(const WeakValueDictionary& other) { update(other.items()); }
  /// From any range of pairs; std::map is one.
  template <class Pairs>
  void update(const Pairs& pairs) {
    for (const auto& [key, value] : pairs) set(key, value);
  }
  template <class Other>
  WeakValueDictionary& operator|=(const Other& other) {
    update(other);
    return *this;
  }
  template <class Other>
  friend WeakValueDictionary operator|(WeakValueDictionary left, const Other& right) {
    left.update(right);
    return left;
  }
  void clear() noexcept { entries_->clear(); }

  std::size_t size() const noexcept { return entries_->size(); }
  bool empty() const noexcept { return entries_->empty(); }

  std::vector<std::pair<Key, Ref<T>>> items() const {
    std::vector<std::pair<Key, Ref<T>>> listed;
    for (const auto& [key, weak] : *entries_) {
      if (Ref<T> value = weak.lock()) listed.emplace_back(key, std::move(value));
    }
    return listed;
  }
  std::vector<Key> keys() const {
    std::vector<Key> listed;
    for (const auto& [key, weak] : *entries_) {
      if (!weak.expired()) listed.push_back(key);
    }
    return listed;
  }
  std::vector<Ref<T>> values() const {
    std::vector<Ref<T>> listed;
    for (auto& item : items()) listed.push_back(std::move(item.second));
    return listed;
  }
  std::vector<WeakRef<T>> valuerefs() const {
    std::vector<WeakRef<T>> listed;
    for (const Ref<T>& value : values()) listed.emplace_back(value);
    return listed;
  }

 private:
  // Apart from the dictionary, so that callbacks keep finding it when the dictionary moves. They
  // cannot outlive it: they go with the weak references in it.
  using Entries = std::unordered_map<Key, WeakRef<T>, Hash, Equal>;

  /// The callback finds its entry by the key in it: a copy would be a reference that nobody traces.
  auto removal_of(const Key& own_key) const {
    return [entries = entries_.get(), own = &own_key] {
      [[maybe_unused]] const auto gone = entries->extract(*own);
    };
  }

  std::unique_ptr<Entries> entries_;

  OURO_TRACE(entries_)
};

template <class T, class Value>
class WeakKeyDictionary {
 public:
  WeakKeyDictionary() : entries_(std::make_unique<Entries>()) {}
  WeakKeyDictionary(std::initializer_list<std::pair<Ref<T>, Value>> items) : WeakKeyDictionary() {
    update(items);
  }
  WeakKeyDictionary(WeakKeyDictionary&&) noexcept = default;
  WeakKeyDictionary& operator=(WeakKeyDictionary&&) noexcept = default;
  WeakKeyDictionary(const WeakKeyDictionary& other) : WeakKeyDictionary() { update(other); }
  WeakKeyDictionary& operator=(const WeakKeyDictionary& other) {
    return *this = WeakKeyDictionary(other);
  }

  /// Python's d[key] = value. Precondition: key is not null.
  void set(const Ref<T>& key, Value value) {
    const auto entry = find(key);
    if (entry != entries_->end()) {
      entry->second.value = std::move(value);
      return;
    }
    [[maybe_unused]] const auto stale = entries_->extract(key.object_);
    Entries* const entries = entries_.get();
    const void* const address = key.object_;
    WeakRef<T> weak(key, [entries, address] {
      // The value goes last: its destructor may look at this dictionary.
      [[maybe_unused]] const auto gone = entries->extract(address);
    });
    entries_->emplace(address, Entry{std::move(weak), std::move(value)});
  }

  /// Null if there is no such key; good until the entry changes.
  Value* get(const Ref<T>& key) noexcept {
    const auto entry = find(key);
    return entry == entries_->end() ? nullptr : &entry->second.value;
  }
  const Value* get(const Ref<T>& key) const noexcept {
    const auto entry = find(key);
    return entry == entries_->end() ? nullptr : &entry->second.value;
  }
  /// Python's d[key]; throws std::out_of_range.
  Value& at(const Ref<T>& key) {
    Value* const value = get(key);
    if (value == nullptr) raise_key_error("WeakKeyDictionary");
    return *value;
  }
  Value& setdefault(const Ref<T>& key, Value value) {
    if (get(key) == nullptr) set(key, std::move(value));
    return *get(key);
  }
  bool contains(const Ref<T>& key) const noexcept { return get(key) != nullptr; }

  bool erase(const Ref<T>& key) { return pop(key).has_value(); }
  /// Takes the entry out; nothing if there was none.
  std::optional<Value> pop(const Ref<T>& key) {
    if (!contains(key)) return std::nullopt;
    return std::move(entries_->extract(key.object_).mapped().value);
  }
  /// Takes out any one entry.
  std::optional<std::pair<Ref<T>, Value>> popitem() {
    for (auto& item : items()) {
      [[maybe_unused]] const auto gone = entries_->extract(item.first.object_);
      return std::move(item);
    }
    return std::nullopt;
  }
  void update(const WeakKeyDictionary& other) { update(other.items()); }
  /// From any range of pairs.
  template <class Pairs>
  void update(const Pairs& pairs) {
    for (const auto& [key, value] : pairs) set(key, value);
  }
  template <class Other>
  WeakKeyDictionary& operator|=(const Other& other) {
    update(other);
    return *this;
  }
  template <class Other>
  friend WeakKeyDictionary operator|(WeakKeyDictionary left, const Other& right) {
    left.update(right);
    return left;
  }
  void clear() noexcept { entries_->clear(); }

  std::size_t size() const noexcept { return entries_->size(); }
  bool empty() const noexcept { return entries_->empty(); }

  std::vector<std::pair<Ref<T>, Value>> items() const {
    std::vector<std::pair<Ref<T>, Value>> listed;
    for (const auto& [address, entry] : *entries_) {
      if (Ref<T> key = entry.key.lock()) listed.emplace_back(std::move(key), entry.value);
    }
    return listed;
  }
  std::vector<Ref<T>> keys() const {
    std::vector<Ref<T>> listed;
    for (const auto& [address, entry] : *entries_) {
      if (Ref<T> key = entry.key.lock()) listed.push_back(std::move(key));
    }
    return listed;
  }
  std::vector<WeakRef<T>> keyrefs() const {
    std::vector<WeakRef<T>> listed;
    for (const Ref<T>& key : keys()) listed.emplace_back(key);
    return listed;
  }

 private:
  struct Entry {
    WeakRef<T> key;
    Value value;
  };
  using Entries = std::unordered_map<const void*, Entry>;

  /// An entry may outlive its key: when dictionary and key were garbage together, so that no
  /// callback ran, and a finalizer brought the dictionary back. The address may be another object's
  /// by now.
  typename Entries::iterator find(const Ref<T>& key) const noexcept {
    const auto entry = entries_->find(key.object_);
    return entry != entries_->end() && entry->second.key.expired() ? entries_->end() : entry;
  }

  std::unique_ptr<Entries> entries_;

  OURO_TRACE(entries_)
};

template <class T>
class WeakSet {
 public:
  WeakSet() = default;
  WeakSet(std::initializer_list<Ref<T>> objects) { update(objects); }
  /// From any range of references.
  template <class Objects>
    requires requires(const Objects& objects) { objects.begin(); }
  explicit WeakSet(const Objects& objects) {
    update(objects);
  }

  /// Precondition: object is not null.
  void add(const Ref<T>& object) { members_.set(object, Nothing{}); }
  /// Python's discard: nothing happens if it is not in the set.
  bool discard(const Ref<T>& object) { return members_.erase(object); }
  /// Python's remove; throws std::out_of_range if it is not in the set.
  void remove(const Ref<T>& object) {
    if (!members_.erase(object)) raise_key_error("WeakSet");
  }
  bool contains(const Ref<T>& object) const noexcept { return members_.contains(object); }

  /// Takes out any one; null if there is none.
  Ref<T> pop() {
    for (Ref<T>& object : items()) {
      members_.erase(object);
      return std::move(object);
    }
    return nullptr;
  }
  void update(const WeakSet& other) { members_.update(other.members_); }
  template <class Objects>
  void update(const Objects& objects) {
    for (const Ref<T>& object : objects) add(object);
  }
  void clear() noexcept { members_.clear(); }

  bool issubset(const WeakSet& other) const {
    return std::ranges::all_of(items(), [&](const auto& object) { return other.contains(object); });
  }
  bool issuperset(const WeakSet& other) const { return other.issubset(*this); }
  bool isdisjoint(const WeakSet& other) const {
    return std::ranges::none_of(items(),
                                [&](const auto& object) { return other.contains(object); });
  }
  friend bool operator==(const WeakSet& a, const WeakSet& b) {
    return a.issubset(b) && b.issubset(a);
  }
  /// A smaller set is a part of the greater one.
  friend std::partial_ordering operator<=>(const WeakSet& a, const WeakSet& b) {
    const bool is_part = a.issubset(b);
    if (is_part && b.issubset(a)) return std::partial_ordering::equivalent;
    if (is_part) return std::partial_ordering::less;
    return b.issubset(a) ? std::partial_ordering::greater : std::partial_ordering::unordered;
  }

  /// Union, intersection, difference, and what is in just one of the two.
  WeakSet& operator|=(const WeakSet& other) {
    update(other);
    return *this;
  }
  WeakSet& operator&=(const WeakSet& other) {
    for (const Ref<T>& object : items()) {
      if (!other.contains(object)) discard(object);
    }
    return *this;
  }
  WeakSet& operator-=(const WeakSet& other) {
    for (const Ref<T>& object : other.items()) discard(object);
    return *this;
  }
  WeakSet& operator^=(const WeakSet& other) {
    for (const Ref<T>& object : other.items()) {
      if (!discard(object)) add(object);
    }
    return *this;
  }
  friend WeakSet operator|(WeakSet a, const WeakSet& b) { return std::move(a |= b); }
  friend WeakSet operator&(WeakSet a, const WeakSet& b) { return std::move(a &= b); }
  friend WeakSet operator-(WeakSet a, const WeakSet& b) { return std::move(a -= b); }
  friend WeakSet operator^(WeakSet a, const WeakSet& b) { return std::move(a ^= b); }

  std::size_t size() const noexcept { return members_.size(); }
  bool empty() const noexcept { return members_.empty(); }
  std::vector<Ref<T>> items() const { return members_.keys(); }

 private:
  struct Nothing {};
  WeakKeyDictionary<T, Nothing> members_;

  OURO_TRACE(members_)
};

}  // namespace ouro::weakref
