#include "analysis/root_words.hpp"

namespace ouro::analysis {

std::optional<LocalVariable> local_variable_of(std::string_view root) {
  constexpr std::string_view kFrame = ", frame ";
  constexpr std::string_view kLocal = ", local ";
  const std::size_t frame = root.find(kFrame);
  const std::size_t local = root.rfind(kLocal);
  if (frame == std::string_view::npos || local == std::string_view::npos || local < frame) {
    return std::nullopt;
  }
  const std::size_t begin = frame + kFrame.size();
  return LocalVariable{root.substr(begin, local - begin), root.substr(local + kLocal.size())};
}

std::optional<std::string_view> module_of(std::string_view root) {
  constexpr std::string_view kModule = "module ";
  if (!root.starts_with(kModule)) return std::nullopt;
  return root.substr(kModule.size());
}

std::string short_root_name(std::string_view root) {
  if (const auto module = module_of(root)) return std::string(*module);
  const auto local = local_variable_of(root);
  if (!local) return std::string(root);
  return std::string(local->frame).append(": ").append(local->name);
}

}  // namespace ouro::analysis
