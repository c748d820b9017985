// show_refs, show_backrefs and show_chain: a graph becomes DOT text, the text a file or a picture.
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <ostream>
#include <system_error>

#include <ouro/objgraph.hpp>

#include "base/atomic_file.hpp"
#include "runtime/objgraph/dot.hpp"
#include "runtime/objgraph/graphviz.hpp"
#include "runtime/objgraph/object_graph.hpp"

namespace ouro::objgraph {

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

std::string in_nodes(const ObjectGraph& graph) {
  const std::size_t count = graph.nodes.size();
  return " (" + std::to_string(count) + (count == 1 ? " node)" : " nodes)");
}

Result<Picture> write_dot(const std::string& text, const std::string& path,
                          const ObjectGraph& graph) {
  AtomicFile file(path);
  auto error = file.open();
  if (!error) error = file.write(text);
  if (!error) error = file.commit();
  if (error) return *std::move(error);
  return Picture{graph.nodes.size(), {path}, "Graph written to " + path + in_nodes(graph)};
}

Result<Picture> write_file(const std::string& text, const std::string& path,
                           const ObjectGraph& graph) {
  const FileName name(path);
  if (name.is_dot()) return write_dot(text, path, graph);
  if (!name.is_format()) {
    return Error{ErrorCode::kUnsupported, path,
                 "the ending of the file name says the format: .dot, .svg, .png"};
  }
  const Result<Drawing> drawing = draw(text, name.ending, path);
  if (!drawing) return drawing.error();
  if (*drawing == Drawing::kDone) {
    return Picture{graph.nodes.size(), {path}, "Image generated as " + path + in_nodes(graph)};
  }
  Result<Picture> beside = write_dot(text, name.stem + ".dot", graph);
  if (beside) {
    beside->message +=
        "; " + path + " was not drawn, since Graphviz is not installed (no program dot in PATH)";
  }
  return beside;
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
