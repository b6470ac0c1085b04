#include "datasets/index_rows.h"

#include <bit>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <exception>
#include <variant>

#include "base/base64.h"
#include "base/json_reader.h"
#include "datasets/json_values.h"

namespace weir::datasets {
namespace {

namespace json = boost::json;

// Texts may be cut inside a character and doubles may be infinite, so neither is written as JSON's
// own: a text is {"t": base64}, a double {"d": its bits}.
json::value Encode(const engine::Bound& bound) {
  struct {
    json::value operator()(std::monostate) const { return nullptr; }
    json::value operator()(bool value) const { return value; }
    json::value operator()(std::int64_t value) const { return value; }
    json::value operator()(double value) const {
      return json::object{{"d", std::bit_cast<std::int64_t>(value)}};
    }
    json::value operator()(const std::string& value) const {
      return json::object{{"t", EncodeBase64Url(AsBytes(value))}};
    }
  } encode;
  return std::visit(encode, bound);
}

engine::Bound BoundAt(const json::value& value) {
  if (value.is_null()) return std::monostate{};
  if (value.is_bool()) return value.get_bool();
  if (value.is_int64()) return value.get_int64();
  const json::object& wrapped = value.as_object();
  if (const auto* bits = wrapped.if_contains("d")) return std::bit_cast<double>(bits->as_int64());
  const Bytes text = Must(DecodeBase64Url(TextAt(wrapped.at("t"))));
  return std::string(AsText(text));
}

json::object Encode(const slices::SliceFacts& facts) {
  json::array columns;
  for (const slices::ColumnFacts& column : facts.columns) {
    columns.push_back(
        json::array{Encode(column.bounds.min), Encode(column.bounds.max), column.nulls});
  }
  json::object object{{"rows", facts.rows}, {"columns", std::move(columns)}};
  if (facts.min_event_time) object["minTime"] = Nanos(*facts.min_event_time);
  if (facts.max_event_time) object["maxTime"] = Nanos(*facts.max_event_time);
  return object;
}

slices::SliceFacts FactsAt(const json::object& object) {
  slices::SliceFacts facts{.rows = NumberAt(object.at("rows"))};
  if (const auto* time = object.if_contains("minTime")) facts.min_event_time = TimeAt(*time);
  if (const auto* time = object.if_contains("maxTime")) facts.max_event_time = TimeAt(*time);
  for (const json::value& each : object.at("columns").as_array()) {
    const json::array& column = each.as_array();
    facts.columns.push_back({.bounds = {BoundAt(column.at(0)), BoundAt(column.at(1))},
                             .nulls = NumberAt(column.at(2))});
  }
  return facts;
}

template <typename Row>
Result<Row> Decode(std::string_view value, std::string_view what,
                   Row (*read)(const json::object&)) {
  const auto parsed = ParseJson(value);
  if (parsed) {
    try {
      return read(parsed->as_object());
    } catch (const std::exception&) {  // told below
    }
  }
  return Corrupt("a row of the index of {} cannot be read", what)
      .WithHint("weir doctor --rebuild-index makes it anew");
}

}  // namespace

std::string Encode(const BlockRow& row) {
  json::object object{{"sequence", row.sequence_number},
                      {"hash", row.hash.ToText()},
                      {"systemTime", Nanos(row.system_time)},
                      {"event", row.event},
                      {"size", row.size}};
  if (row.watermark) object["watermark"] = Nanos(*row.watermark);
  return json::serialize(object);
}

std::string Encode(const SliceRow& row) {
  return json::serialize(json::object{{"sequence", row.sequence_number},
                                      {"logicalHash", row.slice.logical_hash.ToText()},
                                      {"physicalHash", row.slice.physical_hash.ToText()},
                                      {"first", row.slice.offset_interval.start},
                                      {"last", row.slice.offset_interval.end},
                                      {"size", row.slice.size},
                                      {"facts", Encode(row.facts)}});
}

Result<BlockRow> DecodeBlockRow(std::string_view value) {
  return Decode<BlockRow>(value, "blocks", [](const json::object& row) {
    BlockRow block{.sequence_number = NumberAt(row.at("sequence")),
                   .hash = HashAt(row.at("hash")),
                   .system_time = TimeAt(row.at("systemTime")),
                   .event = std::string(TextAt(row.at("event"))),
                   .size = NumberAt(row.at("size"))};
    if (const auto* watermark = row.if_contains("watermark")) block.watermark = TimeAt(*watermark);
    return block;
  });
}

Result<SliceRow> DecodeSliceRow(std::string_view value) {
  return Decode<SliceRow>(value, "slices", [](const json::object& row) {
    return SliceRow{
        .sequence_number = NumberAt(row.at("sequence")),
        .slice = {.logical_hash = HashAt(row.at("logicalHash")),
                  .physical_hash = HashAt(row.at("physicalHash")),
                  .offset_interval = {NumberAt(row.at("first")), NumberAt(row.at("last"))},
                  .size = NumberAt(row.at("size"))},
        .facts = FactsAt(row.at("facts").as_object())};
  });
}

}  // namespace weir::datasets
