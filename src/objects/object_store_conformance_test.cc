// Every sentence of object_store.h, asked of every store: files on a disk, files in memory, and a
// real S3 server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/rng.h"
#include "base/testing/fake_files.h"
#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "objects/local_object_store.h"
#include "objects/open_object_store.h"
#include "objects/testing/s3_server.h"

namespace weir::objects {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// A store that is empty, and what it stands on.
class Ground {
 public:
  virtual ~Ground() = default;
  virtual ObjectStore& store() = 0;
};

class DiskGround final : public Ground {
 public:
  ObjectStore& store() override { return store_; }

 private:
  TempDir directory_;
  LocalObjectStore store_{directory_ / "objects", PosixFiles()};
};

class MemoryGround final : public Ground {
 public:
  ObjectStore& store() override { return store_; }

 private:
  FakeFiles files_;
  LocalObjectStore store_{"/objects", files_};
};

class S3Ground final : public Ground {
 public:
  S3Ground() {
    static S3Server server;
    static int buckets = 0;
    const std::string bucket = "bucket-" + std::to_string(++buckets);
    server.CreateBucket(bucket);
    store_ = OpenObjectStore(server.Url(bucket + "/some/prefix"), S3Server::Options()).value();
  }
  ObjectStore& store() override { return *store_; }

 private:
  std::unique_ptr<ObjectStore> store_;
};

template <typename GroundType>
class AnyObjectStore : public testing::Test {
 protected:
  ObjectStore& store() { return ground_.store(); }

  Status Put(std::string_view key, std::string_view content,
             IfExists if_exists = IfExists::kReplace) {
    return store().Put(context_, key, AsBytes(content), if_exists);
  }

  Result<std::string> Get(std::string_view key, ByteRange range = {}) {
    ASSIGN_OR_RETURN(const auto source, store().Get(context_, key, range));
    return ReadAll(*source, 100 << 20);
  }

  std::vector<std::string> Keys(std::string_view prefix) {
    std::vector<std::string> keys;
    const Status listed = store().List(context_, prefix, [&](const ObjectInfo& info) {
      keys.push_back(info.key);
      return Ok();
    });
    EXPECT_TRUE(IsOk(listed));
    return keys;
  }

  const Context context_ = Context::Background().WithTimeout(std::chrono::minutes(2));
  GroundType ground_;
};

using Grounds = testing::Types<DiskGround, MemoryGround, S3Ground>;
class GroundNames {
 public:
  template <typename GroundType>
  static std::string GetName(int /*index*/) {
    if (std::is_same_v<GroundType, DiskGround>) return "Disk";
    return std::is_same_v<GroundType, MemoryGround> ? "Memory" : "S3";
  }
};
TYPED_TEST_SUITE(AnyObjectStore, Grounds, GroundNames);

TYPED_TEST(AnyObjectStore, TakesAFileThatIsThereAlready) {
  const TempDir directory;
  ASSERT_TRUE(PosixFiles().WriteDurably(directory / "f", AsBytes("content")));
  ASSERT_TRUE(IsOk(this->Put("a/b", "old")));
  ASSERT_TRUE(IsOk(this->store().PutFile(this->context_, "a/b", PosixFiles(), directory / "f")));
  EXPECT_EQ(this->Get("a/b").value(), "content");
  EXPECT_FALSE(PosixFiles().Exists(directory / "f").value());
  EXPECT_EQ(CodeOf(this->store().PutFile(this->context_, "c", PosixFiles(), directory / "f")),
            ErrorCode::kNotFound);
}

TYPED_TEST(AnyObjectStore, GivesBackWhatWasPut) {
  ASSERT_TRUE(IsOk(this->Put("a/b", "first")));
  ASSERT_TRUE(IsOk(this->Put("empty", "")));
  EXPECT_EQ(this->Get("a/b").value(), "first");
  EXPECT_EQ(this->Get("empty").value(), "");
  ASSERT_TRUE(IsOk(this->Put("a/b", "second")));
  EXPECT_EQ(this->Get("a/b").value(), "second");
}

TYPED_TEST(AnyObjectStore, AnAbsentObjectIsNotFoundAndSoIsADirectory) {
  ASSERT_TRUE(IsOk(this->Put("a/b", "x")));
  for (const char* key : {"nothing", "a", "a/c", "a/b/c"}) {
    EXPECT_EQ(CodeOf(this->Get(key)), ErrorCode::kNotFound) << key;
    EXPECT_EQ(CodeOf(this->store().Stat(this->context_, key)), ErrorCode::kNotFound) << key;
    EXPECT_FALSE(this->store().Exists(this->context_, key).value()) << key;
  }
}

TYPED_TEST(AnyObjectStore, StatTellsTheSize) {
  ASSERT_TRUE(IsOk(this->Put("a/b", "12345")));
  const auto info = this->store().Stat(this->context_, "a/b");
  ASSERT_TRUE(IsOk(info));
  EXPECT_EQ(info->key, "a/b");
  EXPECT_EQ(info->size, 5U);
}

TYPED_TEST(AnyObjectStore, ReadsRangesAndLeavesOutWhatLiesBeyondTheEnd) {
  ASSERT_TRUE(IsOk(this->Put("k", "0123456789")));
  EXPECT_EQ(this->Get("k", {.offset = 3}).value(), "3456789");
  EXPECT_EQ(this->Get("k", {.offset = 3, .length = 4}).value(), "3456");
  EXPECT_EQ(this->Get("k", {.offset = 8, .length = 100}).value(), "89");
  EXPECT_EQ(this->Get("k", {.offset = 10}).value(), "");
  EXPECT_EQ(this->Get("k", {.offset = 1000, .length = 5}).value(), "");
  EXPECT_EQ(this->Get("k", {.offset = 2, .length = 0}).value(), "");
}

TYPED_TEST(AnyObjectStore, StreamsMoreThanItsBuffers) {
  const auto rng = SeededRng(7);
  std::string large(23 << 20, '\0');  // above one part of an upload and one read-ahead
  rng->Fill(std::as_writable_bytes(std::span(large)));
  const auto source = SourceOf(large);
  ASSERT_TRUE(IsOk(this->store().Put(this->context_, "large", *source)));
  EXPECT_TRUE(this->Get("large").value() == large);
  EXPECT_TRUE(this->Get("large", {.offset = 5 << 20, .length = 9 << 20}).value() ==
              large.substr(5 << 20, 9 << 20));
  EXPECT_EQ(this->store().Get(this->context_, "large").value()->Size(), large.size());
}

TYPED_TEST(AnyObjectStore, NobodySeesAnObjectBeforeItsCommit) {
  auto writer = this->store().Create(this->context_, "a/new", IfExists::kReplace);
  ASSERT_TRUE(IsOk(writer));
  ASSERT_TRUE(IsOk((*writer)->Write(AsBytes("half"))));
  EXPECT_FALSE(this->store().Exists(this->context_, "a/new").value());
  EXPECT_THAT(this->Keys(""), IsEmpty());
  ASSERT_TRUE(IsOk((*writer)->Commit()));
  EXPECT_EQ(this->Get("a/new").value(), "half");
}

TYPED_TEST(AnyObjectStore, AWriterThatIsDroppedLeavesNothing) {
  const std::string many_parts(12 << 20, 'x');
  for (const std::string& content : {std::string(), std::string("small"), many_parts}) {
    auto writer = this->store().Create(this->context_, "dropped", IfExists::kReplace);
    ASSERT_TRUE(IsOk(writer));
    ASSERT_TRUE(IsOk((*writer)->Write(AsBytes(content))));
    writer->reset();
    EXPECT_FALSE(this->store().Exists(this->context_, "dropped").value());
  }
  EXPECT_THAT(this->Keys(""), IsEmpty());
}

TYPED_TEST(AnyObjectStore, ADroppedWriterLeavesTheOldObject) {
  ASSERT_TRUE(IsOk(this->Put("k", "old")));
  auto writer = this->store().Create(this->context_, "k", IfExists::kReplace);
  ASSERT_TRUE(IsOk(writer));
  ASSERT_TRUE(IsOk((*writer)->Write(AsBytes("new"))));
  writer->reset();
  EXPECT_EQ(this->Get("k").value(), "old");
}

TYPED_TEST(AnyObjectStore, PutIfAbsentLeavesAnObjectThatIsThere) {
  ASSERT_TRUE(IsOk(this->Put("k", "old", IfExists::kFail)));
  EXPECT_EQ(CodeOf(this->Put("k", "new", IfExists::kFail)), ErrorCode::kAlreadyExists);
  EXPECT_EQ(this->Get("k").value(), "old");
}

TYPED_TEST(AnyObjectStore, ListsByPrefixWithoutRegardToSlashes) {
  for (const char* key : {"a", "ab/1", "ab/2", "ab/c/3", "b/1"}) {
    ASSERT_TRUE(IsOk(this->Put(key, "x")));
  }
  EXPECT_THAT(this->Keys(""), UnorderedElementsAre("a", "ab/1", "ab/2", "ab/c/3", "b/1"));
  EXPECT_THAT(this->Keys("a"), UnorderedElementsAre("a", "ab/1", "ab/2", "ab/c/3"));
  EXPECT_THAT(this->Keys("ab/"), UnorderedElementsAre("ab/1", "ab/2", "ab/c/3"));
  EXPECT_THAT(this->Keys("ab/c"), ElementsAre("ab/c/3"));
  EXPECT_THAT(this->Keys("none/here"), IsEmpty());
}

TYPED_TEST(AnyObjectStore, AnErrorOfTheVisitorEndsTheListing) {
  ASSERT_TRUE(IsOk(this->Put("a", "x")));
  ASSERT_TRUE(IsOk(this->Put("b", "x")));
  int seen = 0;
  const Status listed = this->store().List(this->context_, "", [&](const ObjectInfo& /*info*/) {
    ++seen;
    return Status(Cancelled("enough"));
  });
  EXPECT_EQ(CodeOf(listed), ErrorCode::kCancelled);
  EXPECT_EQ(seen, 1);
}

TYPED_TEST(AnyObjectStore, DeletesWhatIsThereAndMindsNothingThatIsNot) {
  ASSERT_TRUE(IsOk(this->Put("a/b", "x")));
  EXPECT_TRUE(IsOk(this->store().Delete(this->context_, "a")));  // no object
  EXPECT_TRUE(this->store().Exists(this->context_, "a/b").value());
  EXPECT_TRUE(IsOk(this->store().Delete(this->context_, "a/b")));
  EXPECT_FALSE(this->store().Exists(this->context_, "a/b").value());
  EXPECT_TRUE(IsOk(this->store().Delete(this->context_, "a/b")));
  EXPECT_THAT(this->Keys(""), IsEmpty());
}

TYPED_TEST(AnyObjectStore, RefusesABadKeyInEveryCall) {
  for (const char* key : {"", "../x", "/x", "a/.hidden"}) {
    EXPECT_EQ(CodeOf(this->Put(key, "x")), ErrorCode::kInvalid);
    EXPECT_EQ(CodeOf(this->Get(key)), ErrorCode::kInvalid);
    EXPECT_EQ(CodeOf(this->store().Stat(this->context_, key)), ErrorCode::kInvalid);
    EXPECT_EQ(CodeOf(this->store().Delete(this->context_, key)), ErrorCode::kInvalid);
  }
}

TYPED_TEST(AnyObjectStore, KeepsKeysWithUnusualLetters) {
  for (const char* key : {"with space/a+b", "per%cent", "ключ/ü", "a=b&c?d#e"}) {
    ASSERT_TRUE(IsOk(this->Put(key, key))) << key;
    EXPECT_EQ(this->Get(key).value(), key);
  }
  EXPECT_THAT(this->Keys(""),
              UnorderedElementsAre("with space/a+b", "per%cent", "ключ/ü", "a=b&c?d#e"));
}

TYPED_TEST(AnyObjectStore, StopsWhenTheCallerGaveUp) {
  ASSERT_TRUE(IsOk(this->Put("k", "x")));
  std::stop_source stop;
  const Context context = Context::Background().WithCancel(stop.get_token());
  const auto source = this->store().Get(context, "k");
  ASSERT_TRUE(IsOk(source));
  auto writer = this->store().Create(context, "new", IfExists::kReplace);
  ASSERT_TRUE(IsOk(writer));
  stop.request_stop();
  std::byte one;
  EXPECT_EQ(CodeOf((*source)->Read({&one, 1})), ErrorCode::kCancelled);
  EXPECT_EQ(CodeOf((*writer)->Commit()), ErrorCode::kCancelled);
  EXPECT_EQ(CodeOf(this->store().Stat(context, "k")), ErrorCode::kCancelled);
}

}  // namespace
}  // namespace weir::objects
