#include "control/backup/records.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/testing/matchers.h"

namespace weir::backup {
namespace {

using control::Commit;
using control::Entry;
using control::Key;
using control::StoredEvent;

RC_GTEST_PROP(BackupRecords, EntriesAreReadBack,
              (const std::vector<std::tuple<std::string, std::string, std::int64_t>>& rows)) {
  std::string content(HeaderOf(ChunkKind::kEntries));
  for (const auto& [part, value, revision] : rows) {
    AppendRecord(content, Entry{Key("space").With(part).With(revision), value, revision});
  }
  const auto entries = ReadEntries(content).value();
  RC_ASSERT(entries.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& [part, value, revision] = rows[i];
    RC_ASSERT(entries[i].key == Key("space").With(part).With(revision));
    RC_ASSERT(entries[i].value == value);
    RC_ASSERT(entries[i].revision == revision);
  }
}

TEST(BackupRecords, CommitsAreReadBackWithTheirDeletions) {
  Commit commit{.revision = 7, .time = Timestamp(std::chrono::nanoseconds(123)), .changes = {}};
  commit.changes.push_back({Key("a").With("x"), std::make_shared<const std::string>("")});
  commit.changes.push_back({Key("a").With("y"), nullptr});
  std::string content(HeaderOf(ChunkKind::kLog));
  AppendRecord(content, commit);
  const auto commits = ReadCommits(content).value();
  ASSERT_EQ(commits.size(), 1U);
  EXPECT_EQ(commits[0]->revision, 7);
  EXPECT_EQ(commits[0]->time, commit.time);
  ASSERT_EQ(commits[0]->changes.size(), 2U);
  EXPECT_EQ(*commits[0]->changes[0].value, "");
  EXPECT_EQ(commits[0]->changes[1].key, Key("a").With("y"));
  EXPECT_EQ(commits[0]->changes[1].value, nullptr);
}

TEST(BackupRecords, EventsAreReadBack) {
  std::string content(HeaderOf(ChunkKind::kEvents));
  AppendRecord(content, StoredEvent{.position = 3,
                                    .revision = 2,
                                    .time = Timestamp(std::chrono::nanoseconds(-5)),
                                    .topic = "t",
                                    .payload = "p"});
  const auto events = ReadEvents(content).value();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].position, 3);
  EXPECT_EQ(events[0].revision, 2);
  EXPECT_EQ(events[0].time, Timestamp(std::chrono::nanoseconds(-5)));
  EXPECT_EQ(events[0].topic, "t");
  EXPECT_EQ(events[0].payload, "p");
}

TEST(BackupRecords, ARecordCutShortIsCorrupt) {
  std::string content(HeaderOf(ChunkKind::kEntries));
  const std::size_t begin = content.size();
  AppendRecord(content, Entry{Key("space").With("part"), "value", 5});
  for (std::size_t size = 0; size < content.size(); ++size) {
    if (size == begin) continue;  // a chunk of no records
    EXPECT_EQ(CodeOf(ReadEntries(content.substr(0, size))), ErrorCode::kCorrupt) << size;
  }
}

TEST(BackupRecords, OneKindIsNotTakenForAnother) {
  for (const auto kind : {ChunkKind::kLog, ChunkKind::kEvents, ChunkKind::kFile}) {
    EXPECT_EQ(CodeOf(ReadEntries(HeaderOf(kind))), ErrorCode::kCorrupt);
  }
  EXPECT_EQ(CodeOf(ReadFilePiece(HeaderOf(ChunkKind::kLog))), ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace weir::backup
