#include "cli/commands/lineage_text.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <random>

#include "cli/text_width.h"

namespace weir::cli {
namespace {

boost::json::object Lineage(std::string_view datasets, bool is_cut = false) {
  auto value = boost::json::parse(datasets);
  return {{"datasets", std::move(value)}, {"isCut", is_cut}};
}

constexpr std::string_view kDatasets = R"([
  {"id": "t", "name": "totals", "workspace": "w", "kind": "Derivative", "distance": 0,
   "inputs": [{"alias": "j", "id": "j"}],
   "columns": [{"name": "name", "sources": [{"dataset": "j", "column": "g", "kind": "IDENTITY"}]},
               {"name": "n", "sources": [{"dataset": "j", "column": "k", "kind": "AGGREGATION",
                                          "masking": true}]}],
   "rows": [{"dataset": "j", "column": "g", "kind": "GROUP_BY"}]},
  {"id": "j", "name": "joined", "workspace": "w", "kind": "Derivative", "distance": -1,
   "inputs": [{"alias": "a", "id": "a"}, {"alias": "b", "id": "b"}, {"alias": "c", "id": "a"}],
   "columns": [{"name": "g", "sources": [{"dataset": "a", "column": "g", "kind": "IDENTITY"}]},
               {"name": "k", "sources": [{"dataset": "b", "column": "k", "kind": "IDENTITY"}]}],
   "rows": [{"dataset": "a", "column": "k", "kind": "JOIN"}]},
  {"id": "a", "name": "raw", "workspace": "other", "kind": "Root", "distance": -2, "inputs": []},
  {"id": "b", "distance": -2, "inputs": [], "problem": "it is not in this home"},
  {"id": "r", "name": "report", "workspace": "w", "kind": "Derivative", "distance": 1,
   "inputs": [{"alias": "t", "id": "t"}],
   "columns": [{"name": "n", "sources": [{"dataset": "t", "column": "n",
                                          "kind": "TRANSFORMATION"}]}],
   "rows": []}])";

TEST(LineageText, ATreeOfDatasetsGoesBothWays) {
  EXPECT_EQ(LineageTree(Lineage(kDatasets, true), false),
            "totals (derivative)\n"
            "comes from\n"
            "└─ joined (derivative)\n"
            "   ├─ other/raw (root)\n"
            "   └─ b (not known: it is not in this home)\n"
            "goes into\n"
            "└─ report (derivative)\n"
            "... and more, further away: --depth says how far\n");
}

TEST(LineageText, ATreeOfColumnsSaysWhatBecomesOfThem) {
  EXPECT_EQ(LineageTree(Lineage(kDatasets), true),
            "totals (derivative)\n"
            "comes from\n"
            "├─ name\n"
            "│  └─ joined.g         identity\n"
            "│     └─ other/raw.g   identity\n"
            "├─ n\n"
            "│  └─ joined.k         aggregation (masked)\n"
            "│     └─ b.k           identity\n"
            "└─ which rows there are\n"
            "   ├─ joined.g         group by, as above\n"
            "   └─ which rows joined has\n"
            "      └─ other/raw.k   join\n"
            "goes into\n"
            "└─ n\n"
            "   └─ report.n   transformation\n");
}

TEST(LineageText, GraphvizGetsANodeForEachDatasetOrColumn) {
  EXPECT_EQ(LineageDot(Lineage(R"([
      {"id": "t", "name": "t", "workspace": "w", "kind": "Root", "inputs": []},
      {"id": "r", "name": "r", "workspace": "w", "kind": "Derivative",
       "inputs": [{"alias": "t", "id": "t"}]}])")),
            "digraph lineage {\n"
            "  rankdir=LR;\n"
            "  node [shape=box];\n"
            "  d0 [label=\"t\", penwidth=2];\n"
            "  d1 [label=\"r\"];\n"
            "  d0 -> d1;\n"
            "}\n");
  const std::string columns = LineageDot(Lineage(kDatasets));
  EXPECT_NE(columns.find("[label=\"aggregation (masked)\"]"), std::string::npos) << columns;
  EXPECT_NE(columns.find("[label=\"group by\", style=dashed]"), std::string::npos) << columns;
}

// What Graphviz reads in a label: escapes of its scanner, then entities.
std::string Read(const std::string& label) {
  EXPECT_TRUE(label.size() >= 2 && label.front() == '"' && label.back() == '"') << label;
  std::string text;
  for (std::size_t i = 1; i + 1 < label.size(); ++i) {
    EXPECT_NE(label[i], '"') << label;  // would end it here
    EXPECT_NE(label[i], '\n') << label;
    if (label[i] == '\\') ++i;
    EXPECT_LT(i + 1, label.size()) << label;  // an escape of the last quote
    if (label[i] == '&') {
      EXPECT_EQ(label.substr(i, 5), "&amp;") << label;
      text += '&';
      i += 4;
      continue;
    }
    text += label[i];
  }
  return text;
}

// Goal: no name breaks out of its label. Method: names of what a label gives a meaning, and of any
// bytes, read back by the rules of Graphviz.
TEST(LineageText, AnyNameIsALabel) {
  std::mt19937 random(7);
  const std::string special = "\"\\&;<>{}|nlrNG\n\t\r\x01\x7f é\xff#[]->= ";
  for (int round = 0; round < 20'000; ++round) {
    std::string name;
    const std::size_t length = random() % 12;
    for (std::size_t i = 0; i < length; ++i) name += special[random() % special.size()];
    ASSERT_EQ(Read(DotLabel(name)), Printable(name));
  }
}

}  // namespace
}  // namespace weir::cli
