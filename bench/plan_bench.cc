// Planning a query over a dataset of 10,000 slices, the last of which alone meets the filter: from
// the statement's text to its plan, as EXPLAIN does, with the dataset's name looked up anew each
// time. Beside it the same over 100 slices, and the first time a process sees the dataset.
// Method: a chain of blocks that describe slices of five data columns which nobody opens.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "base/check.h"
#include "catalog/dataset_tables.h"
#include "catalog/testing/table_home.h"

namespace weir::catalog {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;
using Clock = std::chrono::steady_clock;

constexpr int kRounds = 9;
constexpr std::uint64_t kRowsOfSlice = 1'000;
constexpr double kMostMilliseconds = 20;

odf::DataSchema Columns() {
  const odf::DataType number{.value = odf::DataTypeInt64{}};
  const odf::DataType time{.value = odf::DataTypeTimestamp{}};
  const odf::DataType text{.value = odf::DataTypeString{}};
  odf::DataSchema schema;
  schema.fields = {{.name = "offset", .type = number},
                   {.name = "op", .type = {.value = odf::DataTypeInt32{}}},
                   {.name = "system_time", .type = time},
                   {.name = "event_time", .type = time},
                   {.name = "id", .type = number},
                   {.name = "customer", .type = text},
                   {.name = "product", .type = text},
                   {.name = "amount", .type = {.value = odf::DataTypeFloat64{}}},
                   {.name = "quantity", .type = number}};
  return schema;
}

slices::SliceFacts FactsOf(std::int64_t first) {
  const std::int64_t last = first + static_cast<std::int64_t>(kRowsOfSlice) - 1;
  const auto column = [](engine::Bound min, engine::Bound max) {
    return slices::ColumnFacts{.bounds = {std::move(min), std::move(max)}, .nulls = 0};
  };
  slices::SliceFacts facts{.rows = kRowsOfSlice};
  facts.columns = {
      column(first, last),
      column(std::int64_t{0}, std::int64_t{0}),
      column(first, first),
      column(first, last),
      column(first, last),
      column(fmt::format("customer {:09}", first), fmt::format("customer {:09}", last)),
      column(std::string("apple"), std::string("zucchini")),
      column(0.5, 99.5),
      column(std::int64_t{1}, std::int64_t{100})};
  return facts;
}

// Blocks that describe `slices` slices.
void Fill(TableHome& home, const odf::DatasetId& id, std::uint64_t slices) {
  const Context context = Context::Background();
  for (std::uint64_t done = 0; done < slices;) {
    const auto record = home.chains().Read(context, id).value();
    datasets::AppendRequest request{
        .id = id, .expected_head = record.chain.head, .system_time = record.chain.system_time};
    if (done == 0) {
      request.blocks.push_back({.event = {odf::SetDataSchema{.schema = Columns()}}});
    }
    for (int i = 0; i < 500 && done < slices; ++i, ++done) {
      const std::uint64_t first = done * kRowsOfSlice;
      odf::AddData data{
          .prev_offset = done == 0 ? std::nullopt : std::optional(first - 1),
          .new_data = odf::DataSlice{.logical_hash = Multihash(Multihash::kArrow0Sha3_256, {}),
                                     .physical_hash = Multihash(Multihash::kSha3_256, {}),
                                     .offset_interval = {first, first + kRowsOfSlice - 1},
                                     .size = 40'000}};
      request.blocks.push_back(
          {.event = {std::move(data)},
           .slice = datasets::NewSlice{.facts = FactsOf(static_cast<std::int64_t>(first))}});
    }
    home.chains().Append(context, request).value();
  }
}

double Explain(TableHome& home, const std::string& table, std::uint64_t slices) {
  const auto start = Clock::now();
  const auto plan = home.Query(fmt::format("EXPLAIN SELECT sum(amount) FROM {} WHERE id = {}",
                                           table, slices * kRowsOfSlice - 7));
  WEIR_CHECK(plan.has_value());
  return Milliseconds(Clock::now() - start).count();
}

double Median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

struct Measured {
  double first = 0;
  double later = 0;
};

Measured Measure(TableHome& home, const std::string& table, std::uint64_t slices) {
  const auto id = home.Create(table, Appending());
  Fill(home, id, slices);
  Measured measured{.first = Explain(home, table, slices)};
  std::vector<double> later;
  for (int i = 0; i < kRounds; ++i) later.push_back(Explain(home, table, slices));
  measured.later = Median(later);
  return measured;
}

int Run(const char* out_path) {
  TableHome home;
  Measure(home, "warm_up", 10);
  const Measured few = Measure(home, "few", 100);
  const Measured many = Measure(home, "many", 10'000);
  std::FILE* out = std::fopen(out_path, "w");
  WEIR_CHECK(out != nullptr);
  fmt::print(out,
             "{{\"what\": \"planning a query over 10,000 slices\", \"unit\": \"ms\", \"weir\": "
             "{:.2f}, \"peer\": {:.2f}, \"peer_name\": \"over 100 slices\", \"ratio\": {:.2f}, "
             "\"bar\": \"<= {} ms\", \"met\": {}, \"note\": \"the first time a process sees the "
             "dataset: {:.0f} ms\"}}\n",
             many.later, few.later, few.later / many.later, kMostMilliseconds,
             many.later <= kMostMilliseconds, many.first);
  std::fclose(out);
  return 0;
}

}  // namespace
}  // namespace weir::catalog

int main(int argc, char** argv) {
  WEIR_CHECK(argc == 3 && std::strcmp(argv[1], "--out") == 0);
  return weir::catalog::Run(argv[2]);
}
