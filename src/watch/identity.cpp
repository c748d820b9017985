#include "watch/identity.hpp"

#include <cstdlib>
#include <sstream>
#include <vector>

namespace ouro::watch {

namespace {

/// Fields of /proc/PID/stat by their numbers in proc(5), from the third on.
class StatFields {
 public:
  explicit StatFields(const python::attach::TargetProcess& process) {
    const std::string stat = process.text("stat").value_or("");
    // The name, in parentheses, may have blanks and parentheses in it.
    const std::size_t name_end = stat.rfind(')');
    if (name_end == std::string::npos) return;
    std::istringstream words(stat.substr(name_end + 1));
    for (std::string word; words >> word;) fields_.push_back(word);
  }
  /// Empty: there is none.
  std::string field(std::size_t number) const {
    return number - 3 < fields_.size() ? fields_[number - 3] : std::string();
  }

 private:
  std::vector<std::string> fields_;
};

}  // namespace

Identity identity_of(const python::attach::TargetProcess& process) {
  constexpr std::size_t kState = 3;
  constexpr std::size_t kBegan = 22;
  const StatFields stat(process);
  const std::string state = stat.field(kState);
  if (state == "Z" || state == "X") return {};
  return {.began = stat.field(kBegan), .placed = process.text("auxv").value_or("")};
}

std::uint64_t page_faults_of(const python::attach::TargetProcess& process) {
  constexpr std::size_t kMinorFaults = 10;
  return std::strtoull(StatFields(process).field(kMinorFaults).c_str(), nullptr, 10);
}

}  // namespace ouro::watch
