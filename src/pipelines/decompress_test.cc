#include "pipelines/decompress.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "base/rng.h"
#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"

namespace weir::pipelines {
namespace {

// Bare deflate for a window of -15, gzip for 31.
std::string Deflate(const std::string& text, int window) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Number(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

struct ZipFile {
  std::string name;
  std::string content;
  bool deflated = true;
};

std::string Zip(const std::vector<ZipFile>& files) {
  std::string archive;
  std::string directory;
  for (const ZipFile& file : files) {
    const std::string data = file.deflated ? Deflate(file.content, -15) : file.content;
    const auto crc =
        crc32_z(0, reinterpret_cast<const Bytef*>(file.content.data()), file.content.size());
    const std::string facts = Number(20, 2) + Number(0, 2) + Number(file.deflated ? 8 : 0, 2) +
                              Number(0, 4) + Number(crc, 4) + Number(data.size(), 4) +
                              Number(file.content.size(), 4) + Number(file.name.size(), 2) +
                              Number(0, 2);
    directory += "PK\x01\x02" + Number(20, 2) + facts + Number(0, 8) + Number(0, 2) +
                 Number(archive.size(), 4) + file.name;
    archive += "PK\x03\x04" + facts + file.name + data;
  }
  return archive + directory + "PK\x05\x06" + Number(0, 4) + Number(files.size(), 2) +
         Number(files.size(), 2) + Number(directory.size(), 4) + Number(archive.size(), 4) +
         Number(0, 2);
}

class DecompressTest : public testing::Test {
 protected:
  template <typename Call>
  Result<std::string> Run(const std::string& bytes, Call call) {
    Files& files = PosixFiles();
    RETURN_IF_ERROR(files.WriteDurably(directory_ / "in", AsBytes(bytes)));
    ASSIGN_OR_RETURN(const auto input, files.Open(directory_ / "in"));
    const Status done = call(*input, directory_ / "out");
    if (!done) {
      EXPECT_FALSE(files.Exists(directory_ / "out").value());
      return done.error();
    }
    auto content = files.ReadAll(directory_ / "out");
    RETURN_IF_ERROR(files.Remove(directory_ / "out"));
    return content;
  }

  Result<std::string> Gunzip(const std::string& bytes, const DecompressLimits& limits = {}) {
    return Run(bytes, [&](const ReadableFile& input, const std::filesystem::path& output) {
      return DecompressGzip(Context::Background(), input, output, limits);
    });
  }

  Result<std::string> Unzip(const std::string& bytes, std::optional<std::string> sub_path = {}) {
    return Run(bytes, [&](const ReadableFile& input, const std::filesystem::path& output) {
      return DecompressZip(Context::Background(), input, sub_path, output);
    });
  }

  TempDir directory_;
  const std::string text_ = [] {
    std::string text;
    for (int i = 0; i < 200'000; ++i) text += "line " + std::to_string(i * 7919 % 1013) + "\n";
    return text;
  }();
};

TEST_F(DecompressTest, GzipMembersFollowEachOther) {
  EXPECT_EQ(Gunzip(Deflate(text_, 31)).value(), text_);
  EXPECT_EQ(Gunzip(Deflate("a", 31) + Deflate(text_, 31)).value(), "a" + text_);
}

TEST_F(DecompressTest, WhatIsNotWholeGzipIsRefused) {
  const std::string good = Deflate(text_, 31);
  EXPECT_EQ(CodeOf(Gunzip("")), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(Gunzip("hello")), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(Gunzip(good.substr(0, good.size() - 1))), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(Gunzip(good + "tail")), ErrorCode::kInvalid);
  std::string flipped = good;
  flipped[flipped.size() / 2] ^= 4;
  EXPECT_EQ(CodeOf(Gunzip(flipped)), ErrorCode::kInvalid);
}

TEST_F(DecompressTest, LimitsHold) {
  EXPECT_EQ(CodeOf(Gunzip(Deflate(text_, 31), {.max_bytes = 1000})), ErrorCode::kExhausted);
  const std::string bomb = Deflate(std::string(100 << 20, 'a'), 31);
  EXPECT_EQ(CodeOf(Gunzip(bomb, {.max_ratio = 100})), ErrorCode::kExhausted);
}

TEST_F(DecompressTest, ZipGivesTheOneFileOrTheOneNamed) {
  EXPECT_EQ(Unzip(Zip({{"a.csv", text_}})).value(), text_);
  EXPECT_EQ(Unzip(Zip({{"d/", "", false}, {"d/a.csv", "x", false}})).value(), "x");
  const std::string two = Zip({{"d/a.csv", text_}, {"b.txt", "b"}});
  EXPECT_EQ(Unzip(two, "d/a.csv").value(), text_);
  EXPECT_EQ(Unzip(two, "*.txt").value(), "b");
  EXPECT_EQ(CodeOf(Unzip(two)), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(Unzip(two, "c")), ErrorCode::kNotFound);
}

// Goal: no bytes crash it or pass for the file they were. Method: flip each byte of a small archive
// and cut it at every length.
TEST_F(DecompressTest, DamagedZipIsRefusedOrTheSame) {
  const std::string good = Zip({{"a", "hello hello hello"}});
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string flipped = good;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x15);
    const auto result = Unzip(flipped);
    EXPECT_EQ(result ? *result : "hello hello hello", "hello hello hello") << i;
    EXPECT_FALSE(Unzip(good.substr(0, i))) << i;
  }
}

}  // namespace
}  // namespace weir::pipelines
