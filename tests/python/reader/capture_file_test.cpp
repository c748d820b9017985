#include "python/heap/capture_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "python/reader/server_stream.hpp"
#include "support/memory_file.hpp"
#include "support/temporary_folder.hpp"

namespace ouro::python::heap {
namespace {

std::string stream_of_server() {
  test::ServerStream server = test::server_stream();
  server.stream.end();
  return server.stream.bytes();
}

TEST(CaptureFile, IsWhatTheCaptureIsThoughItBeginsBeforeNamesAreThere) {
  const test::TemporaryFolder folder;
  const test::MemoryFile stream(stream_of_server());
  CaptureFile file(folder / "early.ouro");
  int calls = 0;
  ReadOptions options;
  options.on_structure = [&](const graph::HeapGraph& graph) {
    ++calls;
    file.begin(graph);
  };
  Result<CapturedHeap> heap = read_capture(stream.descriptor(), options);
  ASSERT_TRUE(heap) << heap.error().to_string();
  EXPECT_EQ(calls, 1);
  ASSERT_FALSE(graph::write_graph(heap->graph, folder / "late.ouro"));
  ASSERT_FALSE(file.finish(*std::move(heap)));
  EXPECT_EQ(test::read_file(folder / "early.ouro"), test::read_file(folder / "late.ouro"));
}

TEST(CaptureFile, OfACaptureThatFailsIsNotThere) {
  const test::TemporaryFolder folder;
  const std::string whole = stream_of_server();
  const test::MemoryFile stream(whole.substr(0, whole.size() - 1));
  {
    CaptureFile file(folder / "heap.ouro");
    ReadOptions options;
    options.on_structure = [&](const graph::HeapGraph& graph) { file.begin(graph); };
    EXPECT_FALSE(read_capture(stream.descriptor(), options));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace ouro::python::heap
