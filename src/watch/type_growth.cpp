#include "watch/type_growth.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace ouro::watch {

namespace {

/// What all programs are made of: that it grew says less than who holds it.
constexpr std::array<std::string_view, 12> kParts = {"str",       "bytes", "int",       "float",
                                                     "tuple",     "list",  "dict",      "set",
                                                     "bytearray", "cell",  "frozenset", "method"};

bool is_part(std::string_view type) {
  return std::ranges::find(kParts, type) != kParts.end();
}

std::int64_t difference(std::uint64_t now, std::uint64_t before) {
  return static_cast<std::int64_t>(now) - static_cast<std::int64_t>(before);
}

bool contains(std::string_view text, std::string_view part) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  };
  return part.empty() || !std::ranges::search(text, part, same).empty();
}

}  // namespace

void TypeGrowth::add(double seconds, const std::vector<python::heap::NamedTotal>& types) {
  Totals now{.seconds = seconds, .by_type = std::vector<Amount>(names_.size())};
  for (const python::heap::NamedTotal& total : types) {
    const auto [found, is_new] = type_by_name_.try_emplace(total.type, names_.size());
    if (is_new) {
      names_.push_back(&found->first);
      now.by_type.emplace_back();
    }
    now.by_type[found->second] = {total.objects, total.bytes};
  }
  if (looks_.empty()) {
    last_ = now;
    looks_.push_back(std::move(now));
    return;
  }
  last_ = looks_.back();
  // The newest is always kept; it stays for good where its turn is.
  const bool replaces = looks_.size() > 1 && looks_since_kept_ < distance_;
  if (replaces) {
    looks_.back() = std::move(now);
    ++looks_since_kept_;
    return;
  }
  looks_.push_back(std::move(now));
  looks_since_kept_ = 1;
  if (looks_.size() <= kMostLooks) return;
  std::size_t kept = 1;
  for (std::size_t at = 2; at + 1 < looks_.size(); at += 2) looks_[kept++] = std::move(looks_[at]);
  looks_[kept++] = std::move(looks_.back());
  looks_.resize(kept);
  distance_ *= 2;
}

void TypeGrowth::restart() {
  if (looks_.size() > 1) looks_.erase(looks_.begin(), looks_.end() - 1);
  distance_ = 1;
  looks_since_kept_ = 0;
}

std::vector<TypeRow> TypeGrowth::rows(TypeOrder order, std::string_view filter) const {
  std::vector<TypeRow> rows;
  if (looks_.empty()) return rows;
  for (std::size_t type = 0; type < names_.size(); ++type) {
    if (!contains(*names_[type], filter)) continue;
    const Amount now = amount_of(looks_.back(), type);
    const Amount start = amount_of(looks_.front(), type);
    const Amount last = amount_of(last_, type);
    if (now.objects == 0 && start.objects == 0) continue;
    rows.push_back({.type = *names_[type],
                    .objects = now.objects,
                    .bytes = now.bytes,
                    .objects_since_start = difference(now.objects, start.objects),
                    .bytes_since_start = difference(now.bytes, start.bytes),
                    .objects_since_last = difference(now.objects, last.objects),
                    .bytes_since_last = difference(now.bytes, last.bytes)});
  }
  const auto key = [order](const TypeRow& row) {
    switch (order) {
      case TypeOrder::kObjects:
        return std::pair(static_cast<std::int64_t>(row.objects), row.bytes);
      case TypeOrder::kGrowth:
        return std::pair(row.bytes_since_start, row.bytes);
      case TypeOrder::kBytes:
        break;
    }
    return std::pair(static_cast<std::int64_t>(row.bytes), row.objects);
  };
  std::ranges::sort(rows, [&](const TypeRow& a, const TypeRow& b) {
    return key(a) != key(b) ? key(a) > key(b) : a.type < b.type;
  });
  return rows;
}

std::vector<TypeGrowth::Grown> TypeGrowth::grown_within(double seconds) const {
  std::vector<Grown> grown;
  if (looks_.size() < 2) return grown;
  const double begin = looks_.back().seconds - seconds;
  const auto from = std::ranges::find_if(
      looks_, [&](const Totals& totals) { return totals.seconds >= begin - 0.5; });
  const Totals& before = from + 1 == looks_.end() ? looks_.front() : *from;
  std::int64_t most = 0;
  for (std::size_t type = 0; type < names_.size(); ++type) {
    const Amount now = amount_of(looks_.back(), type);
    const Amount then = amount_of(before, type);
    if (now.objects <= then.objects || now.bytes <= then.bytes) continue;
    grown.push_back({.type = *names_[type],
                     .objects = difference(now.objects, then.objects),
                     .bytes = difference(now.bytes, then.bytes)});
    most = std::max(most, grown.back().bytes);
  }
  // A class of the program that takes a fiftieth of the bytes often holds the rest of them.
  const auto is_telling = [most](const Grown& one) {
    return !is_part(one.type) && one.bytes >= most / 50;
  };
  std::ranges::sort(grown, [&](const Grown& a, const Grown& b) {
    if (is_telling(a) != is_telling(b)) return is_telling(a);
    return a.bytes != b.bytes ? a.bytes > b.bytes : a.type < b.type;
  });
  return grown;
}

}  // namespace ouro::watch
