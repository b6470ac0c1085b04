#include "datasets/testing/dataset_home.h"

#include <fmt/format.h>

#include "control/group_commit_store.h"
#include "control/sqlite_store.h"

namespace weir::datasets {
namespace {

odf::DataType Required(auto type) { return odf::DataType{.value = std::move(type)}; }

odf::SetDataSchema Schema() {
  odf::DataSchema schema;
  schema.fields.push_back({.name = "offset", .type = Required(odf::DataTypeInt64{})});
  schema.fields.push_back({.name = "op", .type = Required(odf::DataTypeInt32{})});
  schema.fields.push_back({.name = "value", .type = Required(odf::DataTypeString{})});
  return {.schema = std::move(schema)};
}

odf::AddPushSource PushSource() {
  return {.source_name = "default",
          .read = {.value = odf::ReadStepNdJson{}},
          .merge = {.value = odf::MergeStrategyAppend{}}};
}

std::unique_ptr<control::Store> OpenStoreOn(const control::FaultyDisk& disk) {
  const control::SqliteBackend::Options options{.connection = {.vfs = disk.vfs()},
                                                .checkpoints_aside = false};
  auto backend = control::SqliteBackend::Open("/control.db", options, nullptr).value();
  return control::GroupCommitStore::Open(std::move(backend), {}, SystemClock()).value();
}

}  // namespace

DatasetHome::DatasetHome(control::FaultyDisk* disk)
    : disk_(disk), objects_("/home/datasets", files_) {
  Reopen();
}

void DatasetHome::Reopen() {
  chains_.reset();
  store_.reset();
  store_ = disk_ != nullptr ? OpenStoreOn(*disk_)
                            : control::OpenSqliteStore(directory_.path() / "control.db").value();
  packs_ = std::make_unique<PackStore>(files_, "/home/cache/packed");
  chains_ = std::make_unique<ChainStore>(*store_, objects_, packs_.get());
}

odf::DatasetId DatasetHome::IdOf(std::uint8_t number) {
  odf::DatasetId::PublicKey key{};
  key.fill(number);
  return odf::DatasetId(key);
}

odf::DatasetId DatasetHome::id() { return IdOf(7); }

Timestamp DatasetHome::Second(int second) {
  return ParseTimestamp("2026-01-01T00:00:00Z").value() + std::chrono::seconds(second);
}

AppendRequest DatasetHome::Beginning(const odf::DatasetId& dataset) const {
  AppendRequest request{.id = dataset, .system_time = Second(0)};
  const odf::Seed seed{.dataset_id = dataset, .dataset_kind = odf::DatasetKind::kRoot};
  request.blocks.push_back({.event = {seed}});
  request.blocks.push_back({.event = {PushSource()}});
  request.blocks.push_back({.event = {Schema()}});
  return request;
}

ChainRecord DatasetHome::Begin(const odf::DatasetId& dataset) {
  ChainRecord record = chains().Append(context(), Beginning(dataset)).value();
  const Status published = chains().Publish(context(), dataset);
  published.value();
  return record;
}

AppendRequest DatasetHome::Rows(const ChainRecord& record, std::uint64_t rows, int second,
                                int seed) const {
  const std::uint64_t first = record.chain.last_offset ? *record.chain.last_offset + 1 : 0;
  const std::string content = fmt::format("{} rows from {} on, {}", rows, first, seed);
  odf::AddData data{.prev_checkpoint = record.chain.checkpoint,
                    .prev_offset = record.chain.last_offset,
                    .new_data = odf::DataSlice{.logical_hash = Multihash(
                                                   Multihash::kArrow0Sha3_256,
                                                   Multihash::Sha3Of(AsBytes(content)).digest()),
                                               .physical_hash = Multihash::Sha3Of(AsBytes(content)),
                                               .offset_interval = {first, first + rows - 1},
                                               .size = content.size()},
                    .new_watermark = record.chain.watermark};
  return {.id = record.chain.seed->dataset_id,
          .expected_head = record.chain.head,
          .system_time = Second(second),
          .blocks = {{.event = {std::move(data)},
                      .slice = NewSlice{.facts = {.rows = rows}, .content = content}}}};
}

AppendRequest DatasetHome::Checkpoint(const ChainRecord& record, const std::string& content,
                                      int second) {
  const Multihash hash = Multihash::Sha3Of(AsBytes(content));
  const odf::DatasetId dataset = record.chain.seed->dataset_id;
  const std::string name = Repository::NameOf(Repository::Part::kCheckpoint, hash);
  objects_.Put(context(), dataset.ToMultibase() + "/" + name, AsBytes(content)).value();
  odf::AddData data{
      .prev_checkpoint = record.chain.checkpoint,
      .prev_offset = record.chain.last_offset,
      .new_checkpoint = odf::Checkpoint{.physical_hash = hash, .size = content.size()},
      .new_watermark = record.chain.watermark};
  return {.id = dataset,
          .expected_head = record.chain.head,
          .system_time = Second(second),
          .blocks = {{.event = {std::move(data)}}}};
}

}  // namespace weir::datasets
