// A user's tests: one leaks, and the installed library says so.
#include <vector>

#include <gtest/gtest.h>

#include <ouro/ouro.hpp>
#include <ouro/testing/leak_listener.hpp>

OURO_LEAK_TESTS();

struct Session {
  ouro::Ref<Session> next;
};
std::vector<ouro::Ref<Session>> sessions;

TEST(Sessions, AreKept) {
  sessions.push_back(ouro::make<Session>());
}
TEST(Sessions, AreClosed) {
  ouro::make<Session>();
}
