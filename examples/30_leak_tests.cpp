// Tests that fail when they leak: the server that forgets to forget its connections, and the
// dungeon that refers to itself, as tests of GoogleTest.
//
// One line makes them leak tests, OURO_LEAK_TESTS(). A cache that fills is no leak; a test that
// leaves objects each time it is run is one.
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <ouro/ouro.hpp>
#include <ouro/testing/leak_listener.hpp>

OURO_LEAK_TESTS();

struct Packet {
  char bytes[4000] = {};
};
struct Connection {
  std::vector<ouro::Ref<Packet>> packets;
};
std::vector<ouro::Ref<Connection>> connections;

void serve_client() {
  const auto connection = ouro::make<Connection>();
  connections.push_back(connection);
  for (int at = 0; at < 16; ++at) connection->packets.push_back(ouro::make<Packet>());
}

TEST(Server, ServesAClient) {
  serve_client();
  EXPECT_EQ(connections.back()->packets.size(), 16u);
}

struct Template {
  std::string text;
};
std::map<std::string, ouro::Ref<Template>> templates;

ouro::Ref<Template> load_template(const std::string& name) {
  ouro::Ref<Template>& loaded = templates[name];
  if (loaded == nullptr) loaded = ouro::make<Template>("Hello from " + name);
  return loaded;
}

TEST(Cache, LoadsATemplateOnce) {
  EXPECT_EQ(load_template("index")->text, "Hello from index");
  EXPECT_EQ(load_template("index"), load_template("index"));
}

struct Monster;
struct Dungeon {
  std::vector<ouro::Ref<Monster>> monsters;
};
struct Monster {
  ouro::Ref<Dungeon> dungeon;
};

TEST(Game, Ends) {
  const auto dungeon = ouro::make<Dungeon>();
  for (int at = 0; at < 10; ++at) dungeon->monsters.push_back(ouro::make<Monster>(dungeon));
}

int main(int argument_count, char** arguments) {
  testing::InitGoogleTest(&argument_count, arguments);
  testing::GTEST_FLAG(print_time) = false;
  return RUN_ALL_TESTS() == 1 ? 0 : 1;  // one test leaks, to show it
}
