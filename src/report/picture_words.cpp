#include "report/picture_words.hpp"

#include "report/units.hpp"

namespace ouro::report {

std::string title_of(const PictureNode& node) {
  return node.is_merged() ? node.name + " × " + with_separators(node.count) : node.name;
}

std::string facts_of(const PictureNode& node) {
  std::string facts = node.size_bytes == 0 ? "" : format_bytes(node.size_bytes);
  const auto add = [&](const std::string& fact) { facts += (facts.empty() ? "" : ", ") + fact; };
  if (node.is_immortal) {
    add("immortal");
  } else if (node.reference_count) {
    add("count " + with_separators(*node.reference_count) + (node.is_merged() ? " each" : ""));
  }
  return facts;
}

std::string left_out_text(const PictureNode& node) {
  if (node.left_out == 0 && !node.is_partial) return "";
  if (node.left_out == 0) return "+ more, not looked at";
  return "+ " + with_separators(node.left_out) + (node.is_partial ? " or more" : " more");
}

std::string roots_text(const PictureRoots& roots) {
  return roots.left_out == 0 ? roots.text
                             : roots.text + " + " + with_separators(roots.left_out) + " more";
}

std::string hidden_edges_text(const ReferencePicture& picture) {
  if (picture.hidden_edges == 0) return "";
  return counted(picture.hidden_edges, "reference") +
         " of or to classes, modules and code not shown";
}

}  // namespace ouro::report
