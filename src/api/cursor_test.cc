#include "api/cursor.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "base/testing/matchers.h"

namespace weir::api {
namespace {

RC_GTEST_PROP(Cursor, GivesItsPositionBack,
              (const std::string& query, const std::string& position)) {
  const CursorCodec cursors("key", query);
  RC_ASSERT(cursors.Decode(cursors.Encode(position)).value() == position);
}

TEST(Cursor, IsNotToBeMadeUpNorChanged) {
  const CursorCodec cursors("key", "query");
  const std::string good = cursors.Encode("position");
  EXPECT_EQ(CodeOf(cursors.Decode("")), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(cursors.Decode("abc")), ErrorCode::kInvalid);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = bad[i] == 'a' ? 'b' : 'a';
    EXPECT_EQ(CodeOf(cursors.Decode(bad)), ErrorCode::kInvalid) << i;
  }
}

TEST(Cursor, BelongsToItsQueryAndItsHome) {
  const std::string cursor = CursorCodec("key", "query").Encode("position");
  EXPECT_EQ(CodeOf(CursorCodec("key", "other").Decode(cursor)), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(CursorCodec("other", "query").Decode(cursor)), ErrorCode::kInvalid);
}

}  // namespace
}  // namespace weir::api
