#include "datasets/quarantine.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "datasets/append.h"
#include "datasets/chain_record.h"
#include "datasets/json_values.h"
#include "datasets/keys.h"

namespace weir::datasets {
namespace {

DatasetEntry EntryFor(const DatasetEntry& of, const odf::DatasetId& quarantine) {
  return {.id = quarantine, .workspace = of.workspace, .name = QuarantineName(of.name)};
}

odf::DataField Required(const char* name, odf::DataType type) {
  return {.name = name, .type = std::move(type)};
}

odf::DataField Optional(const char* name, odf::DataType type) {
  return {.name = name, .type = {odf::DataTypeOption{std::move(type)}}};
}

}  // namespace

std::string QuarantineName(std::string_view dataset) {
  return std::string(dataset) + "$quarantine";
}

Result<std::optional<odf::DatasetId>> FindQuarantine(control::Snapshot& snapshot,
                                                     const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const auto entry, snapshot.Get(QuarantineKey(id)));
  if (!entry) return std::optional<odf::DatasetId>();
  ASSIGN_OR_RETURN(const odf::DatasetId quarantine, odf::DatasetId::Parse(entry->value));
  // Long after its dataset was deleted its chain is gone.
  const auto record = ReadChainRecord(snapshot, quarantine);
  if (!record && record.error().code == ErrorCode::kNotFound) {
    return std::optional<odf::DatasetId>();
  }
  if (!record) return record.error();
  return std::optional(quarantine);
}

Status BeginQuarantine(control::Transaction& transaction, const DatasetEntry& of,
                       const odf::DatasetId& quarantine, Timestamp now) {
  AppendRequest request{.id = quarantine, .system_time = now};
  const odf::Seed seed{.dataset_id = quarantine, .dataset_kind = odf::DatasetKind::kRoot};
  request.blocks.push_back({.event = {seed}});
  request.blocks.push_back({.event = {odf::SetDataSchema{.schema = QuarantineSchema()}}});
  RETURN_IF_ERROR(AppendBlocks(transaction, request));
  RETURN_IF_ERROR(transaction.Put(QuarantineKey(of.id), quarantine.ToString()));
  return PutDataset(transaction, EntryFor(of, quarantine));
}

Status NameQuarantine(control::Transaction& transaction, const DatasetEntry& of) {
  ASSIGN_OR_RETURN(const auto quarantine, FindQuarantine(transaction, of.id));
  if (!quarantine) return Ok();
  RETURN_IF_ERROR(PutDataset(transaction, EntryFor(of, *quarantine)));
  return transaction.Delete(GoneKey(*quarantine));
}

Status RemoveQuarantine(control::Transaction& transaction, const DatasetEntry& of, Timestamp now) {
  ASSIGN_OR_RETURN(const auto quarantine, FindQuarantine(transaction, of.id));
  if (!quarantine) return Ok();
  const boost::json::object gone{
      {"workspace", of.workspace}, {"name", QuarantineName(of.name)}, {"at", Nanos(now)}};
  RETURN_IF_ERROR(transaction.Put(GoneKey(*quarantine), boost::json::serialize(gone)));
  return RemoveDataset(transaction, *quarantine);
}

odf::DataSchema QuarantineSchema() {
  const odf::DataType time{
      .value = odf::DataTypeTimestamp{.unit = odf::TimeUnit::kMillisecond, .timezone = "UTC"}};
  const odf::DataType text{.value = odf::DataTypeString{}};
  odf::DataSchema schema;
  schema.fields = {Required("offset", {.value = odf::DataTypeInt64{}}),
                   Required("op", {.value = odf::DataTypeInt32{}}),
                   Required("system_time", time),
                   Optional("event_time", time),
                   Required("check_name", text),
                   Required("reason", text),
                   Required("source", text),
                   Optional("position", text),
                   Required("record", text)};
  return schema;
}

}  // namespace weir::datasets
