// A user's program: a cycle is collected by the installed library. Its argument is 1 if that is the
// checked build.
#include <ouro/base/memory_info.hpp>
#include <ouro/ouro.hpp>
#include <ouro/snapshot.hpp>
#include <ouro/version.hpp>

#include <cstdio>
#include <cstdlib>

struct Node {
  ouro::Ref<Node> next;
};

#if OURO_CHECKED
constexpr bool kIsChecked = true;
#else
constexpr bool kIsChecked = false;
#endif

int main(int argument_count, char** arguments) {
  if (argument_count != 2) return 2;
  const bool should_be_checked = std::atoi(arguments[1]) == 1;

  auto first = ouro::make<Node>();
  first->next = ouro::make<Node>();
  first->next->next = first;
  first = nullptr;
  const std::size_t collected = ouro::gc::collect();
  std::printf("ouro %s%s: collected %zu, %llu bytes resident\n", ouro::version(),
              kIsChecked ? ", checked" : "", collected,
              static_cast<unsigned long long>(ouro::memory_info().rss));
  if (const auto error = ouro::snapshot("heap.ouro")) {
    std::printf("%s\n", error->to_string().c_str());
    return 1;
  }
  return collected == 2 && kIsChecked == should_be_checked ? 0 : 1;
}
