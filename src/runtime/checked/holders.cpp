#include "runtime/checked/holders.hpp"

#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include <ouro/detail/page.hpp>

#include "runtime/checked/reports.hpp"
#include "runtime/checked/word.hpp"

namespace ouro::detail::checked {

namespace {

/// The kernel reads, so that a Ref whose memory went without its destructor is no crash in a
/// report.
std::optional<std::uintptr_t> read_word(std::uintptr_t address) noexcept {
  std::uintptr_t word = 0;
  const iovec to{&word, sizeof word};
  const iovec from{reinterpret_cast<void*>(address), sizeof word};
  if (process_vm_readv(getpid(), &to, 1, &from, 1, 0) != sizeof word) return std::nullopt;
  return word;
}

}  // namespace

std::vector<Holder> find_holders(const std::function<bool(const void*)>& is_wanted) {
  std::vector<Holder> holders;
  registry().for_each([&](const RegisteredReference& reference) {
    const auto word = read_word(reference.place);
    if (!word.has_value()) return;
    const void* const object = reinterpret_cast<const void*>(*word);
    if (region.contains(object) && is_wanted(object)) holders.push_back({reference, object});
  });
  std::ranges::sort(holders, {}, [](const Holder& holder) { return holder.reference.place; });
  return holders;
}

std::vector<Holder> find_holders(const void* object) {
  return find_holders([object](const void* target) { return target == object; });
}

std::string list_holders(const std::vector<Holder>& holders) {
  constexpr std::size_t kNamed = 5;
  if (holders.empty()) return {};
  std::string text = " (";
  for (std::size_t at = 0; at < holders.size() && at < kNamed; ++at) {
    if (at > 0) text += ", ";
    const RegisteredReference& reference = holders[at].reference;
    text += "a Ref<" + std::string(reference.target()) + "> at " +
            hexadecimal(reinterpret_cast<const void*>(reference.place));
  }
  if (holders.size() > kNamed) text += ", and " + std::to_string(holders.size() - kNamed) + " more";
  return text + ")";
}

}  // namespace ouro::detail::checked
