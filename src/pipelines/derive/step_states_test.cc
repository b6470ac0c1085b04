#include "pipelines/derive/step_states.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "pipelines/derive/testing/derive_home.h"
#include "pipelines/derive/working_files.h"

namespace weir::pipelines {
namespace {

// Rows come, change and go by their key.
constexpr const char* kUpserts = R"json({"read": {"kind": "NdJson", "ddlSchema":
    ["op INT", "k INT", "g STRING", "n BIGINT", "d DECIMAL(9, 2)", "v DOUBLE", "b BOOLEAN"]},
    "merge": {"kind": "UpsertStream", "primaryKey": ["k"]}})json";

constexpr auto kRounds = std::to_array<const char*>({
    R"({"op": 0, "k": 1, "g": "x", "n": 5, "d": 1.25, "v": 0.1, "b": true}
{"op": 0, "k": 2, "g": "x", "n": -7, "d": 2.5, "v": 0.2, "b": false}
{"op": 0, "k": 3, "g": "y", "n": 9223372036854775807, "d": 0.01, "v": 1e16, "b": true}
{"op": 0, "k": 4})",
    // Only rows that come: one with a group of its own, one for the largest sum of whole numbers.
    R"({"op": 0, "k": 5, "g": "z", "n": 4, "d": 100.0, "v": -1e16, "b": false}
{"op": 0, "k": 6, "g": "y", "n": 9223372036854775807, "d": 0.02, "v": 0.3})",
    // One that changes its group, one that changes, one that goes.
    R"({"op": 0, "k": 1, "g": "y", "n": 6, "d": 1.25, "v": 0.1, "b": true}
{"op": 0, "k": 5, "g": "z", "n": 3, "d": -100.0, "v": 2.5}
{"op": 1, "k": 3})",
    // A group that loses all its rows, and one that comes again.
    R"({"op": 1, "k": 5}
{"op": 1, "k": 4}
{"op": 0, "k": 7, "g": "w"})",
    R"({"op": 0, "k": 8, "g": "z", "n": 1, "d": 7.77, "v": 0.7, "b": true})",
});

constexpr auto kQueries = std::to_array<const char*>({
    "SELECT g, count(*) AS n, count(v) AS c, count_if(b) AS t FROM a GROUP BY g",
    "SELECT g, CAST(sum(n) AS DECIMAL(38, 0)) AS s, avg(n) AS m FROM a GROUP BY g",
    "SELECT g, sum(d) AS s, min(d) AS l, max(d) AS h FROM a GROUP BY g",
    "SELECT g, sum(v) AS s, avg(v) AS m, sum(v) / count(*) AS q FROM a GROUP BY g",
    "SELECT g, stddev(v) AS a1, var_pop(v) AS a2, variance(n) AS a3 FROM a GROUP BY g",
    "SELECT g, min(n) AS l, max(v) AS h, bool_and(b) AS e, bool_or(b) AS o FROM a GROUP BY g",
    "SELECT g, bit_xor(n) AS x, bit_and(n) AS a1, bit_or(n) AS o FROM a GROUP BY g",
    "SELECT g, sum(v) FILTER (WHERE b) AS s, count(*) FILTER (WHERE v > 0) AS n FROM a GROUP BY g",
    "SELECT upper(g) AS u, n % 2 AS p, count(*) AS c FROM a WHERE v IS NOT NULL GROUP BY 1, 2",
    "SELECT g, count(*) AS c FROM a GROUP BY g HAVING c > 1 AND max(k) > 2",
    "SELECT g || '!' AS e, 2 * sum(v) + 1 AS s FROM a GROUP BY g",
    "SELECT DISTINCT g, b FROM a",
    "SELECT max(s) AS most FROM (SELECT g, sum(v) AS s FROM a GROUP BY g) t GROUP BY s > 0",
    "SELECT a.g, count(*) AS n, sum(o.v) AS s FROM a JOIN a o ON a.g = o.g GROUP BY a.g",
    "SELECT g, count(DISTINCT n) AS d, sum(v) AS s FROM a GROUP BY g",
});

// Follows `sql` through all rounds on one side, and computes it again on the other.
void Compare(DeriveHome& home, const std::string& sql, bool reopens) {
  home.AddRoot(1, kUpserts);
  home.AddDerivative(2, {{"a", 1}}, sql);
  home.AddDerivative(3, {{"a", 1}}, sql);
  for (std::size_t round = 0; round < kRounds.size(); ++round) {
    const auto pushed = home.Push(1, kRounds[round]);
    ASSERT_TRUE(pushed) << pushed.error().message;
    if (reopens && round % 2 == 1) home.Reopen();
    const auto followed = home.Update(2);
    ASSERT_TRUE(followed) << sql << ": " << followed.error().message;
    const auto computed = home.Recompute(3);
    ASSERT_TRUE(computed) << sql << ": " << computed.error().message;
    ASSERT_EQ(home.Hashes(2), home.Hashes(3)) << sql << "\nfollowed:\n"
                                              << home.Rows(2) << "computed:\n"
                                              << home.Rows(3);
  }
}

TEST(StepStates, AreAsIfAllRowsWereReadAgain) {
  for (const char* sql : kQueries) {
    DeriveHome home({.benches = 1});
    Compare(home, sql, false);
  }
}

TEST(StepStates, AreMadeAgainWhereTheyAreLost) {
  for (const char* sql : {kQueries[2], kQueries[4], kQueries[8], kQueries[11]}) {
    DeriveHome home({.benches = 1});
    Compare(home, sql, true);
  }
}

TEST(StepStates, AreDoneWithoutWhereTheyAreTooLarge) {
  for (const char* sql : {kQueries[3], kQueries[12]}) {
    DeriveHome home({.benches = 1, .working_bytes = 64});
    Compare(home, sql, false);
  }
}

TEST(WorkingStates, AreThoseOfTheBlocksThatWereConsumed) {
  WorkingFiles nowhere(PosixFiles(), {});
  WorkingStates states(nowhere, 1 << 20);
  const odf::DatasetId id(odf::DatasetId::PublicKey{1});
  const auto block = Multihash::Sha3Of(AsBytes("a"));
  WorkingState state = states.Take(id, {block});
  state.groups["q"] = std::make_shared<engine::KeptGroups>();
  states.Put(id, std::move(state));
  WorkingState again = states.Take(id, {block});
  EXPECT_TRUE(again.groups.contains("q"));
  EXPECT_TRUE(states.Take(id, {block}).groups.empty());  // it was handed over
  states.Put(id, std::move(again));
  EXPECT_TRUE(states.Take(id, {Multihash::Sha3Of(AsBytes("b"))}).groups.empty());
}

TEST(WorkingStates, GoWhenTheyWereUsedLongestAgo) {
  WorkingFiles nowhere(PosixFiles(), {});
  WorkingStates states(nowhere, 3000);
  const auto put = [&](std::uint8_t number) {
    WorkingState state;
    state.groups[std::string(1000, 'q')] = nullptr;
    states.Put(odf::DatasetId(odf::DatasetId::PublicKey{number}), std::move(state));
  };
  for (std::uint8_t number = 1; number <= 3; ++number) put(number);
  EXPECT_TRUE(states.Take(odf::DatasetId(odf::DatasetId::PublicKey{1}), {}).groups.empty());
  EXPECT_FALSE(states.Take(odf::DatasetId(odf::DatasetId::PublicKey{3}), {}).groups.empty());
}

}  // namespace
}  // namespace weir::pipelines
