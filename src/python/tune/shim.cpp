#include "python/tune/shim.hpp"

#include <fcntl.h>
#include <stdlib.h>

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "base/atomic_file.hpp"
#include "base/system_error.hpp"
#include "python/attach/descriptor.hpp"

extern "C" {
// Made by CMakeLists.txt.
extern const char ouro_embedded_shim;
extern const char ouro_embedded_shim_end;
}

namespace ouro::python::tune {

namespace {

std::string_view text_of_shim() {
  return {&ouro_embedded_shim,
          static_cast<std::size_t>(&ouro_embedded_shim_end - &ouro_embedded_shim)};
}

}  // namespace

Result<Shim> Shim::create() {
  const char* parent = std::getenv("TMPDIR");
  std::string folder = parent != nullptr && *parent != '\0' ? parent : "/tmp";
  folder += "/ouro-tune-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return system_error(folder);
  Shim shim(folder);
  const std::string path = folder + "/sitecustomize.py";
  const attach::Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.is_open() || !write_whole(file.number(), text_of_shim())) return system_error(path);
  return shim;
}

Shim::~Shim() {
  if (folder_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);  // Python may have put its cache there
}

void Shim::set_up_child(const std::string& words, int descriptor) const {
  fcntl(descriptor, F_SETFD, 0);
  std::string value = "fd=" + std::to_string(descriptor);
  if (!words.empty()) value += ";" + words;
  setenv("OURO_TUNE", value.c_str(), 1);
  std::string path = folder_;
  if (const char* before = std::getenv("PYTHONPATH")) {
    setenv("OURO_TUNE_PYTHONPATH", before, 1);
    path += std::string(":") + before;
  }
  setenv("PYTHONPATH", path.c_str(), 1);
}

}  // namespace ouro::python::tune
