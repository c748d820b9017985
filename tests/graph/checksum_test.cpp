#include <gtest/gtest.h>

#include <cstdint>
#include <span>
#include <string>

#include "graph/format/checksum.hpp"
#include "graph/format/crc32.hpp"
#include "support/random.hpp"

namespace {

namespace format = ouro::graph::format;

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

/// By the definition: one bit after the other.
std::uint32_t slow_crc32(const std::string& text) {
  std::uint32_t remainder = 0xFFFFFFFFu;
  for (const char character : text) {
    remainder ^= static_cast<unsigned char>(character);
    for (int bit = 0; bit < 8; ++bit) {
      remainder = (remainder & 1) != 0 ? (remainder >> 1) ^ 0xEDB88320u : remainder >> 1;
    }
  }
  return ~remainder;
}

TEST(Crc32, IsThatOfTheStandard) {
  EXPECT_EQ(format::crc32_of(bytes_of("123456789")), 0xCBF43926u);  // the check value of every CRC
  EXPECT_EQ(format::crc32_of({}), 0u);
}

TEST(Crc32, IsThatOfTheDefinition) {
  ouro::test::Random random(3);
  for (std::size_t length = 0; length < 100; ++length) {
    std::string text(length, ' ');
    for (char& character : text) character = static_cast<char>(random.next());
    ASSERT_EQ(format::crc32_of(bytes_of(text)), slow_crc32(text)) << length;
  }
}

TEST(RunningChecksum, IsThatOfTheWhole) {
  const std::string text(10'000, 'x');
  format::RunningChecksum running;
  for (std::size_t at = 0; at < text.size(); at += 777) running.add(bytes_of(text.substr(at, 777)));
  EXPECT_EQ(running.value(), format::checksum_of(format::Checksum::kXxh3, bytes_of(text)));
}

}  // namespace
