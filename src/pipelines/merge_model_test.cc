#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/testing/matchers.h"
#include "pipelines/testing/test_dataset.h"

// Goal: each strategy does what spec section 9 says, whatever comes. Method: a few inputs of random
// rows over few keys, merged by MergeInput and by the plain loops below, which must agree on every
// row and its place.

namespace weir::pipelines {
namespace {

using Number = std::optional<int>;

struct Row {
  int op = 0;
  Number time;  // seconds
  Number key;
  Number value;
  bool operator==(const Row&) const = default;
};

constexpr int kFallback = 1'000'000;

std::string Time(int seconds) {
  std::string text = FormatTimestamp(Timestamp(std::chrono::seconds(seconds)));
  text[10] = ' ';
  return text.substr(0, 19) + ".000000Z";
}

std::string Text(Number number) { return number ? std::to_string(*number) : "null"; }

std::string Text(const std::vector<Row>& rows) {
  std::string text;
  for (const Row& row : rows) {
    text += fmt::format("{} {} {} {}\n", row.op, Time(row.time.value_or(kFallback)), Text(row.key),
                        Text(row.value));
  }
  return text;
}

std::string Lines(const std::vector<Row>& rows) {
  std::string text;
  for (const Row& row : rows) {
    const std::string time =
        row.time ? "\"" + FormatTimestamp(Timestamp(std::chrono::seconds(*row.time))) + "\""
                 : "null";
    text += fmt::format("{{\"op\":{},\"event_time\":{},\"k\":{},\"v\":{}}}\n", row.op, time,
                        Text(row.key), Text(row.value));
  }
  return text;
}

// A dataset as a list of events, its event times filled in.
class Model {
 public:
  std::vector<Row> Append(const std::vector<Row>& input) {
    std::vector<Row> rows = input;
    std::ranges::stable_sort(rows, {}, &Row::time);
    return Keep(std::move(rows));
  }

  std::vector<Row> Ledger(const std::vector<Row>& rows) {
    std::vector<Row> fresh;
    for (const Row& row : rows) {
      const bool known = row.key && std::ranges::find(events_, row.key, &Row::key) != events_.end();
      if (!known) fresh.push_back(row);
    }
    return Append(fresh);
  }

  std::vector<Row> Changelog(const std::vector<Row>& rows) { return Keep(ByKey(rows, false)); }

  std::vector<Row> Snapshot(const std::vector<Row>& rows) {
    const auto state = State();
    std::vector<Row> events;
    for (const Row& row : rows) {
      const auto old = row.key ? state.find(row.key) : state.end();
      Differ(row, old == state.end() ? nullptr : &old->second, events);
    }
    for (const auto& [key, old] : state) {
      const bool there = key && std::ranges::find(rows, key, &Row::key) != rows.end();
      if (!there) events.push_back({1, old.time, key, old.value});
    }
    return Keep(ByKey(std::move(events), true));
  }

  std::vector<Row> Upsert(const std::vector<Row>& rows) {
    const auto state = State();
    std::map<Number, Row> batch;
    for (const Row& row : rows) batch[row.key] = row;
    std::vector<Row> events;
    for (const auto& [key, row] : batch) {
      const auto old = key ? state.find(key) : state.end();
      if (row.op == 0) {
        Differ(row, old == state.end() ? nullptr : &old->second, events);
      } else if (old != state.end()) {
        events.push_back({1, old->second.time, key, old->second.value});
      }
    }
    return Keep(ByKey(std::move(events), true));
  }

 private:
  static void Differ(const Row& row, const Row* old, std::vector<Row>& events) {
    if (old == nullptr) {
      events.push_back({0, row.time, row.key, row.value});
    } else if (old->value != row.value || (row.time && row.time != old->time)) {
      events.push_back({2, old->time, row.key, old->value});
      events.push_back({3, row.time, row.key, row.value});
    }
  }

  static std::vector<Row> ByKey(std::vector<Row> rows, bool totally) {
    std::ranges::stable_sort(rows, [&](const Row& a, const Row& b) {
      if (a.key != b.key || a.op != b.op) return std::tie(a.key, a.op) < std::tie(b.key, b.op);
      return totally && std::tie(a.time, a.value) < std::tie(b.time, b.value);
    });
    return rows;
  }

  std::map<Number, Row> State() const {
    std::map<Number, Row> state;
    for (const Row& event : events_) state[event.key] = event;
    std::erase_if(state, [](const auto& entry) { return entry.second.op == 1; });
    return state;
  }

  std::vector<Row> Keep(std::vector<Row> rows) {
    for (Row row : rows) {
      row.time = row.time.value_or(kFallback);
      events_.push_back(row);
    }
    return rows;
  }

  std::vector<Row> events_;
};

struct Strategy {
  std::string merge;
  int ops = 1;  // how many operations the input has
  std::vector<Row> (Model::*run)(const std::vector<Row>&);
};

rc::Gen<Number> SmallNumber(int most) {
  return rc::gen::map(rc::gen::inRange(-1, most),
                      [](int n) { return n < 0 ? Number() : Number(n); });
}

std::vector<Row> RandomRows(int ops) {
  return *rc::gen::container<std::vector<Row>>(rc::gen::build<Row>(
      rc::gen::set(&Row::op, rc::gen::inRange(0, ops)), rc::gen::set(&Row::time, SmallNumber(4)),
      rc::gen::set(&Row::key, SmallNumber(6)), rc::gen::set(&Row::value, SmallNumber(3))));
}

void HoldAgainstModel(const Strategy& strategy) {
  const std::string op = strategy.ops > 1 ? "\"op INT\", " : "";
  TestDataset dataset(R"({"read": {"kind": "NdJson", "ddlSchema": [)" + op +
                      R"("event_time TIMESTAMP", "k INT", "v INT"]}, "merge": )" + strategy.merge +
                      "}");
  dataset.request.event_time = Timestamp(std::chrono::seconds(kFallback));
  Model model;
  for (int input = 0; input < 4; ++input) {
    std::vector<Row> rows = RandomRows(strategy.ops);
    const std::string expected = Text((model.*strategy.run)(rows));
    const auto merged = dataset.Ingest(Lines(rows));
    RC_ASSERT(merged.has_value());
    RC_ASSERT(*merged == expected);
  }
}

RC_GTEST_PROP(MergeModel, AppendAgrees, ()) {
  HoldAgainstModel({R"({"kind": "Append"})", 1, &Model::Append});
}

RC_GTEST_PROP(MergeModel, LedgerAgrees, ()) {
  HoldAgainstModel({R"({"kind": "Ledger", "primaryKey": ["k"]})", 1, &Model::Ledger});
}

RC_GTEST_PROP(MergeModel, SnapshotAgrees, ()) {
  HoldAgainstModel({R"({"kind": "Snapshot", "primaryKey": ["k"]})", 1, &Model::Snapshot});
}

RC_GTEST_PROP(MergeModel, ChangelogStreamAgrees, ()) {
  HoldAgainstModel({R"({"kind": "ChangelogStream", "primaryKey": ["k"]})", 4, &Model::Changelog});
}

RC_GTEST_PROP(MergeModel, UpsertStreamAgrees, ()) {
  HoldAgainstModel({R"({"kind": "UpsertStream", "primaryKey": ["k"]})", 2, &Model::Upsert});
}

}  // namespace
}  // namespace weir::pipelines
