#include "base/picture_file.hpp"

#include <cctype>

#include "base/atomic_file.hpp"
#include "base/graphviz.hpp"

namespace ouro {

namespace {

/// A file name before and after the dot of its ending, the latter in small letters; empty without
/// one.
struct FileName {
  std::string stem;
  std::string ending;

  explicit FileName(const std::string& path) : stem(path) {
    const std::size_t dot = path.rfind('.');
    if (dot == std::string::npos || path.find('/', dot) != std::string::npos) return;
    stem = path.substr(0, dot);
    for (const char c : path.substr(dot + 1)) {
      ending += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  bool is_dot() const noexcept { return ending == "dot" || ending == "gv"; }
  /// Neither empty nor anything `dot` could take for another option.
  bool is_format() const noexcept {
    return !ending.empty() &&
           ending.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_:") == std::string::npos;
  }
};

Result<PictureFile> write_text(std::string_view text, const std::string& path, Written written) {
  AtomicFile file(path);
  auto error = file.open();
  if (!error) error = file.write(text);
  if (!error) error = file.commit();
  if (error) return *std::move(error);
  return PictureFile{path, written};
}

}  // namespace

Result<PictureFile> write_picture(std::string_view dot_text, const std::string& path) {
  const FileName name(path);
  if (name.is_dot()) return write_text(dot_text, path, Written::kText);
  if (!name.is_format()) {
    return Error{ErrorCode::kUnsupported, path,
                 "the ending of the file name says the format: .dot, .svg, .png"};
  }
  const Result<Drawing> drawing = draw_dot(dot_text, name.ending, path);
  if (!drawing) return drawing.error();
  if (*drawing == Drawing::kDone) return PictureFile{path, Written::kPicture};
  return write_text(dot_text, name.stem + ".dot", Written::kTextInsteadOf);
}

}  // namespace ouro
