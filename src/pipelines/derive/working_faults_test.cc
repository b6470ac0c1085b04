// What fails while working states are written and read. A state that is found is one that was
// written, whole; one that is not found is made again.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "base/testing/fake_files.h"
#include "base/testing/matchers.h"
#include "pipelines/derive/testing/derive_home.h"
#include "pipelines/derive/working_files.h"

namespace weir::pipelines {
namespace {

constexpr std::size_t kAnySize = 1 << 30;

odf::DatasetId Id() { return datasets::DatasetHome::IdOf(1); }

std::vector<std::optional<Multihash>> BlocksOf(int count) {
  return {Multihash::Sha3Of(AsBytes(std::to_string(count)))};
}

// Another one for each count, of about a kilobyte a group.
WorkingState StateOf(int count) {
  auto groups = std::make_shared<engine::KeptGroups>();
  for (int i = 0; i < count; ++i) groups->Put(std::to_string(i), std::string(1000, 's'));
  WorkingState state;
  state.consumed = BlocksOf(count);
  state.groups["SELECT all"] = std::move(groups);
  return state;
}

class WorkingFaults : public ::testing::Test {
 protected:
  static constexpr int kOld = 3;
  static constexpr int kNew = 1100;  // is written in pieces

  static std::filesystem::path Path() {
    return std::filesystem::path("/working") / Id().ToMultibase() / "groups";
  }

  // How many groups there are in what is found; 0: nothing is found.
  static int Found(FakeFiles& files) {
    const auto read = WorkingFiles(files, "/working").Read(Id(), kAnySize);
    if (!read) return 0;
    const int count = static_cast<int>(read->groups.at("SELECT all")->size());
    EXPECT_EQ(read->consumed, BlocksOf(count));
    return count;
  }

  static Status Write(FakeFiles& files, int count) {
    static const WorkingState old_state = StateOf(kOld);
    static const WorkingState new_state = StateOf(kNew);
    return WorkingFiles(files, "/working").Write(Id(), count == kOld ? old_state : new_state);
  }
};

TEST_F(WorkingFaults, AWriteThatFailsAnywhereLeavesTheOldState) {
  FakeFiles undisturbed;
  ASSERT_TRUE(IsOk(Write(undisturbed, kNew)));
  const int calls = undisturbed.calls();
  int failed = 0;
  for (int failing = 0; failing < calls; ++failing) {
    SCOPED_TRACE(failing);
    FakeFiles files;
    ASSERT_TRUE(IsOk(Write(files, kOld)));
    files.FailCall(failing);
    const Status written = Write(files, kNew);
    failed += written ? 0 : 1;
    EXPECT_EQ(Found(files), written ? kNew : kOld);
    EXPECT_EQ(files.OnlyPath(), Path());
    ASSERT_TRUE(IsOk(Write(files, kNew)));
    EXPECT_EQ(Found(files), kNew);
  }
  EXPECT_EQ(failed, calls - 1);  // but for looking for what another process left
  EXPECT_GE(failed, 7);          // directory, file, two pieces and a hash, close, rename
}

TEST_F(WorkingFaults, AFullDiskAnywhereLeavesTheOldState) {
  for (std::uint64_t room = 0;; room += 100'003) {
    SCOPED_TRACE(room);
    FakeFiles files;
    ASSERT_TRUE(IsOk(Write(files, kOld)));
    files.FillDisk(room, "/working");
    const Status written = Write(files, kNew);
    if (written) break;
    EXPECT_EQ(written.error().code, ErrorCode::kExhausted);
    EXPECT_EQ(Found(files), kOld);
    EXPECT_EQ(files.OnlyPath(), Path());
  }
}

// Goal: of a write that the power cut short there is the old state, the new one, or none; the next
// write leaves nothing else. Method: every call, and by chance what of it was on the disk.
TEST_F(WorkingFaults, APowerCutAnywhereIsSeenAndGoneAfterTheNextWrite) {
  int torn = 0;
  int interrupted = 0;
  for (std::uint64_t seed = 0; seed < 66; ++seed) {
    SCOPED_TRACE(seed);
    const auto rng = SeededRng(seed);
    FakeFiles files;
    ASSERT_TRUE(IsOk(Write(files, kOld)));
    files.FailFromCall(static_cast<int>(seed % 11));
    (void)Write(files, kNew);
    files.CutPower(*rng);
    const bool is_there = files.Exists(Path()).value();
    interrupted += files.Paths().size() > (is_there ? 1U : 0U) ? 1 : 0;
    const int found = Found(files);
    EXPECT_TRUE(found == 0 || found == kOld || found == kNew) << found;
    torn += is_there && found == 0 ? 1 : 0;
    ASSERT_TRUE(IsOk(Write(files, kNew)));
    EXPECT_EQ(Found(files), kNew);
    EXPECT_EQ(files.Paths(), std::vector<std::filesystem::path>{Path()});
  }
  EXPECT_GT(torn, 0);
  EXPECT_GT(interrupted, 0);
}

TEST_F(WorkingFaults, AReadThatFailsAnywhereFindsNothingAndRemovesNothing) {
  FakeFiles files;
  ASSERT_TRUE(IsOk(Write(files, kOld)));
  int calls = 0;
  for (;; ++calls) {
    files.FailCall(calls);
    if (Found(files) != 0) break;
    EXPECT_TRUE(files.Exists(Path()).value());
  }
  EXPECT_EQ(calls, 2);  // open, read
}

constexpr const char* kAppend = R"({"read": {"kind": "NdJson", "ddlSchema":
    ["k INT", "v DOUBLE"]}, "merge": {"kind": "Append"}})";

// Goal: whatever fails while a process leaves its states, and while the next one looks for them and
// goes on, sums stay those that recomputation gives. Method: one home, whose processes end with one
// fault each, at one call after the other and all after it; at the end every step is computed
// again.
class NextProcessAfter : public ::testing::Test {
 protected:
  NextProcessAfter() {
    home_.AddRoot(1, kAppend);
    home_.AddDerivative(2, {{"a", 1}}, "SELECT k, sum(v) AS s, max(v) AS m FROM a GROUP BY k");
    home_.AddDerivative(3, {{"t", 2}}, "SELECT m, count(*) AS n FROM t GROUP BY m");
    Push();
    UpdateBoth();
  }

  // So that groups grow, come and change.
  void Push() {
    ++pushed_;
    std::string rows;
    for (int i = 0; i < 3; ++i) {
      rows += fmt::format("{{\"k\": {}, \"v\": {}.25}}\n", (pushed_ + i) % 5, pushed_ * (i + 1));
    }
    ASSERT_TRUE(IsOk(home_.Push(1, rows)));
  }

  Status TryUpdate() {
    RETURN_IF_ERROR(home_.Update(2));
    RETURN_IF_ERROR(home_.Update(3));
    return Ok();
  }
  void UpdateBoth() { ASSERT_TRUE(IsOk(TryUpdate())); }

  void ExpectAllRight() {
    const auto replayed = home_.Verify(3);
    ASSERT_TRUE(IsOk(replayed));
    EXPECT_EQ(replayed->steps, home_.Hashes(2).size() + home_.Hashes(3).size());
  }

  // Calls that the end of a process makes.
  int CallsOfEnd() {
    Push();
    UpdateBoth();
    const int before = home_.files().calls();
    home_.End();
    const int calls = home_.files().calls() - before;
    home_.Reopen();
    return calls;
  }

  DeriveHome home_{{.working = "/working"}};
  int pushed_ = 0;
};

TEST_F(NextProcessAfter, APowerCutGoesOn) {
  const int calls = CallsOfEnd();
  EXPECT_GE(calls, 12);  // of two states
  for (int failing = 0; failing <= calls; ++failing) {
    SCOPED_TRACE(failing);
    Push();
    UpdateBoth();
    home_.Publish();
    home_.files().FailFromCall(failing);
    home_.End();
    const auto rng = SeededRng(static_cast<std::uint64_t>(failing));
    home_.files().CutPower(*rng);
    home_.Reopen();
  }
  Push();
  UpdateBoth();
  ExpectAllRight();
}

TEST_F(NextProcessAfter, AFullDiskGoesOn) {
  for (std::uint64_t room = 0; room < 600; room += 120) {
    SCOPED_TRACE(room);
    Push();
    UpdateBoth();
    home_.files().FillDisk(room, "/working");
    home_.Reopen();
  }
  Push();
  UpdateBoth();
  ExpectAllRight();
}

// An update that cannot read what was kept makes it again; one whose inputs cannot be read fails,
// and the next one goes on.
TEST_F(NextProcessAfter, AReadThatFailsIsNothingOrSaid) {
  int failed = 0;
  int succeeded = 0;
  for (int failing = 0; failing < 10; ++failing) {
    SCOPED_TRACE(failing);
    Push();
    home_.Reopen();
    home_.files().FailCall(failing);
    const Status updated = TryUpdate();
    ++(updated ? succeeded : failed);
    if (!updated) {
      EXPECT_EQ(updated.error().code, ErrorCode::kUnavailable);
      UpdateBoth();
    }
  }
  EXPECT_GT(failed, 0);
  EXPECT_GT(succeeded, 0);
  UpdateBoth();
  ExpectAllRight();
}

}  // namespace
}  // namespace weir::pipelines
