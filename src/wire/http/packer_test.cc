#include "wire/http/packer.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "base/testing/matchers.h"
#include "wire/http/unpacker.h"

namespace weir::http {
namespace {

constexpr double kRatio = 100;

class PackerTest : public testing::TestWithParam<Coding> {};
INSTANTIATE_TEST_SUITE_P(Each, PackerTest, testing::Values(Coding::kGzip, Coding::kZstd),
                         [](const auto& each) { return std::string(NameOf(each.param)); });

// Gives out at most `piece` bytes at a time.
class Slow final : public ByteSource {
 public:
  Slow(std::string content, std::size_t piece)
      : source_(SourceOf(std::move(content))), piece_(piece) {}
  Result<std::size_t> Read(std::span<std::byte> buffer) override {
    return source_->Read(buffer.first(std::min(buffer.size(), piece_)));
  }

 private:
  const std::unique_ptr<ByteSource> source_;
  const std::size_t piece_;
};

Result<std::string> Unpack(std::string packed, Coding coding, std::size_t piece = 1 << 20) {
  const auto source = Unpacked(std::make_unique<Slow>(std::move(packed), piece), coding, kRatio);
  return ReadAll(*source, 1ULL << 30);
}

// Noise with repetitions, so that it packs a little.
std::string Sample(std::size_t size) {
  std::string text;
  std::uint32_t state = 7;
  while (text.size() < size) {
    state = state * 1664525 + 1013904223;
    text += std::to_string(state >> 16) + (state % 3 == 0 ? ", and again " : "\n");
  }
  text.resize(size);
  return text;
}

TEST_P(PackerTest, AnySizeComesOutAsItWent) {
  for (const std::size_t size : {0UL, 1UL, 1000UL, 40'000UL, 3'000'000UL}) {
    const std::string text = Sample(size);
    const std::string packed = Pack(text, GetParam(), Effort::kFast);
    EXPECT_LT(packed.size(), size + 100);
    EXPECT_EQ(Unpack(packed, GetParam()).value(), text) << size;
    EXPECT_EQ(Unpack(packed, GetParam(), 1 + size / 1000).value(), text) << size;
    const auto streamed = Packed(std::make_unique<Slow>(text, 7'001), GetParam());
    EXPECT_EQ(Unpack(ReadAll(*streamed, 1 << 30).value(), GetParam()).value(), text) << size;
  }
}

TEST_P(PackerTest, ShortReadIsPassedOnAtOnce) {
  const auto streamed = Packed(std::make_unique<Slow>("first line\nsecond line\n", 11), GetParam());
  std::vector<std::byte> buffer(4096);
  const std::size_t count = streamed->Read(buffer).value();
  const std::string packed(AsText(std::span(buffer).first(count)));
  const auto source = Unpacked(SourceOf(packed), GetParam(), kRatio);
  std::vector<std::byte> out(100);
  EXPECT_EQ(AsText(std::span(out).first(source->Read(out).value())), "first line\n");
}

TEST_P(PackerTest, BombIsFoundEarly) {
  const std::string packed = Pack(std::string(200 << 20, '\0'), GetParam(), Effort::kFast);
  const auto source = Unpacked(SourceOf(packed), GetParam(), kRatio);
  std::vector<std::byte> buffer(64 << 10);
  std::size_t made = 0;
  Result<std::size_t> read = std::size_t{0};
  while ((read = source->Read(buffer)) && *read > 0) made += *read;
  EXPECT_EQ(CodeOf(read), ErrorCode::kExhausted);
  EXPECT_LT(made, 10U << 20);
}

TEST_P(PackerTest, CutOrSpoiltBodiesAreInvalid) {
  const std::string text = Sample(50'000);
  const std::string packed = Pack(text, GetParam(), Effort::kFast);
  for (std::size_t cut = 1; cut < packed.size(); cut += 997) {
    EXPECT_EQ(CodeOf(Unpack(packed.substr(0, cut), GetParam())), ErrorCode::kInvalid) << cut;
  }
  EXPECT_EQ(CodeOf(Unpack("no such thing", GetParam())), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(Unpack(packed + "rest", GetParam())), ErrorCode::kInvalid);
  std::string spoilt = packed;
  spoilt[spoilt.size() / 2] ^= 1;
  EXPECT_NE(Unpack(spoilt, GetParam()).value_or(""), text);
  EXPECT_EQ(CodeOf(Unpack(spoilt, GetParam())), ErrorCode::kInvalid);
}

TEST_P(PackerTest, SeveralMembersAreOneBody) {
  const std::string packed =
      Pack("one ", GetParam(), Effort::kFast) + Pack("two", GetParam(), Effort::kSmall);
  EXPECT_EQ(Unpack(packed, GetParam()).value(), "one two");
  EXPECT_EQ(Unpack(packed, GetParam(), 1).value(), "one two");
}

RC_GTEST_PROP(Packer, AnyBytesInAnyPiecesComeOutAsTheyWent, (std::vector<std::string> pieces)) {
  const Coding coding = *rc::gen::element(Coding::kGzip, Coding::kZstd);
  const auto packer = MakePacker(coding, Effort::kFast);
  std::string packed;
  std::string text;
  for (const std::string& piece : pieces) {
    packer->Add(piece, *rc::gen::element(Packer::Then::kMore, Packer::Then::kFlush), packed);
    text += piece;
  }
  packer->Add("", Packer::Then::kEnd, packed);
  RC_ASSERT(Unpack(packed, coding, *rc::gen::inRange<std::size_t>(1, 50)).value() == text);
}

}  // namespace
}  // namespace weir::http
