// gzip's decoder: zlib does the work. A file may hold several gzip members one after the other, as
// parallel compressors and `cat a.gz b.gz` make them; zeros behind the last are padding of tapes.
#include <zlib.h>

#include <algorithm>
#include <string>
#include <vector>

#include <ouro/base/assert.hpp>

#include "text/byte_source.hpp"

namespace ouro::text {
namespace {

class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(RawSource& source) : source_(source), buffer_(kBlockBytes + kPaddingBytes) {
    constexpr int kGzipOnly = 16;
    const int code = inflateInit2(&stream_, MAX_WBITS + kGzipOnly);
    OURO_ASSERT(code == Z_OK, "zlib is the one that was compiled against and gets its memory");
    static_cast<void>(code);
  }
  ~GzipSource() override { inflateEnd(&stream_); }

  Result<std::string_view> next() override {
    stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
    stream_.avail_out = static_cast<uInt>(kBlockBytes);
    while (stream_.avail_out != 0) {
      if (stream_.avail_in == 0) {
        const Result<std::string_view> input = source_.next();
        if (!input) return input.error();
        if (input->empty()) break;
        take(*input);
      }
      if (!is_in_member_ && !begin_member()) continue;
      const int code = inflate(&stream_, Z_NO_FLUSH);
      if (code == Z_STREAM_END) {
        is_in_member_ = false;
        is_after_member_ = true;
      } else if (code != Z_OK && code != Z_BUF_ERROR) {
        return damaged(stream_.msg == nullptr ? "zlib gives no reason" : stream_.msg);
      }
    }
    const std::size_t filled = kBlockBytes - stream_.avail_out;
    if (filled == 0 && is_in_member_) return truncated();
    return std::string_view(buffer_.data(), filled);
  }

 private:
  void take(std::string_view input) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = static_cast<uInt>(input.size());
  }

  // Skips padding; true where a member follows. What is no member, zlib says by itself.
  bool begin_member() {
    while (is_after_member_ && stream_.avail_in != 0 && *stream_.next_in == 0) {
      ++stream_.next_in;
      --stream_.avail_in;
    }
    if (stream_.avail_in == 0) return false;
    inflateReset(&stream_);
    is_in_member_ = true;
    return true;
  }

  std::string place() const {
    return source_.name() + ": byte " + std::to_string(source_.bytes_done() - stream_.avail_in);
  }
  Error damaged(const char* reason) const {
    return {ErrorCode::kCorrupt, place(),
            std::string("expected gzip data, found damage (") + reason +
                "); was the file copied completely?"};
  }
  Error truncated() const {
    return {ErrorCode::kCorrupt, place(),
            "expected more gzip data, found the end of the file; was it copied completely?"};
  }

  RawSource& source_;
  std::vector<char> buffer_;
  z_stream stream_ = {};
  bool is_in_member_ = false;
  bool is_after_member_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> decode_gzip(RawSource& source) {
  return std::make_unique<GzipSource>(source);
}

}  // namespace ouro::text
