#include <gtest/gtest.h>

#include <unistd.h>
#include <chrono>
#include <csignal>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <ouro/ouro.hpp>
#include <ouro/snapshot.hpp>

#include "graph/graph_file.hpp"
#include "support/temporary_folder.hpp"

namespace {

using ouro::make;
using ouro::Ref;
using ouro::test::TemporaryFolder;
namespace graph = ouro::graph;

struct Monster;
struct Dungeon {
  std::vector<Ref<Monster>> monsters;
  std::map<std::string, Ref<Monster>> by_name;
};
struct Monster {
  Ref<Dungeon> dungeon;
  ouro::WeakRef<Dungeon> home;
  int hp = 10;
};

std::vector<Ref<Monster>> known_monsters;
Ref<Dungeon> world;

graph::HeapGraph read_snapshot(const std::string& path) {
  auto heap = graph::open_graph(path);
  EXPECT_TRUE(heap) << heap.error().to_string();
  EXPECT_FALSE(heap->require());
  return *heap;
}

graph::HeapGraph snapshot_now(const TemporaryFolder& folder) {
  const std::string path = folder / "heap.ouro";
  const auto error = ouro::snapshot(path);
  EXPECT_FALSE(error) << error->to_string();
  return read_snapshot(path);
}

graph::NodeIndex node_at(const graph::HeapGraph& heap, const void* address) {
  for (graph::NodeIndex node = 0; node < heap.node_count(); ++node) {
    if (heap.address(node) == reinterpret_cast<std::uint64_t>(address)) return node;
  }
  return graph::kNoNode;
}

std::vector<std::string> labels_between(const graph::HeapGraph& heap, const void* from,
                                        const void* to) {
  std::vector<std::string> labels;
  const graph::NodeIndex source = node_at(heap, from);
  for (auto edge = heap.edges_begin(source); edge < heap.edges_end(source); ++edge) {
    if (heap.target(edge) != node_at(heap, to)) continue;
    labels.push_back((heap.kind(edge).is_weak() ? "~" : "") + heap.edge_label(edge));
  }
  return labels;
}

/// "global: global variable (anonymous namespace)::world x1", one a root of the object.
std::vector<std::string> roots_of(const graph::HeapGraph& heap, const void* object) {
  std::vector<std::string> roots;
  for (const graph::Root& root : heap.roots()) {
    if (root.node != node_at(heap, object)) continue;
    roots.push_back(std::string(name_of(root.kind)) + ": " + std::string(heap.string(root.name)) +
                    " x" + std::to_string(root.references));
  }
  return roots;
}

using Texts = std::vector<std::string>;

TEST(Snapshot, HasEveryObjectWithTypeSizeAndCount) {
  const TemporaryFolder folder;
  const Ref<Dungeon> dungeon = make<Dungeon>();
  const Ref<std::string> text = make<std::string>("leaf");
  const auto heap = snapshot_now(folder);
  const graph::NodeIndex node = node_at(heap, dungeon.get());
  ASSERT_NE(node, graph::kNoNode);
  EXPECT_NE(heap.type_name(heap.type(node)).find("Dungeon"), std::string::npos);
  EXPECT_GE(heap.size_bytes(node), sizeof(Dungeon) + 8);
  EXPECT_EQ(heap.reference_count(node), 1u);
  EXPECT_TRUE(heap.flags(node).is_tracked());
  const graph::NodeIndex leaf = node_at(heap, text.get());
  ASSERT_NE(leaf, graph::kNoNode);
  EXPECT_FALSE(heap.flags(leaf).is_tracked());
  EXPECT_EQ(heap.fact("runtime"), "ouro");
  EXPECT_EQ(heap.fact("pid"), std::to_string(getpid()));
}

TEST(Snapshot, NamesFieldsIndexesAndKeysAndMarksWeakReferences) {
  const TemporaryFolder folder;
  const Ref<Dungeon> dungeon = make<Dungeon>();
  for (int at = 0; at < 3; ++at) {
    dungeon->monsters.push_back(make<Monster>(Monster{.dungeon = dungeon, .home = {}}));
  }
  Monster& last = *dungeon->monsters[2];
  last.home = ouro::WeakRef<Dungeon>(dungeon);
  dungeon->by_name["Grendel"] = dungeon->monsters[2];
  const auto heap = snapshot_now(folder);
  EXPECT_EQ(labels_between(heap, dungeon.get(), &last),
            (Texts{".monsters[2]", ".by_name[\"Grendel\"]"}));
  EXPECT_EQ(labels_between(heap, &last, dungeon.get()), (Texts{".dungeon", "~.home"}));
  const graph::NodeIndex node = node_at(heap, dungeon.get());
  EXPECT_EQ(heap.edge_shape(heap.edges_begin(node)), ".monsters[]");
  EXPECT_EQ(heap.edge_shape(heap.edges_end(node) - 1), ".by_name[]");
  dungeon->monsters.clear();
  dungeon->by_name.clear();
}

TEST(Snapshot, SaysWhichGlobalVariableHoldsAnObject) {
  const TemporaryFolder folder;
  world = make<Dungeon>();
  const void* const address = world.get();
  const auto heap = snapshot_now(folder);
  const Texts roots = roots_of(heap, address);
  ASSERT_EQ(roots.size(), 1u);
  EXPECT_NE(roots[0].find("global: global variable"), std::string::npos) << roots[0];
  EXPECT_NE(roots[0].find("world x1"), std::string::npos) << roots[0];
  world = nullptr;
}

TEST(Snapshot, ShowsAGlobalVectorAsOneHolder) {
  const TemporaryFolder folder;
  for (int at = 0; at < 5; ++at) known_monsters.push_back(make<Monster>());
  const auto heap = snapshot_now(folder);
  EXPECT_EQ(labels_between(heap, &known_monsters, known_monsters[4].get()), (Texts{"[4]"}));
  const Texts roots = roots_of(heap, &known_monsters);
  ASSERT_EQ(roots.size(), 1u);
  EXPECT_NE(roots[0].find("known_monsters x1"), std::string::npos) << roots[0];
  EXPECT_EQ(roots_of(heap, known_monsters[4].get()), Texts{});
  known_monsters.clear();
}

TEST(Snapshot, TellsLocalVariablesFromOtherHolders) {
  const TemporaryFolder folder;
  const Ref<Monster> local = make<Monster>();
  const auto elsewhere = std::make_unique<Ref<Monster>>(make<Monster>());
  const auto heap = snapshot_now(folder);
#ifdef OURO_SANITIZED
  // The address sanitizer keeps local variables in a stack of its own.
  EXPECT_EQ(roots_of(heap, local.get()).size(), 1u);
#else
  EXPECT_EQ(roots_of(heap, local.get()), (Texts{"local: a local variable of the thread x1"}));
#endif
  ASSERT_EQ(roots_of(heap, elsewhere->get()).size(), 1u);
}

TEST(Snapshot, HasTheNamesGivenToVariables) {
  const TemporaryFolder folder;
  const auto sessions = std::make_unique<std::map<std::string, Ref<Monster>>>();
  const ouro::NamedRoot named("sessions", *sessions);
  (*sessions)["alice"] = make<Monster>();
  const auto heap = snapshot_now(folder);
  EXPECT_EQ(labels_between(heap, sessions.get(), (*sessions)["alice"].get()),
            (Texts{"[\"alice\"]"}));
  EXPECT_EQ(roots_of(heap, sessions.get()), (Texts{"named: sessions x1"}));
}

TEST(Snapshot, ExplainsEveryCount) {
  const TemporaryFolder folder;
  const Ref<Dungeon> dungeon = make<Dungeon>();
  for (int at = 0; at < 100; ++at) {
    dungeon->monsters.push_back(make<Monster>(Monster{.dungeon = dungeon, .home = {}}));
  }
  const auto heap = snapshot_now(folder);
  std::vector<std::uint64_t> explained(heap.node_count(), 0);
  for (graph::NodeIndex node = 0; node < heap.node_count(); ++node) {
    for (auto edge = heap.edges_begin(node); edge < heap.edges_end(node); ++edge) {
      if (heap.kind(edge).is_owned()) ++explained[heap.target(edge)];
    }
  }
  for (const graph::Root& root : heap.roots()) explained[root.node] += root.references;
  for (graph::NodeIndex node = 0; node < heap.node_count(); ++node) {
    EXPECT_EQ(explained[node], heap.reference_count(node)) << "node " << node;
  }
  dungeon->monsters.clear();
}

TEST(Snapshot, ChangesNothingInTheHeap) {
  const TemporaryFolder folder;
  const Ref<Dungeon> dungeon = make<Dungeon>();
  dungeon->monsters.push_back(make<Monster>(Monster{.dungeon = dungeon, .home = {}}));
  const auto counts = ouro::gc::get_count();
  snapshot_now(folder);
  EXPECT_EQ(ouro::gc::get_count(), counts);
  EXPECT_EQ(ouro::getrefcount(dungeon), 2u);
  dungeon->monsters.clear();
}

TEST(Snapshot, MayBeTakenByAClone) {
  const TemporaryFolder folder;
  const std::string path = folder / "child.ouro";
  const Ref<Dungeon> dungeon = make<Dungeon>();
  ASSERT_FALSE(ouro::snapshot(path, {.in_child = true}));
  for (int wait = 0; wait < 2000 && access(path.c_str(), R_OK) != 0; ++wait) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_NE(node_at(read_snapshot(path), dungeon.get()), graph::kNoNode);
}

TEST(Snapshot, IsTakenAfterASignalWhenTheNextObjectIsMade) {
  const TemporaryFolder folder;
  ouro::snapshot_on_signal(SIGUSR1, folder / "signal-%n.ouro");
  const Ref<Dungeon> dungeon = make<Dungeon>();
  std::raise(SIGUSR1);
  EXPECT_NE(access((folder / "signal-1.ouro").c_str(), R_OK), 0);
  const Ref<Dungeon> next = make<Dungeon>();
  EXPECT_NE(node_at(read_snapshot(folder / "signal-1.ouro"), dungeon.get()), graph::kNoNode);
  std::raise(SIGUSR1);
  ouro::answer_snapshot_signal();
  EXPECT_NE(node_at(read_snapshot(folder / "signal-2.ouro"), next.get()), graph::kNoNode);
}

TEST(Snapshot, IsTakenAfterASignalThoughTheCollectorIsDisabled) {
  const TemporaryFolder folder;
  ouro::gc::disable();
  ouro::snapshot_on_signal(SIGUSR1, folder / "signal-%n.ouro");
  std::raise(SIGUSR1);
  const std::size_t collections = ouro::gc::get_stats()[0].collections;
  const Ref<Dungeon> next = make<Dungeon>();
  const Ref<Dungeon> another = make<Dungeon>();
  EXPECT_EQ(ouro::gc::get_stats()[0].collections, collections);
  ouro::gc::enable();
}

TEST(Snapshot, IsTakenWhenAThreadEnds) {
  const TemporaryFolder folder;
  std::thread([&] {
    ouro::snapshot_at_exit(folder / "exit.ouro");
    make<Dungeon>()->monsters.push_back(make<Monster>());
    const Ref<Dungeon> dungeon = make<Dungeon>();
    dungeon->monsters.push_back(make<Monster>(Monster{.dungeon = dungeon, .home = {}}));
  }).join();
  const auto heap = read_snapshot(folder / "exit.ouro");
  EXPECT_EQ(heap.node_count(), 2u);  // the cycle, which nothing holds any more
  EXPECT_TRUE(heap.roots().empty());
}

struct Snapshooter {
  std::string path;
  std::string* complaint;
  ~Snapshooter() {
    if (const auto error = ouro::snapshot(path)) *complaint = error->to_string();
  }
};

TEST(Snapshot, IsRefusedInADestructor) {
  const TemporaryFolder folder;
  std::string complaint;
  make<Snapshooter>(folder / "never.ouro", &complaint);
  EXPECT_NE(complaint.find("cannot be taken from a destructor"), std::string::npos) << complaint;
}

TEST(Snapshot, ThatCannotBeWrittenSaysWhy) {
  const auto error = ouro::snapshot("/no/such/folder/heap.ouro");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->to_string(),
            "/no/such/folder/heap.ouro: cannot be written: No such file or directory");
}

}  // namespace
