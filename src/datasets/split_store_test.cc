#include "datasets/split_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "datasets/adopt.h"
#include "datasets/publisher.h"
#include "datasets/testing/dataset_home.h"
#include "datasets/transfer.h"
#include "datasets/verify.h"

namespace weir::datasets {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// Two stores behind the chains of a home.
struct SplitHome {
  // What lies in a store of a dataset.
  std::vector<std::string> Keys(objects::ObjectStore& objects, const odf::DatasetId& id) {
    std::vector<std::string> keys;
    const auto visit = [&](const objects::ObjectInfo& object) {
      keys.push_back(object.key);
      return Ok();
    };
    EXPECT_TRUE(IsOk(objects.List(home.context(), id.ToMultibase() + "/", visit)));
    return keys;
  }

  // A chain of one block, published.
  odf::DatasetId Make(std::uint8_t number, odf::DatasetKind kind) {
    const odf::DatasetId id = DatasetHome::IdOf(number);
    AppendRequest request{.id = id, .system_time = DatasetHome::Second(0)};
    request.blocks.push_back({.event = {odf::Seed{.dataset_id = id, .dataset_kind = kind}}});
    EXPECT_TRUE(IsOk(chains.Append(home.context(), request)));
    EXPECT_TRUE(IsOk(chains.PublishAll(home.context())));
    return id;
  }

  DatasetHome home;
  FakeFiles files;
  objects::LocalObjectStore roots{"/roots", files};
  objects::LocalObjectStore derivatives{"/derivatives", files};
  SplitStore store{home.store(), roots, derivatives};
  ChainStore chains{home.store(), store};
};

TEST(SplitStore, KeepsRootsAndDerivativesApart) {
  SplitHome split;
  const odf::DatasetId root = split.Make(1, odf::DatasetKind::kRoot);
  const odf::DatasetId derivative = split.Make(2, odf::DatasetKind::kDerivative);
  EXPECT_THAT(split.Keys(split.roots, root), SizeIs(2));  // a block and refs/head
  EXPECT_THAT(split.Keys(split.derivatives, root), IsEmpty());
  EXPECT_THAT(split.Keys(split.derivatives, derivative), SizeIs(2));
  EXPECT_THAT(split.Keys(split.roots, derivative), IsEmpty());
  for (const odf::DatasetId& id : {root, derivative}) {
    EXPECT_TRUE(IsOk(Verify(split.home.context(), split.chains, id)));
    EXPECT_TRUE(IsOk(RebuildIndex(split.home.context(), split.chains, id)));
  }
  std::size_t all = 0;
  ASSERT_TRUE(IsOk(split.chains.ListObjects(split.home.context(), [&](const auto&) {
    ++all;
    return Ok();
  })));
  EXPECT_EQ(all, 4u);
}

TEST(SplitStore, ADerivativeThatIsPulledGoesWithTheDerivatives) {
  SplitHome from;
  const odf::DatasetId id = from.Make(3, odf::DatasetKind::kDerivative);
  SplitHome to;
  const auto pulled = Pull(to.home.context(), to.chains, from.chains.RepositoryOf(id));
  ASSERT_TRUE(IsOk(pulled));
  EXPECT_EQ(pulled->id, id);
  EXPECT_THAT(to.Keys(to.derivatives, id), SizeIs(2));
  EXPECT_THAT(to.Keys(to.roots, id), IsEmpty());
  EXPECT_TRUE(IsOk(Verify(to.home.context(), to.chains, id)));
}

TEST(SplitStore, WhatIsUnderAnUnknownIdIsFoundAndRemovedInEither) {
  SplitHome split;
  const Context context = split.home.context();
  const odf::DatasetId id = DatasetHome::IdOf(9);
  const std::string key = id.ToMultibase() + "/data/x";
  for (objects::ObjectStore* store : {static_cast<objects::ObjectStore*>(&split.roots),
                                      static_cast<objects::ObjectStore*>(&split.derivatives)}) {
    ASSERT_TRUE(IsOk(store->Put(context, key, AsBytes("x"))));
    EXPECT_EQ(split.store.GetAll(context, key, 10).value(), "x");
    EXPECT_EQ(split.store.Stat(context, key)->size, 1u);
    ASSERT_TRUE(IsOk(split.store.Delete(context, key)));
    EXPECT_EQ(CodeOf(split.store.Stat(context, key)), ErrorCode::kNotFound);
  }
}

// Goal: a home does not begin anew in stores that are not its own. Method: publish a root and a
// derivative, and open the same records over other stores.
TEST(SplitStore, StoresThatAreExchangedAreNamed) {
  SplitHome split;
  split.Make(1, odf::DatasetKind::kRoot);
  split.Make(2, odf::DatasetKind::kDerivative);
  SplitStore exchanged(split.home.store(), split.derivatives, split.roots);
  ChainStore chains(split.home.store(), exchanged);
  const Context context = split.home.context();
  const Status opened = ReconcileAll(context, chains, &exchanged, *Logger::Silent());
  EXPECT_EQ(CodeOf(opened), ErrorCode::kInvalid);
  EXPECT_TRUE(IsOk(ReconcileAll(context, split.chains, &split.store, *Logger::Silent())));
}

TEST(SplitStore, AMissingStoreOfRootsIsNamedAndOneOfDerivativesIsLogged) {
  SplitHome split;
  split.Make(1, odf::DatasetKind::kRoot);
  const odf::DatasetId derivative = split.Make(2, odf::DatasetKind::kDerivative);
  const Context context = split.home.context();
  objects::LocalObjectStore empty("/empty", split.files);

  SplitStore without_roots(split.home.store(), empty, split.derivatives);
  ChainStore rootless(split.home.store(), without_roots);
  const Status opened = ReconcileAll(context, rootless, &without_roots, *Logger::Silent());
  EXPECT_EQ(CodeOf(opened), ErrorCode::kUnavailable);

  SplitStore without_derivatives(split.home.store(), split.roots, empty);
  ChainStore chains(split.home.store(), without_derivatives);
  std::string logged;
  const auto log = Logger::ToFunction(LogLevel::kInfo, LogFormat::kJson,
                                      [&](std::string_view line) { logged += line; });
  ASSERT_TRUE(IsOk(ReconcileAll(context, chains, &without_derivatives, *log)));
  EXPECT_THAT(logged, testing::HasSubstr("repositories_missing"));
  // A head that leads to nothing would look like a dataset.
  EXPECT_EQ(chains.RepositoryOf(derivative).Head(context).value(), std::nullopt);
}

}  // namespace
}  // namespace weir::datasets
