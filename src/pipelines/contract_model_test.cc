#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/testing/matchers.h"
#include "pipelines/testing/ingest_home.h"

// Goal: whatever comes, no row that fails a check is in the dataset, and none is lost: each row of
// an input is committed, or was there already, or is in quarantine. Method: random inputs over few
// keys and values with each strategy; the rows are then read back and counted.

namespace weir::pipelines {
namespace {

using Number = std::optional<int>;

struct Row {
  int key = 0;
  Number value;
  auto operator<=>(const Row&) const = default;
};

std::string Lines(const std::vector<Row>& rows) {
  std::string text;
  for (const Row& row : rows) {
    text += fmt::format("{},{}\n", row.key, row.value ? std::to_string(*row.value) : "");
  }
  return text;
}

rc::Gen<std::vector<Row>> Inputs() {
  const auto value = rc::gen::maybe(rc::gen::inRange(-2, 8));
  const auto row = rc::gen::apply(
      [](int key, const auto& number) {
        return Row{key, number ? Number(*number) : std::nullopt};
      },
      rc::gen::inRange(0, 8), value);
  return rc::gen::resize(8, rc::gen::container<std::vector<Row>>(row));
}

std::string Source(std::string_view merge) {
  return fmt::format(R"({{"read": {{"kind": "Csv", "schema": {{"fields": [
    {{"name": "k", "type": "Int64"}},
    {{"name": "v", "type": {{"kind": "Option", "inner": "Int64"}}}}]}}}}, "merge": {}}})",
                     merge);
}

constexpr std::string_view kChecks = R"([
  {"notNull": ["v"], "onFail": "quarantine"},
  {"range": {"column": "v", "min": 0, "max": 5}, "onFail": "quarantine"},
  {"unique": ["v"], "onFail": "quarantine"}])";

// Rows that a query gives as `key value` lines.
std::vector<Row> Read(IngestHome& home, const std::string& sql) {
  std::vector<Row> rows;
  std::istringstream lines(home.Query(sql));
  Row row;
  std::string value;
  while (lines >> row.key >> value) {
    row.value = value == "null" ? std::nullopt : Number(std::stoi(value));
    rows.push_back(row);
  }
  std::ranges::sort(rows);
  return rows;
}

std::vector<Row> State(IngestHome& home) {
  return home.record().chain.has_data ? Read(home, "SELECT k, v FROM cities") : std::vector<Row>();
}

std::vector<Row> Quarantined(IngestHome& home) {
  const auto record = home.chains().Read(home.context(), IngestHome::quarantine_id()).value();
  if (!record.chain.has_data) return {};
  return Read(home, "SELECT (record->>'k')::BIGINT, (record->>'v')::BIGINT FROM quarantine");
}

void ExpectNoFailingRow(const std::vector<Row>& state) {
  std::set<Number> values;
  for (const Row& row : state) {
    RC_ASSERT(row.value.has_value());
    RC_ASSERT(*row.value >= 0 && *row.value <= 5);
    RC_ASSERT(values.insert(row.value).second);
  }
}

// What is in `after` and not in `before`, counting.
std::vector<Row> Since(const std::vector<Row>& before, const std::vector<Row>& after) {
  std::vector<Row> rows;
  std::ranges::set_difference(after, before, std::back_inserter(rows));
  return rows;
}

RC_GTEST_PROP(Contracts, LoseNoRowOfAnAppend, ()) {
  IngestHome home(Source(R"({"kind": "Append"})"));
  home.Promise(kChecks);
  for (int batch = 0; batch < 3; ++batch) {
    std::vector<Row> input = *Inputs();
    const auto state = State(home);
    const auto quarantine = Quarantined(home);
    const auto report = home.Push(Lines(input));
    RC_ASSERT(IsOk(report));
    RC_ASSERT(report->rows + report->quarantined == input.size());
    ExpectNoFailingRow(State(home));
    std::vector<Row> found = Since(state, State(home));
    const auto aside = Since(quarantine, Quarantined(home));
    RC_ASSERT(aside.size() == report->quarantined);
    found.insert(found.end(), aside.begin(), aside.end());
    std::ranges::sort(found);
    std::ranges::sort(input);
    RC_ASSERT(found == input);
  }
}

// Of each key that comes the row is in the state, or in quarantine, and then the row that was there
// stays, unless another batch took it away.
void LosesNoKey(std::string_view merge, bool takes_away) {
  IngestHome home(Source(merge));
  home.Promise(kChecks, {"k"});
  for (int batch = 0; batch < 3; ++batch) {
    std::map<int, Row> input;
    for (const Row& row : *Inputs()) input[row.key] = row;
    std::vector<Row> rows;
    for (const auto& [key, row] : input) rows.push_back(row);
    const auto before = State(home);
    const auto quarantine = Quarantined(home);
    const auto report = home.Push(Lines(rows));
    RC_ASSERT(IsOk(report));
    const auto after = State(home);
    ExpectNoFailingRow(after);
    const auto aside = Since(quarantine, Quarantined(home));
    RC_ASSERT(aside.size() == report->quarantined);
    for (const Row& row : rows) {
      const bool is_there = std::ranges::binary_search(after, row);
      RC_ASSERT(is_there != std::ranges::binary_search(aside, row));
    }
    for (const Row& row : before) {
      const auto now = input.find(row.key);
      const bool stays =
          now == input.end() ? !takes_away : std::ranges::binary_search(aside, now->second);
      if (stays) RC_ASSERT(std::ranges::binary_search(after, row));
    }
  }
}

RC_GTEST_PROP(Contracts, LoseNoRowOfASnapshot, ()) {
  LosesNoKey(R"({"kind": "Snapshot", "primaryKey": ["k"]})", true);
}

RC_GTEST_PROP(Contracts, LoseNoRowOfAnUpsert, ()) {
  LosesNoKey(R"({"kind": "UpsertStream", "primaryKey": ["k"]})", false);
}

}  // namespace
}  // namespace weir::pipelines
