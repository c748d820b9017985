// A DOT text becomes a file: as it is, or drawn by Graphviz.
#pragma once

#include <string>
#include <string_view>

#include <ouro/base/result.hpp>

namespace ouro {

enum class Written {
  kPicture,
  kText,           ///< the name asks for the DOT text
  kTextInsteadOf,  ///< the DOT text stands beside, as there is no Graphviz to draw the picture
};

struct PictureFile {
  std::string path;
  Written written = Written::kPicture;
};

/// The ending of the name says the format: .dot or .gv for the text, any other of Graphviz's (.svg,
/// .png, ...) for a picture; kUnsupported without one. An older file is replaced.
Result<PictureFile> write_picture(std::string_view dot_text, const std::string& path);

}  // namespace ouro
