// objgraph: what grew. The expected text is what Python's objgraph 3.7 prints for the same counts.
#include <gtest/gtest.h>

#include <ouro/objgraph.hpp>
#include <ouro/ouro.hpp>
#include <sstream>
#include <thread>
#include <vector>

namespace objgraph_growth {
struct Session {
  ouro::Ref<Session> next;
};
struct Page {
  int number = 0;
};
}  // namespace objgraph_growth

namespace objgraph_growth_test {

namespace objgraph = ouro::objgraph;
using objgraph::Growth;
using objgraph_growth::Page;
using objgraph_growth::Session;
using ouro::Ref;

class ObjgraphGrowth : public testing::Test {
 protected:
  template <class T>
  void make(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) objects.push_back(ouro::make<T>());
  }

  ouro::Heap heap;
  ouro::HeapScope scope{heap};
  std::vector<Ref<void>> objects;
};

TEST_F(ObjgraphGrowth, OnlyMoreThanEverBeforeIsGrowth) {
  objgraph::GrowthState state;
  make<Session>(3);
  EXPECT_EQ(objgraph::growth(10, state), (std::vector<Growth>{{"Session", 3, 3}}));
  EXPECT_EQ(objgraph::growth(10, state), std::vector<Growth>());
  objects.resize(1);
  EXPECT_EQ(objgraph::growth(10, state), std::vector<Growth>());
  make<Session>(3);
  EXPECT_EQ(objgraph::growth(10, state), (std::vector<Growth>{{"Session", 4, 1}}));
}

TEST_F(ObjgraphGrowth, TheLargestIncreaseComesFirstAndTheLimitCutsTheRest) {
  objgraph::GrowthState state;
  make<Session>(2);
  make<Page>(5);
  EXPECT_EQ(objgraph::growth(1, state), (std::vector<Growth>{{"Page", 5, 5}}));
  // What was not shown is remembered all the same, as in Python.
  EXPECT_EQ(objgraph::growth(10, state), std::vector<Growth>());
}

TEST_F(ObjgraphGrowth, ItIsPrintedAsPythonDoes) {
  objgraph::GrowthState state;
  make<Session>(3);
  objgraph::growth(10, state);
  make<Session>(100);
  make<Page>(1);
  std::ostringstream out;
  objgraph::show_growth(10, state, out);
  EXPECT_EQ(out.str(),
            "Session      103      +100\n"
            "Page           1        +1\n");
  out.str("");
  objgraph::show_growth(10, state, out);
  EXPECT_EQ(out.str(), "");
}

TEST_F(ObjgraphGrowth, AFilterAndQualifiedNamesApply) {
  objgraph::GrowthState state;
  make<Session>(2);
  make<Page>(2);
  const auto is_page = [](const Ref<void>& object) {
    return ouro::type_name(object) == "objgraph_growth::Page";
  };
  EXPECT_EQ(objgraph::growth(10, state, {.shortnames = false, .filter = is_page}),
            (std::vector<Growth>{{"objgraph_growth::Page", 2, 2}}));
}

TEST_F(ObjgraphGrowth, EveryThreadHasAStateOfItsOwnByDefault) {
  const auto* const mine = &objgraph::default_growth_state();
  const void* other = nullptr;
  std::thread([&] { other = &objgraph::default_growth_state(); }).join();
  EXPECT_NE(mine, other);
}

class ObjgraphNewIds : public ObjgraphGrowth {
 protected:
  objgraph::IdsByType get_new_ids() {
    out.str("");
    return objgraph::get_new_ids({.output = &out}, state);
  }

  objgraph::NewIdsState state;
  std::ostringstream out;
};

TEST_F(ObjgraphNewIds, NewObjectsAreFoundByTheirAddresses) {
  make<Session>(3);
  get_new_ids();
  make<Session>(1);
  make<Page>(1);
  const objgraph::IdsByType ids = get_new_ids();
  EXPECT_EQ(ids.at("Session"), std::vector<const void*>{objects[3].get()});
  EXPECT_EQ(objgraph::at_addrs(ids.at("Page")), std::vector<Ref<void>>{objects[4]});
}

TEST_F(ObjgraphNewIds, TheTableIsPythons) {
  make<Session>(2);
  get_new_ids();
  make<Session>(3);
  objects.erase(objects.begin());
  make<Page>(1234567 / 1000);
  get_new_ids();
  EXPECT_EQ(out.str(),
            "===========================================================\n"
            "Type         Old_ids  Current_ids      New_ids Count_Deltas\n"
            "===========================================================\n"
            "Page               0         1234        +1234        +1234\n"
            "Session            2            4           +3           +2\n"
            "===========================================================\n");
}

TEST_F(ObjgraphNewIds, ATypeWhoseObjectsHaveGoneHasANegativeDelta) {
  make<Page>(2);
  get_new_ids();
  objects.clear();
  EXPECT_TRUE(get_new_ids().at("Page").empty());
  EXPECT_NE(out.str().find("Page            2            0           +0           -2\n"),
            std::string::npos)
      << out.str();
}

TEST_F(ObjgraphNewIds, SkipUpdateRepeatsTheLastAnswer) {
  get_new_ids();
  make<Page>(1);
  const objgraph::IdsByType ids = get_new_ids();
  make<Page>(1);
  EXPECT_EQ(objgraph::get_new_ids({.skip_update = true, .limit = 0}, state), ids);
  EXPECT_EQ(get_new_ids().at("Page"), std::vector<const void*>{objects[1].get()});
}

TEST_F(ObjgraphNewIds, RowsAreSortedByAnyColumn) {
  make<Session>(5);
  get_new_ids();
  make<Page>(2);
  objgraph::get_new_ids({.limit = 1, .sortby = objgraph::NewIdsColumn::kOld, .output = &out},
                        state);
  EXPECT_NE(out.str().find("\nSession "), std::string::npos);
  EXPECT_EQ(out.str().find("\nPage "), std::string::npos);
}

TEST_F(ObjgraphNewIds, ItKeepsNothingAlive) {
  make<Session>(1);
  get_new_ids();
  objects.clear();
  EXPECT_EQ(objgraph::count<Session>(), 0u);
}

}  // namespace objgraph_growth_test
