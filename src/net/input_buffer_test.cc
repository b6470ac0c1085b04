#include "net/input_buffer.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace weir::net {
namespace {

void Arrive(InputBuffer& buffer, std::span<char> room, std::string_view bytes) {
  std::ranges::copy(bytes, room.begin());
  buffer.Commit(bytes.size());
}

TEST(InputBuffer, GivesBytesInTheOrderTheyCame) {
  InputBuffer buffer;
  Arrive(buffer, buffer.Prepare(10), "abc");
  buffer.Consume(1);
  Arrive(buffer, buffer.Prepare(10), "def");
  EXPECT_EQ(buffer.data(), "bcdef");
  buffer.Consume(5);
  EXPECT_TRUE(buffer.empty());
  Arrive(buffer, buffer.Prepare(100), "g");
  EXPECT_EQ(buffer.data(), "g");
}

// A read may be under way while what came before it is consumed.
TEST(InputBuffer, KeepsItsPlaceWhileRoomIsHandedOut) {
  InputBuffer buffer;
  Arrive(buffer, buffer.Prepare(10), "abc");
  const std::span<char> room = buffer.Prepare(10);
  buffer.Consume(3);
  buffer.Shrink(0);
  Arrive(buffer, room, "def");
  EXPECT_EQ(buffer.data(), "def");
  buffer.Consume(3);
  buffer.Shrink(0);
  EXPECT_TRUE(buffer.empty());
}

}  // namespace
}  // namespace weir::net
