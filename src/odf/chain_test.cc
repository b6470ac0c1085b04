#include "odf/chain.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <map>

#include "base/files.h"
#include "odf/codec.h"
#include "odf/json.h"

namespace weir::odf {
namespace {

namespace fs = std::filesystem;

MetadataEvent Event(const char* json) {
  return MetadataEventFromJson(boost::json::parse(json)).value();
}

constexpr const char* kSeedRoot =
    R"({"kind":"Seed","datasetKind":"Root","datasetId":"did:odf:fed012e6fcce36701dc791488e0d0b1745cc1e33a4c1c9fcc41c63bd343dbbe0970e6"})";
constexpr const char* kSeedDerivative =
    R"({"kind":"Seed","datasetKind":"Derivative","datasetId":"did:odf:fed012e6fcce36701dc791488e0d0b1745cc1e33a4c1c9fcc41c63bd343dbbe0970e6"})";
constexpr const char* kSchema =
    R"({"kind":"SetDataSchema","schema":{"fields":[{"name":"a","type":"Int64"}]}})";
constexpr const char* kPush =
    R"({"kind":"AddPushSource","sourceName":"p","read":{"kind":"NdJson"},"merge":{"kind":"Append"}})";
constexpr const char* kPoll =
    R"({"kind":"SetPollingSource","fetch":{"kind":"Url","url":"u"},"read":{"kind":"NdJson"},"merge":{"kind":"Append"}})";
constexpr const char* kTransform =
    R"({"kind":"SetTransform","inputs":[{"datasetRef":"did:odf:fed012e6fcce36701dc791488e0d0b1745cc1e33a4c1c9fcc41c63bd343dbbe0970e6","alias":"a"}],"transform":{"kind":"Sql","engine":"duckdb","queries":[{"query":"select 1"}]}})";

// A chain that blocks are appended to, each after the last unless told otherwise.
class TestChain {
 public:
  TestChain(std::initializer_list<const char*> events = {}) {
    for (const char* event : events) Append(Event(event)).value();
  }

  MetadataBlock Next(MetadataEvent event) const {
    return {.system_time = Timestamp(std::chrono::seconds(1'000 + static_cast<long>(count_))),
            .prev_block_hash = state.head,
            .sequence_number = state.head ? state.sequence_number + 1 : 0,
            .event = std::move(event)};
  }

  Status Append(const MetadataBlock& block, Strictness strictness = Strictness::kOurs) {
    ++count_;
    return AppendToChain(state, HashOfBlock(EncodeBlock(block)), block, strictness, &warnings);
  }
  Status Append(MetadataEvent event) { return Append(Next(std::move(event))); }
  Status Append(const char* event) { return Append(Event(event)); }

  ChainState state;
  std::vector<std::string> warnings;

 private:
  std::size_t count_ = 0;
};

MetadataEvent Data(std::optional<std::uint64_t> previous, std::uint64_t start, std::uint64_t end) {
  const Multihash hash = HashOfBlock(AsBytes("data"));
  AddData event;
  event.prev_offset = previous;
  event.new_data = DataSlice{hash, hash, {start, end}, 10};
  return MetadataEvent{event};
}

void ExpectBroken(const Status& status, ChainRule rule) {
  ASSERT_FALSE(status) << "the rule " << NameOf(rule) << " did not hold it up";
  EXPECT_EQ(status.error().code, ErrorCode::kInvalid);
  EXPECT_NE(status.error().message.find(fmt::format("the rule {}:", NameOf(rule))),
            std::string::npos)
      << status.error().message;
  EXPECT_EQ(status.error().message.rfind("block f1620", 0), 0U);
}

TEST(Chain, OfAForeignDatasetHolds) {
  const fs::path dataset = fs::path(WEIR_TEST_DATA) / "odf/kamu-dataset/population";
  std::map<std::uint64_t, std::pair<Multihash, MetadataBlock>> blocks;
  for (const auto& entry : fs::directory_iterator(dataset / "blocks")) {
    const std::string bytes = PosixFiles().ReadAll(entry.path()).value();
    const MetadataBlock block = DecodeBlock(AsBytes(bytes)).value().block;
    blocks.insert({block.sequence_number, {HashOfBlock(AsBytes(bytes)), block}});
  }
  ChainState state;
  std::vector<std::string> warnings;
  for (const auto& [number, block] : blocks) {
    const Status status =
        AppendToChain(state, block.first, block.second, Strictness::kForeign, &warnings);
    ASSERT_TRUE(status) << status.error().message;
  }
  EXPECT_EQ(state.head->ToText(), PosixFiles().ReadAll(dataset / "refs/head").value());
  EXPECT_EQ(state.last_offset, 8U);
  EXPECT_EQ(FormatTimestamp(*state.watermark), "2020-03-01T00:00:00Z");
  EXPECT_TRUE(warnings.empty());
}

TEST(Chain, BeginsWithASeedAndHasOne) {
  TestChain chain;
  ExpectBroken(chain.Append(kPush), ChainRule::kSeedFirst);
  ASSERT_TRUE(chain.Append(kSeedRoot));
  ExpectBroken(chain.Append(kSeedRoot), ChainRule::kSeedFirst);
}

TEST(Chain, LinksEachBlockToTheLast) {
  TestChain chain{kSeedRoot};
  MetadataBlock block = chain.Next(Event(kPush));
  block.prev_block_hash = HashOfBlock(AsBytes("elsewhere"));
  ExpectBroken(chain.Append(block), ChainRule::kParent);
  block = chain.Next(Event(kPush));
  block.sequence_number = 2;
  ExpectBroken(chain.Append(block), ChainRule::kSequence);
  block = chain.Next(Event(kPush));
  block.system_time = Timestamp(std::chrono::seconds(1));
  ExpectBroken(chain.Append(block), ChainRule::kSystemTime);
}

TEST(Chain, ABrokenBlockLeavesTheStateAsItWas) {
  TestChain chain{kSeedRoot, kSchema};
  const auto head = chain.state.head;
  ExpectBroken(chain.Append(Data(std::nullopt, 5, 6)), ChainRule::kOffsets);
  EXPECT_EQ(chain.state.head, head);
  EXPECT_TRUE(chain.Append(Data(std::nullopt, 0, 6)));
}

TEST(Chain, OffsetsGoOnWithoutGaps) {
  TestChain chain{kSeedRoot, kSchema};
  ASSERT_TRUE(chain.Append(Data(std::nullopt, 0, 9)));
  ExpectBroken(chain.Append(Data(std::nullopt, 10, 11)), ChainRule::kOffsets);
  ExpectBroken(chain.Append(Data(9, 11, 12)), ChainRule::kOffsets);
  ExpectBroken(chain.Append(Data(9, 10, 9)), ChainRule::kOffsets);
  ASSERT_TRUE(chain.Append(Data(9, 10, 10)));
  EXPECT_EQ(chain.state.last_offset, 10U);
}

TEST(Chain, TheWatermarkIsNeverLostAndNeverGoesBack) {
  TestChain chain{kSeedRoot, kSchema};
  AddData event;
  event.new_watermark = Timestamp(std::chrono::seconds(100));
  ASSERT_TRUE(chain.Append(MetadataEvent{event}));
  ExpectBroken(chain.Append(Data(std::nullopt, 0, 0)), ChainRule::kWatermark);
  event.new_watermark = Timestamp(std::chrono::seconds(99));
  ExpectBroken(chain.Append(MetadataEvent{event}), ChainRule::kWatermark);
  event.new_watermark = Timestamp(std::chrono::seconds(100));
  ExpectBroken(chain.Append(MetadataEvent{event}), ChainRule::kNotNoop);
}

TEST(Chain, DataEventsSaySomethingNew) {
  TestChain chain{kSeedRoot};
  ExpectBroken(chain.Append(MetadataEvent{AddData{}}), ChainRule::kNotEmpty);
  AddData event;
  event.new_source_state = SourceState{"default", "odf/etag", "1"};
  ASSERT_TRUE(chain.Append(MetadataEvent{event}));
  ExpectBroken(chain.Append(MetadataEvent{event}), ChainRule::kNotNoop);
}

TEST(Chain, CheckpointsFollowEachOther) {
  TestChain chain{kSeedRoot};
  AddData event;
  event.new_checkpoint = Checkpoint{HashOfBlock(AsBytes("one")), 1};
  ASSERT_TRUE(chain.Append(MetadataEvent{event}));
  event.new_checkpoint = Checkpoint{HashOfBlock(AsBytes("two")), 1};
  ExpectBroken(chain.Append(MetadataEvent{event}), ChainRule::kCheckpoint);
  event.prev_checkpoint = HashOfBlock(AsBytes("one"));
  EXPECT_TRUE(chain.Append(MetadataEvent{event}));
}

TEST(Chain, DataNeedsASchema) {
  TestChain chain{kSeedRoot};
  ExpectBroken(chain.Append(Data(std::nullopt, 0, 0)), ChainRule::kSchemaBeforeData);
}

TEST(Chain, WhatDoesNotFitTheKindIsRefusedFromUsAndForgivenToOthers) {
  TestChain ours{kSeedDerivative, kSchema};
  ExpectBroken(ours.Append(Data(std::nullopt, 0, 0)), ChainRule::kEventFitsKind);
  TestChain foreign{kSeedDerivative, kSchema};
  EXPECT_TRUE(foreign.Append(foreign.Next(Data(std::nullopt, 0, 0)), Strictness::kForeign));
  EXPECT_EQ(foreign.warnings.size(), 1U);
}

TEST(Chain, PollingAndPushSourcesExcludeEachOther) {
  TestChain pushed{kSeedRoot, kPush};
  ExpectBroken(pushed.Append(kPoll), ChainRule::kSources);
  ExpectBroken(pushed.Append(kPush), ChainRule::kNotNoop);
  TestChain polled{kSeedRoot, kPoll};
  ExpectBroken(polled.Append(kPush), ChainRule::kSources);
  EXPECT_TRUE(polled.Append(R"({"kind":"DisablePollingSource"})"));
  EXPECT_TRUE(polled.Append(kPush));
}

TEST(Chain, TransformStepsGoOnWhereTheLastOneEnded) {
  TestChain chain{kSeedDerivative};
  ExecuteTransform step;
  step.query_inputs = {{.dataset_id = chain.state.seed->dataset_id,
                        .new_block_hash = HashOfBlock(AsBytes("b1")),
                        .new_offset = 5}};
  ExpectBroken(chain.Append(MetadataEvent{step}), ChainRule::kInputs);
  ASSERT_TRUE(chain.Append(kTransform));
  ASSERT_TRUE(chain.Append(MetadataEvent{step}));
  ExpectBroken(chain.Append(MetadataEvent{step}), ChainRule::kInputs);
  step.query_inputs[0].prev_block_hash = step.query_inputs[0].new_block_hash;
  step.query_inputs[0].prev_offset = 5;
  ExpectBroken(chain.Append(MetadataEvent{step}), ChainRule::kInputs);  // the block it had
  step.query_inputs[0].new_block_hash = HashOfBlock(AsBytes("b2"));
  step.query_inputs[0].new_offset = 9;
  EXPECT_TRUE(chain.Append(MetadataEvent{step}));
}

TEST(Chain, TheSchemaChangesOnlyAsAllowed) {
  const auto with = [](const char* fields) {
    return fmt::format(R"({{"kind":"SetDataSchema","schema":{{"fields":[{}]}}}})", fields);
  };
  const auto try_change = [&](const char* before, const char* after) {
    TestChain chain{kSeedRoot, with(before).c_str()};
    return chain.Append(with(after).c_str());
  };
  const char* a = R"({"name":"a","type":"Int64"})";
  const char* a_optional = R"({"name":"a","type":{"kind":"Option","inner":"Int64"}})";
  const char* a_text = R"({"name":"a","type":"String"})";
  const char* b_then_a =
      R"({"name":"b","type":{"kind":"Option","inner":"String"}},{"name":"a","type":"Int64"})";
  const char* a_and_required = R"({"name":"a","type":"Int64"},{"name":"b","type":"String"})";
  const char* a_described =
      R"({"name":"a","type":"Int64","extra":{"opendatafabric.org/description":"x"}})";
  EXPECT_TRUE(try_change(a, b_then_a));
  EXPECT_TRUE(try_change(a, a_described));
  ExpectBroken(try_change(a, a), ChainRule::kNotNoop);
  ExpectBroken(try_change(b_then_a, a), ChainRule::kSchemaChange);
  ExpectBroken(try_change(a, a_text), ChainRule::kSchemaChange);
  ExpectBroken(try_change(a, a_optional), ChainRule::kSchemaChange);
  ExpectBroken(try_change(a_optional, a), ChainRule::kSchemaChange);
  ExpectBroken(try_change(a, a_and_required), ChainRule::kSchemaChange);
}

TEST(NormalizeTransform, MovesTheShortFormIntoSteps) {
  const TransformSql normalized =
      NormalizeTransform({.engine = "duckdb", .query = "select 1"}).value();
  EXPECT_FALSE(normalized.query);
  ASSERT_EQ(normalized.queries->size(), 1U);
  EXPECT_EQ(normalized.queries->front().query, "select 1");
  EXPECT_FALSE(NormalizeTransform({.engine = "duckdb"}));
}

}  // namespace
}  // namespace weir::odf
