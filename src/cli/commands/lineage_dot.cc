#include <fmt/format.h>

#include <map>
#include <utility>

#include "cli/commands/lineage_names.h"
#include "cli/commands/lineage_text.h"
#include "cli/text_width.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

class Dot {
 public:
  explicit Dot(const json::object& lineage) : names_(lineage) {
    for (const json::object* dataset : names_.datasets()) {
      for (const char* member : {"columns", "rows"}) {
        has_columns_ = has_columns_ || dataset->contains(member);
      }
    }
  }

  std::string Write() {
    if (has_columns_) {
      AddColumns();
    } else {
      AddDatasets();
    }
    std::string text = "digraph lineage {\n  rankdir=LR;\n  node [shape=box];\n";
    for (const auto& [id, body] : clusters_) {
      text += fmt::format("  subgraph cluster_{} {{\n    label={};\n{}  }}\n", NumberOf(id),
                          DotLabel(names_.NameOf(id)), body);
    }
    return text + lines_ + "}\n";
  }

 private:
  void AddDatasets() {
    for (const json::object* dataset : names_.datasets()) {
      const std::string id = MemberText(*dataset, "id");
      const bool is_start = dataset == names_.datasets().front();
      const bool is_lost = !dataset->contains("kind");
      lines_ += fmt::format("  d{} [label={}{}];\n", NumberOf(id), DotLabel(names_.NameOf(id)),
                            is_start  ? ", penwidth=2"
                            : is_lost ? ", style=dashed"
                                      : "");
    }
    for (const json::object* dataset : names_.datasets()) {
      const std::string id = MemberText(*dataset, "id");
      for (const json::value& input : MemberArray(*dataset, "inputs")) {
        const std::string from = MemberText(input.as_object(), "id");
        if (names_.Find(from) == nullptr) continue;
        lines_ += fmt::format("  d{} -> d{};\n", NumberOf(from), NumberOf(id));
      }
    }
  }

  void AddColumns() {
    for (const json::object* dataset : names_.datasets()) {
      const std::string id = MemberText(*dataset, "id");
      for (const json::value& each : MemberArray(*dataset, "columns")) {
        const json::object& column = each.as_object();
        const std::string to = NodeOf(id, MemberText(column, "name"));
        AddEdges(MemberArray(column, "sources"), to);
      }
      const json::array& rows = MemberArray(*dataset, "rows");
      if (!rows.empty()) AddEdges(rows, NodeOf(id, ""));
    }
  }

  void AddEdges(const json::array& sources, const std::string& to) {
    for (const json::value& each : sources) {
      const json::object& source = each.as_object();
      const std::string kind = MemberText(source, "kind");
      const bool is_direct =
          kind == "IDENTITY" || kind == "TRANSFORMATION" || kind == "AGGREGATION";
      lines_ += fmt::format("  {} -> {} [label={}{}];\n",
                            NodeOf(MemberText(source, "dataset"), MemberText(source, "column")), to,
                            DotLabel(KindWords(source)), is_direct ? "" : ", style=dashed");
    }
  }

  // A column; an empty one stands for which rows there are.
  std::string NodeOf(const std::string& id, const std::string& column) {
    const auto [place, is_new] =
        nodes_.emplace(std::pair(id, column), fmt::format("c{}", nodes_.size()));
    if (!is_new) return place->second;
    const bool is_rows = column.empty();
    clusters_[id] += fmt::format("    {} [label={}{}];\n", place->second,
                                 DotLabel(is_rows ? "which rows there are" : column),
                                 is_rows ? ", style=dashed" : "");
    return place->second;
  }

  std::size_t NumberOf(const std::string& id) {
    return numbers_.emplace(id, numbers_.size()).first->second;
  }

  LineageNames names_;
  bool has_columns_ = false;
  std::map<std::string, std::size_t> numbers_;
  std::map<std::pair<std::string, std::string>, std::string> nodes_;
  std::map<std::string, std::string> clusters_;
  std::string lines_;
};

}  // namespace

std::string DotLabel(std::string_view text) {
  std::string label = "\"";
  for (const char letter : Printable(text)) {
    switch (letter) {
      case '"':
      case '\\':
        label += '\\';
        label += letter;
        break;
      case '&':
        label += "&amp;";  // entities are read in every label
        break;
      default:
        label += letter;
    }
  }
  return label + "\"";
}

std::string LineageDot(const json::object& lineage) { return Dot(lineage).Write(); }

}  // namespace weir::cli
