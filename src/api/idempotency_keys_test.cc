#include "api/idempotency_keys.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "api/idempotency_record.h"
#include "api/signature.h"
#include "base/hex.h"
#include "base/sha256.h"
#include "base/testing/fake_clock.h"
#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "control/sqlite_store.h"

namespace weir::api {
namespace {

using namespace std::chrono_literals;

class IdempotencyKeysTest : public testing::Test {
 protected:
  IdempotencyKeysTest() { Open(); }

  void Open() {
    keys_.reset();
    store_.reset();
    store_ = control::OpenSqliteStore(home_ / "control.db", {}, clock_).value();
    keys_ = std::make_unique<IdempotencyKeys>(*store_, clock_, "signing-key");
  }

  static Context As(std::string principal) {
    return Context::Background().WithPrincipal({std::move(principal)});
  }

  Outcome Run(std::string_view key, std::string_view request,
              const std::function<Outcome()>& handle) {
    return keys_->Run(As("owner"), key, request, handle);
  }

  // Counts its runs and answers with the count.
  Outcome Count(std::string_view key, std::string_view request) {
    return Run(key, request, [&]() -> Outcome {
      Response response{.status = 202, .headers = {{"X-Run", std::to_string(++runs_)}}};
      response.body = "run " + std::to_string(runs_);
      return response;
    });
  }

  std::size_t StoredEntries() {
    return store_->Read(As("owner")).value()->Scan(control::Key("idempotency")).value().size();
  }

  const TempDir home_;
  FakeClock clock_;
  std::unique_ptr<control::Store> store_;
  std::unique_ptr<IdempotencyKeys> keys_;
  int runs_ = 0;
};

std::string BodyOf(Outcome& outcome) { return std::get<std::string>(outcome.response().body); }

TEST_F(IdempotencyKeysTest, TheSameRequestGetsTheFirstAnswerAgain) {
  Count("k", "request");
  Outcome again = Count("k", "request");
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again.response().status, 202);
  EXPECT_EQ(BodyOf(again), "run 1");
  EXPECT_EQ(again.response().headers.Get("X-Run"), "1");
  EXPECT_EQ(again.response().headers.Get("Idempotency-Replayed"), "true");
  EXPECT_EQ(runs_, 1);
}

TEST_F(IdempotencyKeysTest, AnotherRequestWithTheKeyIsRefused) {
  Count("k", "request");
  Outcome other = Count("k", "another");
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(StatusOf(other.problem()), 422);
  EXPECT_EQ(runs_, 1);
}

TEST_F(IdempotencyKeysTest, KeysOfDifferentPrincipalsAreDifferent) {
  Count("k", "request");
  const Outcome other = keys_->Run(As("ann"), "k", "request", [&]() -> Outcome {
    ++runs_;
    return Response{};
  });
  EXPECT_TRUE(other.ok());
  EXPECT_EQ(runs_, 2);
}

TEST_F(IdempotencyKeysTest, ARequestThatIsStillRunningIsNotRunTwice) {
  Outcome first = Run("k", "request", [&]() -> Outcome {
    Outcome second = Count("k", "request");
    EXPECT_FALSE(second.ok());
    EXPECT_EQ(StatusOf(second.problem()), 409);
    EXPECT_NE(second.problem().headers.Get("Retry-After"), std::nullopt);
    return Response{.body = "the first"};
  });
  EXPECT_EQ(BodyOf(first), "the first");
  EXPECT_EQ(runs_, 0);
}

TEST_F(IdempotencyKeysTest, WhatFailedMayBeTriedAgainAlsoAsAnotherRequest) {
  Outcome failed = Run("k", "request", [] { return Outcome(Conflict("no")); });
  EXPECT_EQ(StatusOf(failed.problem()), 409);
  EXPECT_EQ(StoredEntries(), 0U);
  Outcome again = Count("k", "another");
  EXPECT_EQ(BodyOf(again), "run 1");
}

TEST_F(IdempotencyKeysTest, AnswersOutliveTheProcess) {
  Count("k", "request");
  Open();
  Outcome again = Count("k", "request");
  EXPECT_EQ(BodyOf(again), "run 1");
}

TEST_F(IdempotencyKeysTest, AnswersAreKeptForADay) {
  Count("k", "request");
  clock_.Advance(24h - 1s);
  Count("k", "request");
  EXPECT_EQ(runs_, 1);
  clock_.Advance(1s);
  Count("k", "another");
  EXPECT_EQ(runs_, 2);
}

// A crash leaves the record of a request that runs no more: it stands in the way only for as long
// as the request could have run.
TEST_F(IdempotencyKeysTest, ARequestThatACrashCutOffIsRunAgainOnceItsTimeIsOver) {
  const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(clock_.Now().time_since_epoch());
  const auto left_behind = [&](control::Transaction& transaction) {
    return WriteRecord(
        transaction, IdempotencyKeyOf("owner", "k"),
        {.fingerprint = Sign("signing-key", "request:request"), .until = now.count() + 30});
  };
  ASSERT_TRUE(IsOk(store_->Transact(As("owner"), left_behind)));
  EXPECT_EQ(StatusOf(Count("k", "request").problem()), 409);
  clock_.Advance(30s);
  Outcome again = Count("k", "request");
  EXPECT_EQ(BodyOf(again), "run 1");
}

TEST_F(IdempotencyKeysTest, LargeAnswersComeBackWhole) {
  const std::string large(1'300'000, 'x');
  Run("k", "request", [&]() -> Outcome { return Response{.body = large}; });
  Outcome again = Count("k", "request");
  EXPECT_EQ(BodyOf(again), large);
  EXPECT_EQ(runs_, 0);
}

TEST_F(IdempotencyKeysTest, WhatIsOverIsErased) {
  for (int i = 0; i < 30; ++i) Count("k" + std::to_string(i), "request");
  EXPECT_EQ(StoredEntries(), 30U * 3);  // record, body, expiry
  clock_.Advance(25h);
  Count("a", "request");
  Count("b", "request");
  EXPECT_EQ(StoredEntries(), 2U * 3);
}

TEST_F(IdempotencyKeysTest, NothingOfTheRequestIsStoredNotEvenAPlainHash) {
  Count("k", "password: hunter2");
  const auto entries = store_->Read(As("owner")).value()->Scan(control::Key("idempotency")).value();
  const std::string plain = ToHex(Sha256::Of(AsBytes("request:password: hunter2")));
  for (const control::Entry& entry : entries) {
    EXPECT_EQ(entry.value.find("hunter2"), std::string::npos);
    EXPECT_EQ(entry.value.find(plain), std::string::npos);
  }
}

}  // namespace
}  // namespace weir::api
