// objgraph: pictures. The DOT text is read back and compared with the objects; Graphviz, where it
// is installed, must understand all of it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <ouro/objgraph.hpp>
#include <ouro/ouro.hpp>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "support/random.hpp"

namespace objgraph_pictures {

struct Node {
  std::vector<ouro::Ref<Node>> targets;
  std::map<std::string, ouro::Ref<Node>> by_name;
  ouro::Ref<std::string> text;
};

}  // namespace objgraph_pictures

namespace objgraph_pictures_test {

namespace fs = std::filesystem;
namespace objgraph = ouro::objgraph;
using objgraph_pictures::Node;
using ouro::Ref;

using Edge = std::pair<const void*, const void*>;

/// What stands in a DOT text.
struct Drawn {
  std::string text;
  std::map<const void*, std::string> nodes;  ///< attributes by object
  std::multimap<Edge, std::string> edges;    ///< attributes by source and target
  std::map<const void*, std::string> more;   ///< "27 more references" by object

  explicit Drawn(std::string dot) : text(std::move(dot)) {
    static const std::regex node_line("^  o([0-9]+) \\[(.*)\\];$");
    static const std::regex edge_line("^  o([0-9]+) -> o([0-9]+) \\[(.*)\\];$");
    static const std::regex more_line("^  more_o([0-9]+) \\[label=\"([^\"]*)\".*\\];$");
    std::istringstream lines(text);
    std::smatch match;
    for (std::string line; std::getline(lines, line);) {
      if (std::regex_match(line, match, node_line)) nodes[object(match[1])] = match[2];
      if (std::regex_match(line, match, more_line)) more[object(match[1])] = match[2];
      if (std::regex_match(line, match, edge_line)) {
        edges.emplace(Edge(object(match[1]), object(match[2])), match[3]);
      }
    }
  }

  static const void* object(const std::string& number) {
    return reinterpret_cast<const void*>(std::stoull(number));
  }
  bool says(const void* object, const std::string& what) const {
    return nodes.at(object).find(what) != std::string::npos;
  }
  bool is_in_cycle(const void* from, const void* to) const {
    return edges.find(Edge(from, to))->second.find("#dc2626") != std::string::npos;
  }
};

bool graphviz_is_installed() {
  static const bool is_installed = std::system("dot -V >/dev/null 2>&1") == 0;
  return is_installed;
}

class ObjgraphPictures : public testing::Test {
 protected:
  ObjgraphPictures() {
    std::string name = (fs::temp_directory_path() / "ouro-test-XXXXXX").string();
    folder = mkdtemp(name.data());
  }
  ~ObjgraphPictures() override { fs::remove_all(folder); }

  Drawn refs(const objgraph::Objects& objects, objgraph::ShowOptions options = {}) {
    std::ostringstream out;
    options.output = &out;
    EXPECT_TRUE(objgraph::show_refs(objects, options).has_value());
    return Drawn(out.str());
  }
  Drawn backrefs(const objgraph::Objects& objects, objgraph::ShowOptions options = {}) {
    std::ostringstream out;
    options.output = &out;
    EXPECT_TRUE(objgraph::show_backrefs(objects, options).has_value());
    return Drawn(out.str());
  }
  std::string path(const std::string& name) const { return (folder / name).string(); }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) {
      names.push_back(entry.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
  }
  static std::string contents(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  ouro::Heap heap;
  ouro::HeapScope scope{heap};
  fs::path folder;
};

//   root --targets[0]--> child --by_name["up"]--> root      child --text--> "hello"
class ObjgraphPicturesOfTwo : public ObjgraphPictures {
 protected:
  ObjgraphPicturesOfTwo() {
    root->targets.push_back(ouro::make<Node>());
    child().by_name["up"] = root;
    child().text = ouro::make<std::string>("hello");
  }
  Node& child() { return *root->targets[0]; }
  const void* text() { return child().text.get(); }

  Ref<Node> root = ouro::make<Node>();
};

TEST_F(ObjgraphPicturesOfTwo, ANodeTellsTypeCountSizeAndValue) {
  const Drawn drawn = refs(root);
  ASSERT_EQ(drawn.nodes.size(), 3u);
  EXPECT_TRUE(drawn.says(root.get(), "<b>Node</b>"));
  EXPECT_TRUE(drawn.says(root.get(), "2 references, " + std::to_string(sizeof(Node)) + " bytes"));
  EXPECT_TRUE(drawn.says(text(), "&quot;hello&quot;"));
  EXPECT_TRUE(drawn.says(text(), "1 reference, "));
}

TEST_F(ObjgraphPicturesOfTwo, AnArrowTellsTheField) {
  const Drawn drawn = refs(root);
  ASSERT_EQ(drawn.edges.size(), 3u);
  const auto label = [&](const void* from, const void* to) {
    return drawn.edges.find(Edge(from, to))->second;
  };
  EXPECT_NE(label(root.get(), &child()).find("targets[0]"), std::string::npos);
  EXPECT_NE(label(&child(), root.get()).find("by_name[&quot;up&quot;]"), std::string::npos);
  EXPECT_NE(label(&child(), text()).find("text"), std::string::npos);
}

TEST_F(ObjgraphPicturesOfTwo, CyclesAreRedAndWhatLeavesThemIsNot) {
  const Drawn drawn = refs(root);
  EXPECT_TRUE(drawn.is_in_cycle(root.get(), &child()));
  EXPECT_TRUE(drawn.is_in_cycle(&child(), root.get()));
  EXPECT_FALSE(drawn.is_in_cycle(&child(), text()));
}

TEST_F(ObjgraphPicturesOfTwo, OnlyWhatAVariableHoldsIsHeldFromOutside) {
  const Drawn drawn = refs(root);
  EXPECT_TRUE(drawn.says(root.get(), "held from outside"));
  EXPECT_FALSE(drawn.says(&child(), "held from outside"));
  const Ref<Node> second = root;
  EXPECT_TRUE(refs(root).says(root.get(), "held from outside: 2"));
}

TEST_F(ObjgraphPicturesOfTwo, ResultsOfSearchesAreNotCounted) {
  const std::vector<Ref<void>> found = objgraph::by_type("Node");
  const Drawn drawn = backrefs(found);
  EXPECT_TRUE(drawn.says(root.get(), "2 references"));
  EXPECT_TRUE(drawn.says(&child(), "1 reference,"));
  EXPECT_FALSE(drawn.says(&child(), "held from outside"));
}

/// A container of an interpreter: its references are the heap's own, whoever is given the vector.
struct List {
  std::vector<Ref<void>> items;
};

TEST_F(ObjgraphPictures, AVectorThatIsPartOfAnObjectCounts) {
  const Ref<List> list = ouro::make<List>();
  list->items.push_back(ouro::make<Node>());
  const Drawn drawn = backrefs(list->items);
  EXPECT_EQ(drawn.nodes.size(), 2u);
  EXPECT_TRUE(drawn.says(list->items[0].get(), "1 reference,"));
  EXPECT_FALSE(drawn.says(list->items[0].get(), "held from outside"));
}

TEST_F(ObjgraphPicturesOfTwo, BackrefsShowTheWayToTheObject) {
  const Drawn near = backrefs(child().text, {.max_depth = 1});
  EXPECT_EQ(near.nodes.size(), 2u);
  EXPECT_TRUE(near.nodes.contains(&child()));
  const Drawn far = backrefs(child().text);
  EXPECT_EQ(far.nodes.size(), 3u);
  EXPECT_EQ(far.edges.size(), 3u);
}

TEST_F(ObjgraphPicturesOfTwo, SeveralStartsOfDifferentTypes) {
  const Drawn drawn = refs({root, child().text}, {.max_depth = 0});
  EXPECT_EQ(drawn.nodes.size(), 2u);
  EXPECT_TRUE(drawn.says(root.get(), "penwidth"));
  EXPECT_TRUE(drawn.says(text(), "penwidth"));
  EXPECT_EQ(refs(Ref<Node>()).nodes.size(), 0u);
}

TEST_F(ObjgraphPicturesOfTwo, OptionsChangeWhatNodesTell) {
  const Drawn drawn = refs(root, {
                                     .highlight = [&](auto& object) { return object == root; },
                                     .extra_info = [](auto&) { return std::string("a<b"); },
                                     .refcounts = false,
                                     .shortnames = false,
                                 });
  EXPECT_TRUE(drawn.says(root.get(), "<b>objgraph_pictures::Node</b>"));
  EXPECT_TRUE(drawn.says(root.get(), "a&lt;b"));
  EXPECT_FALSE(drawn.says(root.get(), "references"));
  EXPECT_TRUE(drawn.says(root.get(), "#fcd34d"));
  EXPECT_FALSE(drawn.says(&child(), "#fcd34d"));
}

TEST_F(ObjgraphPicturesOfTwo, FilterAndIgnoreLeaveObjectsOut) {
  const auto is_node = [](const Ref<void>& object) {
    return ouro::type_name(object) == "objgraph_pictures::Node";
  };
  EXPECT_EQ(refs(root, {.filter = is_node}).nodes.size(), 2u);
  EXPECT_EQ(refs(root, {.extra_ignore = {&child()}}).nodes.size(), 1u);
  EXPECT_EQ(backrefs(child().text, {.extra_ignore = {root.get()}}).nodes.size(), 2u);
}

TEST_F(ObjgraphPictures, ReferencesBeyondTooManyAreCounted) {
  const Ref<Node> hub = ouro::make<Node>();
  for (int i = 0; i < 37; ++i) hub->targets.push_back(ouro::make<Node>());
  const Drawn out = refs(hub);
  EXPECT_EQ(out.nodes.size(), 11u);
  EXPECT_EQ(out.more.at(hub.get()), "27 more references");
  for (const Ref<Node>& node : hub->targets) node->targets.push_back(hub);
  EXPECT_EQ(backrefs(hub, {.max_depth = 1, .too_many = 36}).more.at(hub.get()), "1 more reference");
  EXPECT_TRUE(refs(hub, {.too_many = objgraph::kNoLimit}).more.empty());
}

TEST_F(ObjgraphPicturesOfTwo, AChainIsShownWithNothingBeside) {
  root->targets.push_back(ouro::make<Node>());
  const auto is_root = [&](const Ref<void>& object) { return object == root; };
  std::ostringstream out;
  const auto chain = objgraph::find_backref_chain(child().text, is_root);
  ASSERT_TRUE(objgraph::show_chain(chain, {.output = &out}).has_value());
  const Drawn drawn(out.str());
  EXPECT_EQ(drawn.nodes.size(), 3u);
  EXPECT_EQ(drawn.edges.size(), 3u);
  EXPECT_TRUE(drawn.says(text(), "1 reference,"));  // the chain's own is not counted
  out.str("");
  ASSERT_TRUE(objgraph::show_chain({chain, chain}, {.output = &out}).has_value());
  EXPECT_EQ(out.str(), drawn.text);
}

TEST_F(ObjgraphPicturesOfTwo, ShowingChangesNoCount) {
  const Drawn drawn = refs(root);
  EXPECT_EQ(ouro::getrefcount(root), 2u);
  EXPECT_EQ(ouro::getrefcount(root->targets[0]), 1u);
}

TEST_F(ObjgraphPictures, GraphvizReadsWhateverStandsInKeysAndStrings) {
  if (!graphviz_is_installed()) GTEST_SKIP() << "Graphviz is not installed";
  ouro::test::Random random(7);
  const Ref<Node> node = ouro::make<Node>();
  for (int i = 0; i < 40; ++i) {
    std::string key;
    for (int c = 0; c < 12; ++c) key += static_cast<char>(random.below(256));
    node->by_name[key + "\\"] = ouro::make<Node>();
    node->by_name[key + "\\"]->text = ouro::make<std::string>(key);
  }
  const auto picture =
      objgraph::show_refs(node, {.too_many = objgraph::kNoLimit, .filename = path("any.svg")});
  ASSERT_TRUE(picture.has_value()) << picture.error().to_string();
  EXPECT_EQ(picture->node_count, 81u);
  EXPECT_NE(contents(path("any.svg")).find("</svg>"), std::string::npos);
}

TEST_F(ObjgraphPicturesOfTwo, ADotFileIsWritten) {
  const auto picture = objgraph::show_refs(root, {.filename = path("refs.dot")});
  ASSERT_TRUE(picture.has_value());
  EXPECT_EQ(picture->node_count, 3u);
  EXPECT_EQ(picture->paths, std::vector<std::string>{path("refs.dot")});
  EXPECT_EQ(picture->message, "Graph written to " + path("refs.dot") + " (3 nodes)");
  EXPECT_EQ(contents(path("refs.dot")), refs(root).text);
  EXPECT_EQ(files(), std::vector<std::string>{"refs.dot"});
}

TEST_F(ObjgraphPicturesOfTwo, GraphvizDrawsOtherFormats) {
  if (!graphviz_is_installed()) GTEST_SKIP() << "Graphviz is not installed";
  const auto svg = objgraph::show_refs(root, {.filename = path("refs.svg")});
  ASSERT_TRUE(svg.has_value()) << svg.error().to_string();
  EXPECT_EQ(svg->message, "Image generated as " + path("refs.svg") + " (3 nodes)");
  const auto png = objgraph::show_backrefs(root, {.filename = path("refs.PNG")});
  ASSERT_TRUE(png.has_value()) << png.error().to_string();
  EXPECT_TRUE(contents(path("refs.PNG")).starts_with("\x89PNG"));
  EXPECT_EQ(files(), (std::vector<std::string>{"refs.PNG", "refs.svg"}));
}

TEST_F(ObjgraphPicturesOfTwo, AFormatThatGraphvizDoesNotKnowIsAnErrorAndLeavesTheOldFile) {
  if (!graphviz_is_installed()) GTEST_SKIP() << "Graphviz is not installed";
  std::ofstream(path("refs.nonsense")) << "old";
  const auto picture = objgraph::show_refs(root, {.filename = path("refs.nonsense")});
  ASSERT_FALSE(picture.has_value());
  EXPECT_EQ(picture.error().code, ouro::ErrorCode::kUnsupported);
  EXPECT_EQ(picture.error().place, path("refs.nonsense"));
  EXPECT_EQ(contents(path("refs.nonsense")), "old");
  EXPECT_EQ(files(), std::vector<std::string>{"refs.nonsense"});
}

TEST_F(ObjgraphPicturesOfTwo, ANameWithoutAnEndingIsAnError) {
  for (const char* name : {"refs", "refs.", "refs.a b", "folder.svg/refs"}) {
    const auto picture = objgraph::show_refs(root, {.filename = path(name)});
    ASSERT_FALSE(picture.has_value()) << name;
    EXPECT_EQ(picture.error().code, ouro::ErrorCode::kUnsupported) << name;
  }
  EXPECT_TRUE(files().empty());
}

TEST_F(ObjgraphPicturesOfTwo, AFolderThatIsNotThereIsAnError) {
  for (const char* name : {"none/refs.dot", "none/refs.svg"}) {
    const auto picture = objgraph::show_refs(root, {.filename = path(name)});
    ASSERT_FALSE(picture.has_value());
    EXPECT_EQ(picture.error().code, ouro::ErrorCode::kInputOutput);
    EXPECT_EQ(picture.error().to_string(),
              path(name) + ": cannot be written: No such file or directory");
  }
}

/// An environment variable for the time of a test.
class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    setenv(name, value.c_str(), 1);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() { old_ ? setenv(name_, old_->c_str(), 1) : unsetenv(name_); }

 private:
  const char* name_;
  std::optional<std::string> old_;
};

TEST_F(ObjgraphPicturesOfTwo, WithoutGraphvizTheDotTextIsWrittenBeside) {
  const Environment no_programs("PATH", folder.string());
  const auto picture = objgraph::show_refs(root, {.filename = path("refs.svg")});
  ASSERT_TRUE(picture.has_value());
  EXPECT_EQ(picture->paths, std::vector<std::string>{path("refs.dot")});
  EXPECT_EQ(picture->message, "Graph written to " + path("refs.dot") + " (3 nodes); " +
                                  path("refs.svg") +
                                  " was not drawn, since Graphviz is not installed (no program "
                                  "dot in PATH)");
  EXPECT_EQ(files(), std::vector<std::string>{"refs.dot"});
}

TEST_F(ObjgraphPicturesOfTwo, WhatGraphvizComplainsOfIsTheError) {
  std::ofstream(path("dot")) << "#!/bin/sh\necho 'it is broken' >&2\nexit 3\n";
  fs::permissions(path("dot"), fs::perms::owner_all);
  const Environment broken("PATH", folder.string());
  const auto picture = objgraph::show_refs(root, {.filename = path("refs.svg")});
  ASSERT_FALSE(picture.has_value());
  EXPECT_EQ(picture.error().to_string(),
            path("refs.svg") + ": Graphviz could not draw it: it is broken");
  EXPECT_EQ(files(), std::vector<std::string>{"dot"});
}

TEST_F(ObjgraphPicturesOfTwo, WithoutAFileNameAPictureGoesToTheTemporaryFiles) {
  const Environment temporary("TMPDIR", folder.string());
  const auto picture = objgraph::show_refs(root);
  ASSERT_TRUE(picture.has_value());
  ASSERT_EQ(picture->paths.size(), 1u);
  EXPECT_TRUE(picture->paths[0].starts_with(path("objgraph-")));
  EXPECT_TRUE(fs::exists(picture->paths[0]));
}

// ---- against a plain description of the graph ---------------------------------------------------

struct RandomGraph {
  std::vector<Ref<Node>> nodes;
  std::vector<std::pair<std::size_t, std::size_t>> edges;

  explicit RandomGraph(ouro::test::Random& random) {
    const std::size_t count = 1 + random.below(15);
    for (std::size_t i = 0; i < count; ++i) nodes.push_back(ouro::make<Node>());
    for (std::size_t i = random.below(2 * count); i > 0; --i) {
      edges.emplace_back(random.below(count), random.below(count));
      nodes[edges.back().first]->targets.push_back(nodes[edges.back().second]);
    }
  }

  /// The depth of each node, by relaxing every edge again and again.
  std::vector<std::size_t> depths_from(std::size_t start, bool is_backwards) const {
    std::vector<std::size_t> depths(nodes.size(), 1000);
    depths[start] = 0;
    for (std::size_t round = 0; round < nodes.size(); ++round) {
      for (auto [from, to] : edges) {
        if (is_backwards) std::swap(from, to);
        depths[to] = std::min(depths[to], depths[from] + 1);
      }
    }
    return depths;
  }
  std::string to_string() const {
    std::string text;
    for (const auto& [from, to] : edges) {
      text += std::to_string(from) + " -> " + std::to_string(to) + "\n";
    }
    return text;
  }
};

/// Whether `drawn` has a way from one object to another.
bool leads_to(const Drawn& drawn, const void* from, const void* to) {
  std::set<const void*> reached{from};
  for (std::size_t before = 0; before != reached.size();) {
    before = reached.size();
    for (const auto& [edge, attributes] : drawn.edges) {
      if (reached.contains(edge.first)) reached.insert(edge.second);
    }
  }
  return reached.contains(to);
}

TEST_F(ObjgraphPictures, PicturesOfRandomGraphsShowWhatIsNearAndItsCycles) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    ouro::test::Random random(seed);
    const RandomGraph graph(random);
    SCOPED_TRACE(testing::Message() << "seed " << seed << "\n" << graph.to_string());
    const bool is_backwards = random.once_in(2);
    const std::size_t start = random.below(graph.nodes.size());
    const objgraph::ShowOptions options{.max_depth = random.below(5),
                                        .too_many = objgraph::kNoLimit};
    const Drawn drawn =
        is_backwards ? backrefs(graph.nodes[start], options) : refs(graph.nodes[start], options);

    const std::vector<std::size_t> depths = graph.depths_from(start, is_backwards);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      EXPECT_EQ(drawn.nodes.contains(graph.nodes[i].get()), depths[i] <= options.max_depth);
    }
    std::multiset<Edge> expected;
    for (const auto& [from, to] : graph.edges) {
      if (depths[is_backwards ? to : from] >= options.max_depth) continue;
      expected.emplace(graph.nodes[from].get(), graph.nodes[to].get());
    }
    std::multiset<Edge> found;
    for (const auto& [edge, attributes] : drawn.edges) {
      found.insert(edge);
      EXPECT_EQ(attributes.find("#dc2626") != std::string::npos,
                leads_to(drawn, edge.second, edge.first));
    }
    EXPECT_EQ(found, expected);
  }
}

}  // namespace objgraph_pictures_test
