#include "objects/local_object_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "base/testing/fake_files.h"
#include "base/testing/matchers.h"

namespace weir::objects {
namespace {

const Context kContext = Context::Background();

// Goal: a Put that failed never weakens the next one, and what was acknowledged stays. Method: fail
// the first file call, then the second, and so on until a Put gets through; after each failure put
// again, cut the power, and read.
TEST(LocalObjectStore, PutAgainAfterAnyFailureIsDurable) {
  for (int failing = 0;; ++failing) {
    SCOPED_TRACE(failing);
    ASSERT_LT(failing, 100);
    FakeFiles files;
    LocalObjectStore store("/objects", files);
    files.FailCall(failing);
    const bool first_time = store.Put(kContext, "a/b", AsBytes("ledger")).has_value();
    if (!first_time) {
      ASSERT_TRUE(IsOk(store.Put(kContext, "a/b", AsBytes("ledger"))));
    }
    files.CutPower();
    EXPECT_EQ(store.GetAll(kContext, "a/b", 100).value(), "ledger");
    if (first_time) break;
  }
}

// The same, where the second attempt is content with what it finds.
TEST(LocalObjectStore, WhatAlreadyExistsIsDurable) {
  for (int failing = 0;; ++failing) {
    SCOPED_TRACE(failing);
    ASSERT_LT(failing, 100);
    FakeFiles files;
    LocalObjectStore store("/objects", files);
    files.FailCall(failing);
    if (store.Put(kContext, "a/b", AsBytes("ledger"), IfExists::kFail)) break;
    const Status again = store.Put(kContext, "a/b", AsBytes("ledger"), IfExists::kFail);
    EXPECT_TRUE(again || again.error().code == ErrorCode::kAlreadyExists);
    files.CutPower();
    EXPECT_EQ(store.GetAll(kContext, "a/b", 100).value(), "ledger");
  }
}

// Goal: replacing an object gives the old or the new one, never a mixture. Method: fail each call
// of the second Put in turn, cut the power with luck of every kind, and read.
TEST(LocalObjectStore, AReplacedObjectIsTheOldOrTheNewOneWhenever) {
  for (int failing = 0; failing < 12; ++failing) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      FakeFiles files;
      LocalObjectStore store("/objects", files);
      ASSERT_TRUE(IsOk(store.Put(kContext, "k", AsBytes("old"))));
      files.FailCall(failing);
      const Status replaced = store.Put(kContext, "k", AsBytes("newer"));
      files.CutPower(*SeededRng(seed));
      const std::string now = store.GetAll(kContext, "k", 100).value();
      if (replaced) {
        EXPECT_EQ(now, "newer");
      } else {
        EXPECT_TRUE(now == "old" || now == "newer") << now;
      }
    }
  }
}

TEST(LocalObjectStore, AFullDiskIsExhaustedAndLeavesTheOldObject) {
  FakeFiles files;
  LocalObjectStore store("/objects", files);
  ASSERT_TRUE(IsOk(store.Put(kContext, "k", AsBytes("old"))));
  files.FillDisk(2);
  EXPECT_EQ(CodeOf(store.Put(kContext, "k", AsBytes("newer"))), ErrorCode::kExhausted);
  EXPECT_EQ(store.GetAll(kContext, "k", 100).value(), "old");
  EXPECT_THAT(files.Paths(), testing::ElementsAre("/objects/k"));
}

TEST(LocalObjectStore, TemporariesOfACrashAreNoObjects) {
  FakeFiles files;
  LocalObjectStore store("/objects", files);
  ASSERT_TRUE(IsOk(files.WriteDurably("/objects/a/.tmp-1-0-k", AsBytes("half"))));
  int seen = 0;
  ASSERT_TRUE(IsOk(store.List(kContext, "", [&](const ObjectInfo& /*info*/) {
    ++seen;
    return Ok();
  })));
  EXPECT_EQ(seen, 0);
}

TEST(LocalObjectStore, GetAllKeepsItsLimit) {
  FakeFiles files;
  LocalObjectStore store("/objects", files);
  ASSERT_TRUE(IsOk(store.Put(kContext, "k", AsBytes("12345"))));
  EXPECT_EQ(store.GetAll(kContext, "k", 5).value(), "12345");
  const auto small = store.GetAll(kContext, "k", 4);
  ASSERT_EQ(CodeOf(small), ErrorCode::kExhausted);
  EXPECT_THAT(small.error().message, testing::HasSubstr("object k in /objects"));
}

// The model of a store is a map.
RC_GTEST_PROP(LocalObjectStore, BehavesAsAMap, ()) {
  FakeFiles files;
  LocalObjectStore store("/objects", files);
  std::map<std::string, std::string> model;
  const auto key = rc::gen::element<std::string>("a", "b/1", "b/2", "b/c/1", "bb", "c/d/e/f");
  const int steps = *rc::gen::inRange(0, 40);
  for (int step = 0; step < steps; ++step) {
    const std::string at = *key;
    if (*rc::gen::inRange(0, 3) == 0) {
      RC_ASSERT(store.Delete(kContext, at).has_value());
      model.erase(at);
    } else {
      const auto content = *rc::gen::arbitrary<std::string>();
      RC_ASSERT(store.Put(kContext, at, AsBytes(content)).has_value());
      model[at] = content;
    }
  }
  const std::string prefix = *rc::gen::element<std::string>("", "b", "b/", "b/c", "c/d/");
  std::map<std::string, std::string> listed;
  const Status walked = store.List(kContext, prefix, [&](const ObjectInfo& info) -> Status {
    ASSIGN_OR_RETURN(listed[info.key], store.GetAll(kContext, info.key, 1 << 20));
    return Ok();
  });
  RC_ASSERT(walked.has_value());
  std::erase_if(model, [&](const auto& entry) { return !entry.first.starts_with(prefix); });
  RC_ASSERT(listed == model);
}

TEST(LocalObjectStore, WhatACrashLeftOfAWriteIsRemovedOnceItIsOld) {
  FakeFiles files;
  LocalObjectStore store("/objects", files);
  const Context context = Context::Background();
  ASSERT_TRUE(IsOk(store.Put(context, "a/b", AsBytes("x"))));
  ASSERT_TRUE(IsOk(files.WriteDurably("/objects/a/.tmp-1-2-b", AsBytes("half"))));
  ASSERT_TRUE(IsOk(store.RemoveLeftovers(context, SystemClock().Now() - std::chrono::hours(1))));
  EXPECT_EQ(files.Paths().size(), 2u);
  ASSERT_TRUE(IsOk(store.RemoveLeftovers(context, SystemClock().Now() + std::chrono::hours(1))));
  EXPECT_EQ(files.OnlyPath(), "/objects/a/b");
}

}  // namespace
}  // namespace weir::objects
