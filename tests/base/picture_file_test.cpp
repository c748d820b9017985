// DOT texts that become files. Drawing itself is tested with the pictures of objgraph and of
// reports.
#include "base/picture_file.hpp"

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace {

using namespace ouro;

TEST(PictureFile, EndingsOfDotGetTheText) {
  const test::TemporaryFolder folder;
  for (const char* name : {"a.dot", "b.gv", "c.DOT"}) {
    const Result<PictureFile> file = write_picture("digraph {}\n", folder / name);
    ASSERT_TRUE(file.has_value()) << file.error().to_string();
    EXPECT_EQ(file->written, Written::kText);
    EXPECT_EQ(file->path, folder / name);
    EXPECT_EQ(test::read_file(file->path), "digraph {}\n");
  }
}

TEST(PictureFile, OtherEndingsAreDrawnOrTheTextStandsBeside) {
  const test::TemporaryFolder folder;
  const Result<PictureFile> file = write_picture("digraph {}\n", folder / "a.svg");
  ASSERT_TRUE(file.has_value()) << file.error().to_string();
  const bool is_drawn = file->written == Written::kPicture;
  EXPECT_EQ(file->path, folder / (is_drawn ? "a.svg" : "a.dot"));
  EXPECT_TRUE(is_drawn || file->written == Written::kTextInsteadOf);
}

TEST(PictureFile, WithoutAFormatThereIsAnError) {
  const test::TemporaryFolder folder;
  for (const char* name : {"a", "a.", "a.-x", "b.svg/a"}) {
    const Result<PictureFile> file = write_picture("digraph {}\n", folder / name);
    ASSERT_FALSE(file.has_value()) << name;
    EXPECT_EQ(file.error().code, ErrorCode::kUnsupported);
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
