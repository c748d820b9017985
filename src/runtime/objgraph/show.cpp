// show_refs, show_backrefs and show_chain: a graph becomes DOT text, the text a file or a picture.
#include <cerrno>
#include <cstdlib>
#include <ostream>
#include <system_error>

#include <ouro/objgraph.hpp>

#include "base/picture_file.hpp"
#include "runtime/objgraph/dot.hpp"
#include "runtime/objgraph/object_graph.hpp"

namespace ouro::objgraph {

namespace {

std::string in_nodes(const ObjectGraph& graph) {
  const std::size_t count = graph.nodes.size();
  return " (" + std::to_string(count) + (count == 1 ? " node)" : " nodes)");
}

Result<Picture> write_file(const std::string& text, const std::string& path,
                           const ObjectGraph& graph) {
  const Result<PictureFile> file = write_picture(text, path);
  if (!file) return file.error();
  const bool is_picture = file->written == Written::kPicture;
  std::string message =
      (is_picture ? "Image generated as " : "Graph written to ") + file->path + in_nodes(graph);
  if (file->written == Written::kTextInsteadOf) {
    message +=
        "; " + path + " was not drawn, since Graphviz is not installed (no program dot in PATH)";
  }
  return Picture{graph.nodes.size(), {file->path}, std::move(message)};
}

/// A new folder of our own among the temporary files, where no other user can put links in the way.
Result<std::string> temporary_path() {
  const char* const folder = std::getenv("TMPDIR");
  std::string path =
      std::string(folder != nullptr && *folder != '\0' ? folder : "/tmp") + "/objgraph-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) {
    return Error{ErrorCode::kInputOutput, path,
                 "cannot be made: " + std::generic_category().message(errno)};
  }
  return path + "/objgraph.png";
}

Result<Picture> present(const ObjectGraph& graph, const ShowOptions& options) {
  const std::string text = dot_text(graph, options);
  if (options.output != nullptr) *options.output << text;
  if (!options.filename.empty()) return write_file(text, options.filename, graph);
  if (options.output != nullptr) {
    return Picture{graph.nodes.size(), {}, "Graph written" + in_nodes(graph)};
  }
  const Result<std::string> path = temporary_path();
  if (!path) return path.error();
  return write_file(text, *path, graph);
}

}  // namespace

Result<Picture> show_refs(const Objects& objects, const ShowOptions& options) {
  Look look;
  return present(graph_of_referents(look, objects, options), options);
}

Result<Picture> show_backrefs(const Objects& objects, const ShowOptions& options) {
  Look look;
  return present(graph_of_referrers(look, objects, options), options);
}

Result<Picture> show_chain(const Chains& chains, const ShowOptions& options) {
  Look look;
  return present(graph_of_chains(look, chains, options), options);
}

}  // namespace ouro::objgraph
