#include "extension/backrefs.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <tuple>

#include "extension/objects_of_python.hpp"
#include "python/walker/in_process/list_order.hpp"
#include "python/walker/in_process/own_frames.hpp"
#include "python/walker/in_process/referents.hpp"
#include "python/walker/in_process/root_surroundings.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace ouro::extension {

namespace walker = python::walker;
using walker::Object;
using walker::Referrer;
using walker::ReferrerSearch;

struct Backrefs::Level {
  std::vector<Object*> targets;  ///< each once
  std::vector<Object*> own;
  std::vector<std::uint64_t> ignored;
};

namespace {

bool are_of_one_walk(std::span<const Referrer> all) {
  return all.size() < 2 || std::all_of(
                               all.begin(), all.end(),
                               [&](const Referrer& one) {
                                 return one.walk == all[0].walk && one.walk != Referrer::kNoWalk;
                               });
}

/// By target, in the order of gc.get_objects(): where a target's were found in several ways, by a
/// pass that looks for them. Nothing where it does not find one.
std::optional<std::vector<Referrer>> in_order(std::span<const Referrer> found) {
  std::vector<Referrer> sorted(found.begin(), found.end());
  std::sort(sorted.begin(), sorted.end(), [](const Referrer& a, const Referrer& b) {
    return std::tie(a.target, a.walk, a.place) < std::tie(b.target, b.walk, b.place);
  });
  std::vector<std::span<Referrer>> unordered;  // each those of a target
  for (std::size_t begin = 0, end = 0; begin < sorted.size(); begin = end) {
    while (end < sorted.size() && sorted[end].target == sorted[begin].target) ++end;
    const std::span<Referrer> of_target = std::span(sorted).subspan(begin, end - begin);
    if (!are_of_one_walk(of_target)) unordered.push_back(of_target);
  }
  if (unordered.empty()) return sorted;
  walker::ListOrder order;
  for (const std::span<Referrer> of_target : unordered) {
    order.begin_group();
    for (const Referrer& one : of_target) {
      if (!order.add(one.object)) raise_no_memory();
    }
  }
  if (!order.find()) return std::nullopt;
  for (const std::span<Referrer> of_target : unordered) {
    for (Referrer& one : of_target) one.place = order.place_of(one.object);
    std::ranges::sort(of_target, {}, &Referrer::place);
  }
  return sorted;
}

/// Lists by target, of objects that are counted before the first list is made.
nb::list lists_of(std::span<const Referrer> found, std::size_t target_count) {
  std::vector<std::vector<Object*>> by_target(target_count);
  for (const Referrer& one : found) by_target[one.target].push_back(one.object);
  std::vector<std::unique_ptr<Kept>> kept;
  for (const auto& objects : by_target) kept.push_back(std::make_unique<Kept>(objects));
  nb::list lists;
  for (const auto& objects : kept) lists.append(objects->to_list());
  return lists;
}

}  // namespace

bool Backrefs::fill(ReferrerSearch& search, const Level& level) const {
  bool has_memory = true;
  for (Object* target : level.targets) {
    const bool is_own = numbers_.contains(walker::address_of(target));
    has_memory = has_memory && search.add_target(target, is_own ? 1 : 0);
  }
  for (const std::uint64_t address : level.ignored) {
    has_memory = has_memory && search.ignore(address);
  }
  for (Object* container : level.own) has_memory = has_memory && search.explain_by(container);
  return has_memory;
}

std::optional<std::vector<Referrer>> Backrefs::look_near(const Level& level) const {
  const auto is_affordable = [&](std::uint64_t neighbours) {
    return ReferrerSearch::is_affordable(neighbours, level.targets.size());
  };
  const auto [few, some, many] = ReferrerSearch::kNeighbours;
  if (!is_affordable(few)) return std::nullopt;
  ReferrerSearch search;
  if (!fill(search, level)) raise_no_memory();
  search.explain_by_frames();
  walker::RootSurroundings around(ReferrerSearch::heap_size());
  // Each gives back whether there is memory.
  const auto near = [&](std::uint64_t neighbours) {
    return !is_affordable(neighbours) || search.search_near(neighbours);
  };
  const auto around_roots = [&] {
    return around.grow() ? search.search_among(around.newest()) : around.has_memory();
  };
  const auto following = [&] {
    constexpr std::uint64_t kMostFollowing = 4096;
    return search.search_following(kMostFollowing / level.targets.size());
  };
  // The cheapest first.
  const auto until_explained = [&](auto... looks) {
    if (!((search.is_explained() || looks()) && ...)) raise_no_memory();
  };
  until_explained([&] { return near(few); }, [&] { return near(some); }, around_roots,
                  [&] { return near(many); }, following, around_roots, around_roots, around_roots);
  if (!search.is_explained()) return std::nullopt;
  return in_order(search.found());
}

std::vector<Referrer> Backrefs::look_at_all(const Level& level) const {
  ReferrerSearch search;
  if (!fill(search, level) || !search.search_all()) raise_no_memory();
  return {search.found().begin(), search.found().end()};
}

void Backrefs::note(Object* object) {
  const std::uint32_t known = numbers_.count();
  const std::uint32_t number = numbers_.number_of(walker::address_of(object));
  if (number == walker::AddressTable::kNone) raise_no_memory();
  if (number == known) found_.push_back(nb::borrow(nb::handle(python_object(object))));
}

nb::list Backrefs::referrers(nb::list targets, nb::list own, nb::handle ignored) {
  // One target may be asked for twice; the search knows it once.
  walker::AddressTable numbers;
  std::vector<std::uint32_t> number_by_place;
  Level level{.targets = {}, .own = {}, .ignored = addresses_of(ignored)};
  for (const nb::handle target : targets) {
    Object* object = walker_object(target.ptr());
    const std::uint32_t known = numbers.count();
    const std::uint32_t number = numbers.number_of(walker::address_of(object));
    if (number == walker::AddressTable::kNone) raise_no_memory();
    if (number == known) level.targets.push_back(object);
    number_by_place.push_back(number);
  }
  for (const nb::handle container : own) level.own.push_back(walker_object(container.ptr()));
  level.own.push_back(walker_object(targets.ptr()));
  level.own.push_back(walker_object(own.ptr()));

  std::optional<std::vector<Referrer>> near = look_near(level);
  const std::vector<Referrer> found = near ? std::move(*near) : look_at_all(level);
  for (const Referrer& one : found) note(one.object);
  const nb::list lists = lists_of(found, level.targets.size());
  if (level.targets.size() == number_by_place.size()) return lists;
  nb::list result;
  for (const std::uint32_t number : number_by_place) result.append(lists[number]);
  return result;
}

bool Backrefs::are_alive() {
  walker::RootSurroundings around(ReferrerSearch::heap_size());
  walker::AddressTable in_frames;
  bool has_memory = true;
  walker::for_each_own_frame([&](const walker::FrameView& frame) {
    walker::for_each_held_by(frame, [&](const Object* object) {
      const std::uint32_t number = in_frames.number_of(walker::address_of(object));
      has_memory = has_memory && number != walker::AddressTable::kNone;
    });
  });
  std::vector<bool> is_alive;       // by number in found_
  std::vector<std::uint32_t> told;  // alive, and what they refer to is not told yet
  const auto revive = [&](std::uint32_t number) {
    if (is_alive[number]) return;
    is_alive[number] = true;
    told.push_back(number);
  };
  for (int step = 0; has_memory;) {
    constexpr int kMostSteps = 8;
    const auto known = static_cast<std::uint32_t>(is_alive.size());
    is_alive.resize(found_.size());
    for (std::uint32_t number = 0; number < is_alive.size(); ++number) {
      // What was found now may hold what was found before.
      if (is_alive[number] && is_alive.size() > known) told.push_back(number);
      const Object* object = walker_object(found_[number].ptr());
      if (around.contain(object) || in_frames.contains(walker::address_of(object))) revive(number);
    }
    while (!told.empty()) {
      Object* object = walker_object(found_[told.back()].ptr());
      told.pop_back();
      if (!walker::is_tracked(object)) continue;
      walker::for_each_referent(object, [&](const Object* target) {
        const std::uint32_t number = numbers_.find(walker::address_of(target));
        if (number != walker::AddressTable::kNone && number < is_alive.size()) revive(number);
      });
    }
    Level rest;
    for (std::uint32_t number = 0; number < is_alive.size(); ++number) {
      if (!is_alive[number]) rest.targets.push_back(walker_object(found_[number].ptr()));
    }
    if (rest.targets.empty()) return true;
    if (around.grow()) continue;
    has_memory = around.has_memory();
    // What holds the rest: that may be alive.
    const std::uint64_t neighbours = ReferrerSearch::kNeighbours[step % 2];
    if (step == kMostSteps || !ReferrerSearch::is_affordable(neighbours, rest.targets.size())) {
      return false;
    }
    ReferrerSearch search;
    if (!fill(search, rest) || !search.search_near(neighbours)) raise_no_memory();
    const std::size_t before = found_.size();
    for (const Referrer& one : search.found()) note(one.object);
    if (found_.size() == before && step % 2 == 1) return false;
    ++step;
  }
  raise_no_memory();
}

void add_backrefs(nb::module_& module) {
  nb::class_<Backrefs>(module, "Backrefs")
      .def(nb::init<>())
      .def("referrers", &Backrefs::referrers, "targets"_a, "own"_a, "ignored"_a)
      .def("are_alive", &Backrefs::are_alive);
}

}  // namespace ouro::extension
