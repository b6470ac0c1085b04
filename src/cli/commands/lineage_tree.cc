#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "cli/commands/lineage_names.h"
#include "cli/commands/lineage_text.h"
#include "cli/text_width.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

// Beyond it a tree is no text for people any more.
constexpr std::size_t kMostLines = 5'000;

/// A line of a tree and what hangs on it.
struct Branch {
  std::string text = {};
  std::string note = {};  ///< beside it, in a column of its own
  std::vector<Branch> branches = {};
};

// A column of a dataset; an empty one: which rows it has.
using Place = std::pair<std::string, std::string>;

class Trees {
 public:
  explicit Trees(const json::object& lineage) : names_(lineage) {}

  const json::object& start() const { return names_.start(); }
  std::string Head() const { return Line(start()); }

  std::vector<Branch> Inputs(const json::object& dataset) {
    std::vector<Branch> branches;
    std::set<std::string> seen;
    for (const json::value& input : MemberArray(dataset, "inputs")) {
      const std::string id = MemberText(input.as_object(), "id");
      if (!seen.insert(id).second) continue;
      branches.push_back(Dataset(id, [&](const json::object& each) { return Inputs(each); }));
    }
    return branches;
  }

  std::vector<Branch> Readers(const json::object& dataset) {
    std::vector<Branch> branches;
    for (const std::string& id : names_.ReadersOf(MemberText(dataset, "id"))) {
      branches.push_back(Dataset(id, [&](const json::object& each) { return Readers(each); }));
    }
    return branches;
  }

  // Where each column of the start comes from, and last what decides its rows.
  std::vector<Branch> ColumnsUpstream() {
    const json::object& start = names_.start();
    const std::string id = MemberText(start, "id");
    std::vector<Branch> branches;
    for (const json::value& each : MemberArray(start, "columns")) {
      const std::string name = MemberText(each.as_object(), "name");
      branches.push_back({.text = Printable(name), .branches = SourcesOf({id, name})});
    }
    if (start.contains("rows")) {
      branches.push_back({.text = "which rows there are", .branches = SourcesOf({id, ""})});
    }
    return branches;
  }

  // What each column of the start becomes, of those that are read.
  std::vector<Branch> ColumnsDownstream() {
    ReadUses();
    const std::string id = MemberText(names_.start(), "id");
    std::vector<Branch> branches;
    for (const auto& [place, uses] : uses_) {
      if (place.first != id) continue;
      branches.push_back({.text = Printable(place.second), .branches = UsesOf(place)});
    }
    return branches;
  }

 private:
  std::string Line(const json::object& dataset) const {
    const std::string kind = MemberText(dataset, "kind");
    const std::string problem = MemberText(dataset, "problem");
    std::string words = kind == "Root" ? "root" : kind == "Derivative" ? "derivative" : "not known";
    if (!problem.empty()) words += ": " + problem;
    return fmt::format("{} ({})", Printable(names_.NameOf(dataset)), Printable(words));
  }

  Branch Dataset(const std::string& id,
                 const std::function<std::vector<Branch>(const json::object&)>& next) {
    const json::object* const dataset = names_.Find(id);
    if (dataset == nullptr) return {.text = Printable(names_.NameOf(id))};
    Branch branch{.text = Line(*dataset)};
    if (!unfolded_.insert({id, ""}).second) {
      branch.text += ", as above";
      return branch;
    }
    branch.branches = next(*dataset);
    if (branch.branches.empty()) unfolded_.erase({id, ""});  // nothing was above
    return branch;
  }

  std::string NameOf(const Place& place) const {
    const std::string name = Printable(names_.NameOf(place.first));
    if (place.second.empty()) return "which rows " + name + " has";
    return name + "." + Printable(place.second);
  }

  static const json::array& DirectSources(const json::object& dataset, const std::string& column) {
    if (column.empty()) return MemberArray(dataset, "rows");
    for (const json::value& each : MemberArray(dataset, "columns")) {
      if (MemberText(each.as_object(), "name") == column) {
        return MemberArray(each.as_object(), "sources");
      }
    }
    static const json::array none;
    return none;
  }

  std::vector<Branch> SourcesOf(const Place& place) {
    const json::object* const dataset = names_.Find(place.first);
    if (dataset == nullptr) return {};
    std::vector<Branch> branches;
    for (const json::value& each : DirectSources(*dataset, place.second)) {
      const json::object& source = each.as_object();
      const Place from = {MemberText(source, "dataset"), MemberText(source, "column")};
      branches.push_back(Unfold(from, KindWords(source), &Trees::SourcesOf));
    }
    if (!place.second.empty()) return branches;
    // Rows come of rows.
    std::set<std::string> seen;
    for (const json::value& input : MemberArray(*dataset, "inputs")) {
      const std::string id = MemberText(input.as_object(), "id");
      const json::object* const read = names_.Find(id);
      if (read == nullptr || !read->contains("rows") || !seen.insert(id).second) continue;
      Branch rows = Unfold({id, ""}, "", &Trees::SourcesOf);
      if (!rows.branches.empty()) branches.push_back(std::move(rows));
    }
    return branches;
  }

  void ReadUses() {
    for (const json::object* dataset : names_.datasets()) {
      const std::string id = MemberText(*dataset, "id");
      for (const json::value& each : MemberArray(*dataset, "columns")) {
        const json::object& column = each.as_object();
        AddUses(MemberArray(column, "sources"), {id, MemberText(column, "name")});
      }
      AddUses(MemberArray(*dataset, "rows"), {id, ""});
    }
  }

  void AddUses(const json::array& sources, const Place& to) {
    for (const json::value& each : sources) {
      const json::object& source = each.as_object();
      const Place from = {MemberText(source, "dataset"), MemberText(source, "column")};
      uses_[from].emplace_back(to, KindWords(source));
    }
  }

  std::vector<Branch> UsesOf(const Place& place) {
    std::vector<Branch> branches;
    for (const auto& [to, kind] : uses_[place]) {
      branches.push_back(Unfold(to, kind, &Trees::UsesOf));
    }
    return branches;
  }

  Branch Unfold(const Place& place, std::string kind,
                std::vector<Branch> (Trees::*next)(const Place&)) {
    Branch branch{.text = NameOf(place), .note = std::move(kind)};
    const bool is_new = unfolded_.insert(place).second;
    if (is_new) branch.branches = (this->*next)(place);
    if (is_new && branch.branches.empty()) unfolded_.erase(place);
    if (!is_new) branch.note += ", as above";
    return branch;
  }

  LineageNames names_;
  std::set<Place> unfolded_;
  std::map<Place, std::vector<std::pair<Place, std::string>>> uses_;
};

struct Row {
  std::string text;
  std::string note;
};

void AddRows(const std::vector<Branch>& branches, const std::string& indent,
             std::vector<Row>& rows) {
  for (const Branch& branch : branches) {
    if (rows.size() >= kMostLines) return;
    const bool is_last = &branch == &branches.back();
    rows.push_back({indent + (is_last ? "└─ " : "├─ ") + branch.text, branch.note});
    AddRows(branch.branches, indent + (is_last ? "   " : "│  "), rows);
  }
}

std::string TextOf(const std::vector<Branch>& branches) {
  std::vector<Row> rows;
  AddRows(branches, "", rows);
  std::size_t width = 0;
  for (const Row& row : rows) {
    if (!row.note.empty()) width = std::max(width, WidthOf(row.text));
  }
  std::string text;
  for (const Row& row : rows) {
    text += row.note.empty() ? row.text : PadRight(row.text, width + 3) + row.note;
    text += '\n';
  }
  if (rows.size() >= kMostLines) text += "... and more: -o json tells all\n";
  return text;
}

}  // namespace

std::string LineageTree(const json::object& lineage, bool with_columns) {
  Trees up(lineage);
  std::string text = up.Head() + "\n";
  const auto from = with_columns ? up.ColumnsUpstream() : up.Inputs(up.start());
  if (!from.empty()) text += "comes from\n" + TextOf(from);
  Trees down(lineage);
  const auto into = with_columns ? down.ColumnsDownstream() : down.Readers(down.start());
  if (!into.empty()) text += "goes into\n" + TextOf(into);
  if (lineage.at("isCut").as_bool()) text += "... and more, further away: --depth says how far\n";
  return text;
}

}  // namespace weir::cli
