#include "net/chunked.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace weir::net {
namespace {

struct Decoded {
  std::string body;
  std::size_t consumed = 0;
  bool done = false;
  bool refused = false;
  bool operator==(const Decoded&) const = default;
};

// Feeds `text` in pieces of `piece` bytes, as a socket would.
Decoded Decode(std::string_view text, std::size_t piece) {
  Decoded decoded;
  ChunkedDecoder decoder;
  std::string pending;
  for (std::size_t at = 0; at < text.size() && !decoder.done();) {
    pending += text.substr(at, piece);
    at += piece;
    for (std::size_t before = 0; before != pending.size() && !decoder.done();) {
      before = pending.size();
      ChunkedDecoder::Step step;
      if (decoder.Next(pending, step)) {
        decoded.refused = true;
        return decoded;
      }
      decoded.body += step.body;
      decoded.consumed += step.consumed;
      pending.erase(0, step.consumed);
    }
  }
  decoded.done = decoder.done();
  return decoded;
}

TEST(Chunked, DecodesToTheEndAndNoFurther) {
  const Decoded decoded = Decode("4\r\nWeir\r\nA;x=\"y\"\r\n0123456789\r\n0\r\nT: v\r\n\r\nGET", 7);
  EXPECT_EQ(decoded.body, "Weir0123456789");
  EXPECT_TRUE(decoded.done);
  EXPECT_EQ(decoded.consumed, 41U);
}

TEST(Chunked, BadShapesAreRefused) {
  for (const std::string_view bad :
       {"\r\n", "g\r\n", "-1\r\nx\r\n", "+1\r\nx\r\n", "0x1\r\nx\r\n", " 1\r\nx\r\n",
        "11111111111111111\r\n", "1\nx\r\n", "1\r\nxy\r\n", "1\r\nx\n", "1\r\nx0\r\n\r\n", "1\rx\n",
        ";a=b\r\n", "0\r\nT: \x01\r\n\r\n"}) {
    EXPECT_TRUE(Decode(bad, 100).refused) << bad;
  }
  EXPECT_TRUE(Decode(std::string(1000, '1'), 100).refused);
  EXPECT_TRUE(Decode("0\r\n" + std::string(300, 't') + "\r\n\r\n", 100).refused);
  std::string trailers = "0\r\n";
  for (int i = 0; i < 50; ++i) trailers += "T: " + std::string(100, 'v') + "\r\n";
  EXPECT_TRUE(Decode(trailers + "\r\n", 100).refused);
}

RC_GTEST_PROP(Chunked, AnyBodyInAnyPiecesComesOutAsItWent, (std::vector<std::string> chunks)) {
  std::string text;
  std::string body;
  for (const std::string& chunk : chunks) {
    if (chunk.empty()) continue;
    text += ChunkHead(chunk.size()) + chunk + "\r\n";
    body += chunk;
  }
  text += kLastChunk;
  const Decoded decoded = Decode(text, *rc::gen::inRange<std::size_t>(1, 40));
  RC_ASSERT(decoded.done);
  RC_ASSERT(decoded.body == body);
  RC_ASSERT(decoded.consumed == text.size());
}

// Goal: where the pieces end changes nothing, also for what is no chunked body.
RC_GTEST_PROP(Chunked, PiecesDoNotMatter, (std::string noise)) {
  const std::string text = "2\r\nab\r\n" + noise + "0\r\n\r\n";
  const Decoded whole = Decode(text, text.size());
  const Decoded pieces = Decode(text, 1);
  RC_ASSERT(whole.refused == pieces.refused);
  if (!whole.refused) RC_ASSERT(whole == pieces);
}

}  // namespace
}  // namespace weir::net
