#include "control/backup/manifest.h"

#include <gtest/gtest.h>

#include "base/testing/matchers.h"

namespace weir::backup {
namespace {

ChunkRef Chunk(char digit) {
  return {.id = {std::string(64, digit)}, .stored_size = 100, .records = 5};
}

Manifest Example() {
  return {.time = ParseTimestamp("2026-11-21T10:15:00.123456789Z").value(),
          .state = {.revision = 42, .floor = 3, .position = 9, .log_changes = 7, .log_bytes = 800},
          .home_format = 1,
          .written_by = "0.1.0",
          .entries = {Chunk('a'), Chunk('b')},
          .log = {Chunk('c')},
          .events = {},
          .files = {{.path = "weir.yaml", .mode = 0600, .pieces = {Chunk('d')}}},
          .datasets = {{{.id = "fed01aa", .name = "public/orders", .head = "f1620bb"}}}};
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST(BackupManifest, IsReadBack) {
  const auto manifest = ParseManifest(ToJson(Example()));
  ASSERT_TRUE(IsOk(manifest));
  EXPECT_EQ(*manifest, Example());
}

TEST(BackupManifest, ThatSaysNothingOfDatasetsIsOfTheFormatBeforeThem) {
  Manifest old = Example();
  old.datasets.reset();
  EXPECT_NE(ToJson(old).find(R"("format":1)"), std::string::npos);
  const auto manifest = ParseManifest(ToJson(old));
  ASSERT_TRUE(IsOk(manifest));
  EXPECT_EQ(*manifest, old);
}

TEST(BackupManifest, OfANewerFormatIsUnimplemented) {
  const std::string json = Replaced(ToJson(Example()), R"("format":2)", R"("format":3)");
  EXPECT_EQ(CodeOf(ParseManifest(json)), ErrorCode::kUnimplemented);
}

TEST(BackupManifest, AnythingElseIsCorrupt) {
  const std::string good = ToJson(Example());
  for (const std::string& json :
       {std::string(), std::string("[]"), std::string("{}"), good.substr(1),
        Replaced(good, R"("entries")", R"("entri")"), Replaced(good, "aaaa", "AAAA"),
        Replaced(good, "bbbb", "bb"), Replaced(good, R"("revision":42)", R"("revision":"x")"),
        Replaced(good, "weir.yaml", "../weir.yaml"), Replaced(good, "weir.yaml", "/etc/passwd"),
        Replaced(good, "weir.yaml", "keys/sealing"), Replaced(good, "fed01aa", "../fed01"),
        Replaced(good, "f1620bb", ""), Replaced(good, R"("datasets")", R"("data")")}) {
    EXPECT_EQ(CodeOf(ParseManifest(json)), ErrorCode::kCorrupt) << json;
  }
}

TEST(BackupId, SortsByTimeAndHoldsTheHashOfTheManifest) {
  const BackupId id = BackupId::Of(Example().time, "{}");
  EXPECT_EQ(id.Time(), "20261121T101500.123456789Z");
  EXPECT_EQ(id.Hash(), "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  EXPECT_EQ(id.ObjectKey(),
            "backups/20261121T101500.123456789Z-" + std::string(id.Hash()) + ".json");
  EXPECT_EQ(BackupId::FromObjectKey(id.ObjectKey()).value(), id);
  EXPECT_LT(id, BackupId::Of(Example().time + std::chrono::nanoseconds(1), "{}"));
}

TEST(BackupId, OtherObjectsAreNone) {
  const std::string key = BackupId::Of(Example().time, "{}").ObjectKey();
  for (const std::string& other :
       {std::string("backups/x.json"), key + "x", key.substr(1), Replaced(key, "44136", "4413G")}) {
    EXPECT_EQ(CodeOf(BackupId::FromObjectKey(other)), ErrorCode::kInvalid) << other;
  }
}

}  // namespace
}  // namespace weir::backup
