#include "control/backup/restore_plan.h"

#include <gtest/gtest.h>

#include "base/testing/matchers.h"

namespace weir::backup {
namespace {

Timestamp At(int seconds) { return Timestamp(std::chrono::seconds(seconds)); }

// A backup at `seconds` of revision `revision`, whose log begins after `floor`.
Manifest Backup(int seconds, control::Revision revision, control::Revision floor) {
  Manifest manifest;
  manifest.time = At(seconds);
  manifest.state.revision = revision;
  manifest.state.floor = floor;
  return manifest;
}

TEST(RestorePlan, WithoutATimeIsTheNewestBackup) {
  const std::vector<Manifest> manifests = {Backup(10, 5, 0), Backup(20, 9, 0)};
  const auto plan = ChooseBackups(manifests, std::nullopt).value();
  EXPECT_EQ(plan.base, &manifests[1]);
  EXPECT_EQ(plan.log, nullptr);
}

TEST(RestorePlan, BetweenTwoBackupsTheLogOfTheLaterLeadsOn) {
  const std::vector<Manifest> manifests = {Backup(10, 5, 0), Backup(20, 9, 5), Backup(30, 12, 5)};
  const auto plan = ChooseBackups(manifests, At(15)).value();
  EXPECT_EQ(plan.base, &manifests[0]);
  EXPECT_EQ(plan.log, &manifests[1]);
}

TEST(RestorePlan, WhereTheLogHasAGapTheEarlierBackupIsAllThereIs) {
  const std::vector<Manifest> manifests = {Backup(10, 5, 0), Backup(20, 9, 6)};
  const auto plan = ChooseBackups(manifests, At(15)).value();
  EXPECT_EQ(plan.base, &manifests[0]);
  EXPECT_EQ(plan.log, nullptr);
}

TEST(RestorePlan, AtTheTimeOfABackupItIsTheBase) {
  const std::vector<Manifest> manifests = {Backup(10, 5, 0), Backup(20, 9, 0)};
  EXPECT_EQ(ChooseBackups(manifests, At(20)).value().base, &manifests[1]);
  EXPECT_EQ(ChooseBackups(manifests, At(99)).value().base, &manifests[1]);
}

TEST(RestorePlan, BeforeTheFirstBackupAWholeLogSuffices) {
  const std::vector<Manifest> whole = {Backup(10, 5, 0)};
  const auto plan = ChooseBackups(whole, At(5)).value();
  EXPECT_EQ(plan.base, nullptr);
  EXPECT_EQ(plan.log, &whole[0]);
  EXPECT_EQ(CodeOf(ChooseBackups(std::vector<Manifest>{Backup(10, 5, 1)}, At(5))),
            ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(ChooseBackups({}, std::nullopt)), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace weir::backup
