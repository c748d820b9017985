// Zstandard's decoder: libzstd does the work, several frames one after the other included.
#include <zstd.h>

#include <string>
#include <vector>

#include <ouro/base/assert.hpp>

#include "text/byte_source.hpp"

namespace ouro::text {
namespace {

class ZstdSource final : public ByteSource {
 public:
  explicit ZstdSource(RawSource& source)
      : source_(source), buffer_(kBlockBytes + kPaddingBytes), stream_(ZSTD_createDStream()) {
    OURO_ASSERT(stream_ != nullptr, "libzstd gets its memory");
  }
  ~ZstdSource() override { ZSTD_freeDStream(stream_); }

  Result<std::string_view> next() override {
    ZSTD_outBuffer output = {buffer_.data(), kBlockBytes, 0};
    while (output.pos != output.size) {
      if (input_.pos == input_.size && !output_waits_) {
        const Result<std::string_view> block = source_.next();
        if (!block) return block.error();
        if (block->empty()) break;
        input_ = {block->data(), block->size(), 0};
      }
      const std::size_t code = ZSTD_decompressStream(stream_, &output, &input_);
      if (ZSTD_isError(code) != 0) return damaged(ZSTD_getErrorName(code));
      is_in_frame_ = code != 0;
      output_waits_ = is_in_frame_ && output.pos == output.size;
    }
    if (output.pos == 0 && is_in_frame_) return truncated();
    return std::string_view(buffer_.data(), output.pos);
  }

 private:
  std::string place() const {
    return source_.name() + ": byte " +
           std::to_string(source_.bytes_done() - (input_.size - input_.pos));
  }
  Error damaged(const char* reason) const {
    return {ErrorCode::kCorrupt, place(),
            std::string("expected zstd data, found damage (") + reason +
                "); was the file copied completely?"};
  }
  Error truncated() const {
    return {ErrorCode::kCorrupt, place(),
            "expected more zstd data, found the end of the file; was it copied completely?"};
  }

  RawSource& source_;
  std::vector<char> buffer_;
  ZSTD_DStream* stream_;
  ZSTD_inBuffer input_ = {nullptr, 0, 0};
  bool is_in_frame_ = false;
  // libzstd took all input but had no room for what it made of it.
  bool output_waits_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> decode_zstd(RawSource& source) {
  return std::make_unique<ZstdSource>(source);
}

}  // namespace ouro::text
