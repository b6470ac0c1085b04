#include "engine/duckdb/delta_select.h"

#include <algorithm>
#include <duckdb/parser/expression/columnref_expression.hpp>
#include <duckdb/parser/expression/constant_expression.hpp>
#include <duckdb/parser/expression/function_expression.hpp>
#include <duckdb/parser/parsed_expression_iterator.hpp>
#include <duckdb/parser/tableref/joinref.hpp>

#include "engine/duckdb/delta_terms.h"
#include "engine/duckdb/group_states.h"
#include "engine/duckdb/select_walk.h"
#include "engine/duckdb/touched_groups.h"
#include "engine/duckdb/transform_select.h"

namespace weir::engine {
namespace {

using duckdb::BaseTableRef;
using duckdb::ColumnRefExpression;
using duckdb::ExpressionClass;
using duckdb::ParsedExpression;
using duckdb::SelectNode;
using duckdb::StringUtil;
using Expressions = duckdb::vector<duckdb::unique_ptr<ParsedExpression>>;

// Whether `is` holds for the expression or one inside of it; not for those of queries inside.
template <typename Predicate>
bool Has(const ParsedExpression& expression, const Predicate& is) {
  if (is(expression)) return true;
  bool found = false;
  duckdb::ParsedExpressionIterator::EnumerateChildren(
      expression, [&](const ParsedExpression& child) { found = found || Has(child, is); });
  return found;
}

template <typename Predicate>
bool AnyHas(const Expressions& expressions, const Predicate& is) {
  return std::ranges::any_of(expressions, [&](const auto& each) { return Has(*each, is); });
}

bool IsClass(const ParsedExpression& expression, ExpressionClass which) {
  return expression.GetExpressionClass() == which;
}

bool IsStar(const ParsedExpression& expression) {
  return IsClass(expression, ExpressionClass::STAR);
}
bool IsWindow(const ParsedExpression& expression) {
  return IsClass(expression, ExpressionClass::WINDOW);
}
bool IsUnnest(const ParsedExpression& expression) {
  return IsClass(expression, ExpressionClass::FUNCTION) &&
         StringUtil::CIEquals(expression.Cast<duckdb::FunctionExpression>().function_name,
                              "unnest");
}

class Marks final : public SelectWalk {
 public:
  Marks(const DeltaScope& scope, ResolvedSelect& resolved) : scope_(scope), resolved_(resolved) {}

 protected:
  void See(ParsedExpression& expression) override {
    if (IsClass(expression, ExpressionClass::SUBQUERY)) {
      resolved_.why = "a query inside of an expression";
    }
  }
  void SeeTable(BaseTableRef& table, bool is_cte) override {
    if (is_cte) return;
    if (table.schema_name != kRelation) MarkRelation(table, scope_);
    resolved_.relations.insert(table.table_name);
  }
  using SelectWalk::See;

 private:
  const DeltaScope& scope_;
  ResolvedSelect& resolved_;
};

class Filling {
 public:
  Filling(const SelectSetting& setting, ResolvedSelect& resolved, DeltaStep& step)
      : setting_(setting), resolved_(resolved), select_(*resolved.select), step_(step) {}

  void Run() {
    const bool has_groups =
        !select_.groups.group_expressions.empty() ||
        select_.aggregate_handling == duckdb::AggregateHandling::FORCE_AGGREGATES;
    step_.why = WhyAll(has_groups);
    if (!step_.why.empty()) return;
    auto changes = Changes();
    if (!changes) return;
    if (has_groups) {
      FillGroups(*changes);
    } else {
      FillRows(*changes);
    }
  }

 private:
  std::string WhyAll(bool has_groups) const {
    if (!resolved_.why.empty()) return resolved_.why;
    if (!select_.modifiers.empty()) return "LIMIT looks at all rows";
    if (select_.qualify || AnyHas(select_.select_list, IsWindow)) {
      return "a window looks at all rows";
    }
    if (select_.groups.grouping_sets.size() > 1) return "there is more than one grouping";
    const bool is_one_group =
        !has_groups && (select_.having || AnyHas(select_.select_list, IsAggregate));
    if (is_one_group) return "without GROUP BY all rows are one group";
    return {};
  }

  std::optional<std::vector<ChangedFrom>> Changes() {
    if (!select_.from_table) return std::vector<ChangedFrom>();
    auto changes = ChangesOf(*select_.from_table, step_.why);
    return changes;
  }

  void FillRows(std::vector<ChangedFrom>& changes) {
    step_.way = DeltaWay::kRows;
    for (ChangedFrom& change : changes) {
      auto copy = duckdb::unique_ptr_cast<duckdb::QueryNode, SelectNode>(select_.Copy());
      copy->from_table = std::move(change.from);
      step_.terms.push_back({.sql = copy->ToString(),
                             .takes_away = change.takes_away,
                             .reads = std::move(change.reads)});
    }
    step_.keys = KeysThatPass();
  }

  void FillGroups(std::vector<ChangedFrom>& changes) {
    const Expressions groups = Groups();
    if (groups.empty()) {
      step_.why = "what the groups are is not said";
      return;
    }
    step_.way = DeltaWay::kGroups;
    step_.states = StatesOf({.select = select_,
                             .name = step_.name,
                             .groups = groups,
                             .changes = changes,
                             .describe = setting_.describe});
    for (ChangedFrom& change : changes) step_.terms.push_back(KeysOf(groups, change));
    step_.touched_new = Touched(groups, Version::kNew);
    step_.touched_old = Touched(groups, Version::kOld);
    step_.keys = KeysOfGroups(groups);
  }

  // The keys of groups that the rows of `change` are in.
  DeltaTerm KeysOf(const Expressions& groups, ChangedFrom& change) const {
    SelectNode keys;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      keys.select_list.push_back(groups[i]->Copy());
      keys.select_list.back()->SetAlias(TouchedKeyName(i));
    }
    keys.from_table = std::move(change.from);
    if (select_.where_clause) keys.where_clause = select_.where_clause->Copy();
    return {.sql = keys.ToString(), .reads = std::move(change.reads)};
  }

  // The SELECT, of touched groups only.
  std::string Touched(const Expressions& groups, Version version) const {
    auto copy = duckdb::unique_ptr_cast<duckdb::QueryNode, SelectNode>(select_.Copy());
    PutAtVersion(*copy, version);
    copy->from_table = OnlyTouched(std::move(copy->from_table), groups, step_.name);
    return copy->ToString();
  }

  // What rows are grouped by, as expressions over the FROM. Empty: that cannot be told.
  Expressions Groups() {
    Expressions groups;
    if (select_.aggregate_handling == duckdb::AggregateHandling::FORCE_AGGREGATES) {
      for (const auto& item : select_.select_list) {
        if (Has(*item, IsStar)) return {};
        if (!Has(*item, IsAggregate)) groups.push_back(WithoutAlias(*item));
      }
      return groups;
    }
    for (const auto& group : select_.groups.group_expressions) {
      auto meant = GroupMeant(*group);
      if (!meant || Has(*meant, IsAggregate)) return {};
      groups.push_back(std::move(meant));
    }
    return groups;
  }

  static duckdb::unique_ptr<ParsedExpression> WithoutAlias(const ParsedExpression& expression) {
    auto copy = expression.Copy();
    copy->ClearAlias();
    return copy;
  }

  // `GROUP BY 2` and `GROUP BY alias` mean an item of the select list; a column of the FROM comes
  // before an alias.
  duckdb::unique_ptr<ParsedExpression> GroupMeant(const ParsedExpression& group) {
    if (IsClass(group, ExpressionClass::CONSTANT)) {
      const auto& value = group.Cast<duckdb::ConstantExpression>().value;
      const auto place = value.type().IsIntegral() ? value.GetValue<std::int64_t>() : 0;
      const auto count = static_cast<std::int64_t>(select_.select_list.size());
      if (place < 1 || place > count || AnyHas(select_.select_list, IsStar)) return nullptr;
      return WithoutAlias(*select_.select_list[static_cast<std::size_t>(place - 1)]);
    }
    if (!IsClass(group, ExpressionClass::COLUMN_REF)) return group.Copy();
    const auto& column = group.Cast<ColumnRefExpression>();
    if (column.IsQualified() || IsInFrom(column.GetColumnName())) return group.Copy();
    for (const auto& item : select_.select_list) {
      if (StringUtil::CIEquals(item->GetAlias(), column.GetColumnName())) {
        return WithoutAlias(*item);
      }
    }
    return group.Copy();
  }

  bool IsInFrom(const std::string& column) {
    if (!select_.from_table) return false;
    if (from_columns_.empty()) from_columns_ = setting_.columns_of_from(*select_.from_table);
    return std::ranges::any_of(
        from_columns_, [&](const std::string& name) { return StringUtil::CIEquals(name, column); });
  }

  // Columns of the result that are all its groups.
  std::vector<std::string> KeysOfGroups(const Expressions& groups) const {
    if (AnyHas(select_.select_list, IsStar) || AnyHas(select_.select_list, IsUnnest)) return {};
    std::vector<std::string> keys;
    std::size_t found = 0;
    std::vector<bool> is_key(select_.select_list.size());
    for (const auto& group : groups) {
      for (std::size_t i = 0; i < select_.select_list.size(); ++i) {
        if (!group->Equals(*WithoutAlias(*select_.select_list[i]))) continue;
        is_key[i] = true;
        ++found;
        break;
      }
    }
    if (found != groups.size()) return {};
    for (std::size_t i = 0; i < is_key.size(); ++i) {
      if (is_key[i]) keys.push_back(setting_.columns[i]);
    }
    return keys;
  }

  // Keys of the only relation, where all of them are among the columns of the result.
  std::vector<std::string> KeysThatPass() const {
    const auto* from = select_.from_table.get();
    if (from == nullptr || from->type != duckdb::TableReferenceType::BASE_TABLE) return {};
    const auto& table = from->Cast<BaseTableRef>();
    const auto known = setting_.keys.find(table.table_name);
    if (known == setting_.keys.end() || known->second.empty()) return {};
    if (!table.column_name_alias.empty() || AnyHas(select_.select_list, IsUnnest)) return {};
    std::vector<std::string> keys;
    for (const std::string& key : known->second) {
      const auto passed = NameAfter(key);
      if (!passed) return {};
      keys.push_back(*passed);
    }
    return keys;
  }

  // What column `name` of the only relation is called in the result; nullopt: it is not there.
  std::optional<std::string> NameAfter(const std::string& name) const {
    for (const auto& item : select_.select_list) {
      if (IsStar(*item)) {
        const bool stays = std::ranges::find(setting_.columns, name) != setting_.columns.end();
        return stays && select_.select_list.size() == 1 && item->ToString() == "*"
                   ? std::optional(name)
                   : std::nullopt;
      }
      if (!IsClass(*item, ExpressionClass::COLUMN_REF)) continue;
      const auto& column = item->Cast<ColumnRefExpression>();
      if (StringUtil::CIEquals(column.GetColumnName(), name)) {
        return setting_.columns[static_cast<std::size_t>(&item - select_.select_list.data())];
      }
    }
    return std::nullopt;
  }

  const SelectSetting& setting_;
  ResolvedSelect& resolved_;
  SelectNode& select_;
  DeltaStep& step_;
  std::vector<std::string> from_columns_;
};

}  // namespace

void MarkRelation(BaseTableRef& table, const DeltaScope& scope) {
  const auto found = scope.find(table.table_name);
  if (found == scope.end()) {
    throw duckdb::CatalogException("there is no table %s here", table.table_name);
  }
  if (table.alias.empty()) table.alias = table.table_name;
  table.table_name = found->second.relation;
  table.schema_name = kRelation;
  const auto& columns = found->second.columns;
  for (std::size_t i = table.column_name_alias.size(); i < columns.size(); ++i) {
    table.column_name_alias.push_back(columns[i]);
  }
}

void MarkRelations(SelectNode& select, const DeltaScope& scope, ResolvedSelect& resolved) {
  Marks(scope, resolved).Node(select);
}

void FillIn(const SelectSetting& setting, ResolvedSelect& resolved, DeltaStep& step) {
  Filling(setting, resolved, step).Run();
}

}  // namespace weir::engine
