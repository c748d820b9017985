#include "python/tune/output_lines.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using ouro::python::tune::OutputLines;

TEST(OutputLines, AddUpTheWorkThatTheySayIsDone) {
  OutputLines lines;
  lines.add("hello\nouro: 500 frames\nouro: 2.5 frames a second\n");
  EXPECT_EQ(lines.units(), 502.5);
  EXPECT_EQ(lines.unit(), "frames");
}

TEST(OutputLines, MayComeInPieces) {
  OutputLines lines;
  for (const char character : std::string("x\nouro: 12 requests\r\nouro: 3 requests")) {
    lines.add({&character, 1});
  }
  EXPECT_EQ(lines.units(), 12);
  lines.end();
  EXPECT_EQ(lines.units(), 15);
  EXPECT_EQ(lines.unit(), "requests");
}

TEST(OutputLines, TakeNothingElseForWork) {
  OutputLines lines;
  lines.add("ouro: many frames\nouro: 5\nouro: -1 frames\nouro: nan frames\nsaid ouro: 7 frames\n");
  EXPECT_EQ(lines.units(), 0);
  lines.add("ouro: 1 frames\nouro: 100 bytes\n");
  EXPECT_EQ(lines.units(), 1) << "units of two kinds cannot be added";
}

TEST(OutputLines, KeepTheLastOnes) {
  OutputLines lines("listening");
  for (int i = 0; i < 100'000; ++i) lines.add("a line of an error\n");
  EXPECT_FALSE(lines.has_wanted());
  lines.add("now listening on 8000\nthe last\n");
  EXPECT_TRUE(lines.has_wanted());
  EXPECT_LT(lines.last().size(), 20'000u);
  EXPECT_TRUE(lines.last().ends_with("the last\n"));
}

TEST(OutputLines, CutALineWithoutAnEnd) {
  OutputLines lines;
  for (int i = 0; i < 1000; ++i) lines.add(std::string(10'000, 'x'));
  lines.end();
  EXPECT_LT(lines.last().size(), 20'000u);
}

}  // namespace
