#include "engine/duckdb/delta_terms.h"

#include <duckdb/parser/tableref/basetableref.hpp>
#include <duckdb/parser/tableref/joinref.hpp>

#include "engine/duckdb/select_walk.h"

namespace weir::engine {
namespace {

using duckdb::BaseTableRef;
using duckdb::JoinRef;
using duckdb::JoinType;
using duckdb::TableRef;
using duckdb::TableReferenceType;

using Refs = std::vector<BaseTableRef*>;

bool IsRelation(const TableRef& ref) {
  return ref.type == TableReferenceType::BASE_TABLE &&
         ref.Cast<BaseTableRef>().schema_name == kRelation;
}

void Collect(TableRef& ref, Refs& found) {
  if (IsRelation(ref)) found.push_back(&ref.Cast<BaseTableRef>());
  if (ref.type != TableReferenceType::JOIN) return;
  auto& join = ref.Cast<JoinRef>();
  Collect(*join.left, found);
  Collect(*join.right, found);
}

void Put(BaseTableRef& ref, Version version) {
  ref.schema_name.clear();
  ref.table_name = NameOf(ref.table_name, version);
}

bool HasSideThatDecides(const TableRef& ref) {
  if (ref.type != TableReferenceType::JOIN) return false;
  const auto& join = ref.Cast<JoinRef>();
  return join.type != JoinType::INNER || HasSideThatDecides(*join.left) ||
         HasSideThatDecides(*join.right);
}

// nullptr: it may be taken apart.
const char* WhyNot(const TableRef& ref) {
  if (ref.type != TableReferenceType::JOIN) return nullptr;
  const auto& join = ref.Cast<JoinRef>();
  switch (join.type) {
    case JoinType::INNER:
      break;
    case JoinType::LEFT:
    case JoinType::SEMI:
    case JoinType::ANTI:
      if (HasSideThatDecides(*join.right)) {
        return "the right side of an outer, semi or anti join is one itself";
      }
      break;
    default:
      return "RIGHT and FULL joins are computed again";
  }
  const char* left = WhyNot(*join.left);
  return left != nullptr ? left : WhyNot(*join.right);
}

class Terms {
 public:
  explicit Terms(TableRef& from) : from_(from) {
    Refs all;
    const auto copy = from.Copy();
    Collect(*copy, all);
    for (const auto* ref : all) names_.push_back(ref->table_name);
  }

  std::vector<ChangedFrom> All() {
    std::vector<ChangedFrom> terms;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (Decides(i)) {
        terms.push_back(Affected(i, Version::kNew));
        terms.push_back(Affected(i, Version::kOld));
      } else {
        terms.push_back(Plain(i, Version::kAdded));
        terms.push_back(Plain(i, Version::kRemoved));
      }
    }
    return terms;
  }

 private:
  // The join on whose right side, which decides, relation `place` stands.
  static JoinRef* JoinDecidedBy(TableRef& ref, std::size_t place) {
    std::size_t counted = 0;
    return JoinDecidedBy(ref, place, counted);
  }

  static JoinRef* JoinDecidedBy(TableRef& ref, std::size_t place, std::size_t& counted) {
    if (ref.type != TableReferenceType::JOIN) {
      counted += IsRelation(ref) ? 1 : 0;
      return nullptr;
    }
    auto& join = ref.Cast<JoinRef>();
    if (auto* inside = JoinDecidedBy(*join.left, place, counted)) return inside;
    const std::size_t first = counted;
    auto* inside = JoinDecidedBy(*join.right, place, counted);
    if (inside != nullptr) return inside;
    const bool is_right = place >= first && place < counted;
    return is_right && join.type != JoinType::INNER ? &join : nullptr;
  }

  bool Decides(std::size_t place) { return JoinDecidedBy(from_, place) != nullptr; }

  // All of `ref` but relation `place` at its version.
  static void PutAround(TableRef& ref, std::size_t place, Version version) {
    Refs all;
    Collect(ref, all);
    for (std::size_t i = 0; i < all.size(); ++i) {
      Put(*all[i], i == place ? version : i < place ? Version::kNew : Version::kOld);
    }
  }

  ChangedFrom Plain(std::size_t place, Version version) {
    auto from = from_.Copy();
    PutAround(*from, place, version);
    return {.from = std::move(from),
            .takes_away = version == Version::kRemoved,
            .reads = NameOf(names_[place], version)};
  }

  // Rows of the left side that meet a row that changed, joined with the right side at `version`.
  ChangedFrom Affected(std::size_t place, Version version) {
    auto met = from_.Copy();
    auto from = from_.Copy();
    JoinRef& meets = *JoinDecidedBy(*met, place);
    JoinRef& join = *JoinDecidedBy(*from, place);
    PutAround(*met, place, Version::kChanged);
    PutAround(*from, place, version);
    auto semi = duckdb::make_uniq<JoinRef>(meets.ref_type);
    semi->type = JoinType::SEMI;
    semi->left = std::move(meets.left);
    semi->right = std::move(meets.right);
    semi->condition = std::move(meets.condition);
    semi->using_columns = meets.using_columns;
    join.left = std::move(semi);
    return {.from = std::move(from),
            .takes_away = version == Version::kOld,
            .reads = NameOf(names_[place], Version::kChanged)};
  }

  TableRef& from_;
  std::vector<std::string> names_;
};

class Versions final : public SelectWalk {
 public:
  explicit Versions(Version version) : version_(version) {}

 protected:
  void SeeTable(BaseTableRef& table, bool /*is_cte*/) override {
    if (IsRelation(table)) Put(table, version_);
  }

 private:
  const Version version_;
};

}  // namespace

void PutAtVersion(duckdb::QueryNode& node, Version version) { Versions(version).Node(node); }
void PutAtVersion(TableRef& ref, Version version) { Versions(version).Table(ref); }

std::string NameOf(const std::string& relation, Version version) {
  switch (version) {
    case Version::kNew:
      return relation + " new";
    case Version::kOld:
      return relation + " old";
    case Version::kAdded:
      return relation + " added";
    case Version::kRemoved:
      return relation + " removed";
    case Version::kChanged:
      return relation + " changed";
    case Version::kTouched:
      return relation + " touched";
    case Version::kRows:
      return relation + " rows";
    case Version::kStates:
      return relation + " states";
  }
  return relation;
}

std::vector<std::string> RelationsIn(TableRef& from) {
  const auto copy = from.Copy();
  Refs all;
  Collect(*copy, all);
  std::vector<std::string> names;
  for (const auto* ref : all) names.push_back(ref->table_name);
  return names;
}

std::optional<std::vector<ChangedFrom>> ChangesOf(TableRef& from, std::string& why) {
  if (const char* reason = WhyNot(from)) {
    why = reason;
    return std::nullopt;
  }
  return Terms(from).All();
}

}  // namespace weir::engine
