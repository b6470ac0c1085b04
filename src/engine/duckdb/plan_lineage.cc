#include "engine/duckdb/plan_lineage.h"

#include <duckdb/catalog/catalog_entry/table_catalog_entry.hpp>
#include <duckdb/planner/bound_result_modifier.hpp>
#include <duckdb/planner/operator/list.hpp>

#include "engine/duckdb/lineage_sources.h"

namespace weir::engine {
namespace {

using duckdb::ColumnBinding;
using duckdb::Expression;
using duckdb::JoinType;
using duckdb::LogicalOperator;
using duckdb::LogicalOperatorType;

// What a CTE or the left side of a correlated join is to those who read it further down.
struct Relation {
  std::vector<Sources> columns;
  Sources rows;
};

// Notes what every column that operators make comes from, and returns what decides which rows they
// give. An operator is seen after those below it.
class PlanWalk {
 public:
  Sources See(LogicalOperator& op) {
    switch (op.type) {
      case LogicalOperatorType::LOGICAL_GET:
        return Get(op.Cast<duckdb::LogicalGet>());
      case LogicalOperatorType::LOGICAL_DELIM_GET:
        return DelimGet(op.Cast<duckdb::LogicalDelimGet>());
      case LogicalOperatorType::LOGICAL_CTE_REF:
        return CteRef(op.Cast<duckdb::LogicalCTERef>());
      case LogicalOperatorType::LOGICAL_EXPRESSION_GET:
        return Values(op.Cast<duckdb::LogicalExpressionGet>());
      case LogicalOperatorType::LOGICAL_CHUNK_GET:
      case LogicalOperatorType::LOGICAL_DUMMY_SCAN:
      case LogicalOperatorType::LOGICAL_EMPTY_RESULT:
        for (const ColumnBinding& binding : op.GetColumnBindings()) bindings_[binding] = {};
        return {};
      case LogicalOperatorType::LOGICAL_PROJECTION:
        return Projection(op.Cast<duckdb::LogicalProjection>());
      case LogicalOperatorType::LOGICAL_FILTER:
        return Filter(op.Cast<duckdb::LogicalFilter>());
      case LogicalOperatorType::LOGICAL_AGGREGATE_AND_GROUP_BY:
        return Aggregate(op.Cast<duckdb::LogicalAggregate>());
      case LogicalOperatorType::LOGICAL_WINDOW:
        return Window(op.Cast<duckdb::LogicalWindow>());
      case LogicalOperatorType::LOGICAL_UNNEST:
        return Unnest(op.Cast<duckdb::LogicalUnnest>());
      case LogicalOperatorType::LOGICAL_DISTINCT:
        return Distinct(op.Cast<duckdb::LogicalDistinct>());
      case LogicalOperatorType::LOGICAL_ORDER_BY:
        return Order(op, op.Cast<duckdb::LogicalOrder>().orders);
      case LogicalOperatorType::LOGICAL_TOP_N:
        return Order(op, op.Cast<duckdb::LogicalTopN>().orders);
      case LogicalOperatorType::LOGICAL_LIMIT:
        return Limit(op.Cast<duckdb::LogicalLimit>());
      case LogicalOperatorType::LOGICAL_CROSS_PRODUCT:
        return Both(op);
      case LogicalOperatorType::LOGICAL_COMPARISON_JOIN:
      case LogicalOperatorType::LOGICAL_ASOF_JOIN:
      case LogicalOperatorType::LOGICAL_DELIM_JOIN:
        return ComparisonJoin(op.Cast<duckdb::LogicalComparisonJoin>());
      case LogicalOperatorType::LOGICAL_ANY_JOIN:
        return AnyJoin(op.Cast<duckdb::LogicalAnyJoin>());
      case LogicalOperatorType::LOGICAL_UNION:
      case LogicalOperatorType::LOGICAL_EXCEPT:
      case LogicalOperatorType::LOGICAL_INTERSECT:
        return SetOperation(op.Cast<duckdb::LogicalSetOperation>());
      case LogicalOperatorType::LOGICAL_MATERIALIZED_CTE:
        return Cte(op.Cast<duckdb::LogicalMaterializedCTE>());
      case LogicalOperatorType::LOGICAL_RECURSIVE_CTE:
        return RecursiveCte(op.Cast<duckdb::LogicalRecursiveCTE>());
      default:
        return Anything(op);
    }
  }

  const Sources& At(const ColumnBinding& binding) const {
    const auto found = bindings_.find(binding);
    if (found == bindings_.end()) {
      throw duckdb::InternalException("lineage: nothing is known of %s", binding.ToString());
    }
    return found->second;
  }

 private:
  // Sources of tables.

  Sources Get(duckdb::LogicalGet& get) {
    const auto table = get.GetTable();
    if (!table) return Anything(get);
    const auto& ids = get.GetColumnIds();
    for (const ColumnBinding& binding : get.GetColumnBindings()) {
      const bool is_column = binding.column_index < ids.size() &&
                             ids[binding.column_index].GetPrimaryIndex() < get.names.size();
      bindings_[binding] = {};
      if (!is_column) continue;
      const auto& name = get.names[ids[binding.column_index].GetPrimaryIndex()];
      bindings_[binding] = {{.table = table->name, .column = name}};
    }
    return {{.table = table->name}};
  }

  Sources DelimGet(duckdb::LogicalDelimGet& get) {
    if (correlated_.empty()) return Anything(get);
    return Read(correlated_.back(), get.table_index, get.chunk_types.size());
  }

  Sources CteRef(duckdb::LogicalCTERef& ref) {
    const auto cte = ctes_.find(ref.cte_index);
    if (cte == ctes_.end()) {
      throw duckdb::InternalException("lineage: nothing is known of a CTE");
    }
    return Read(cte->second, ref.table_index, ref.chunk_types.size());
  }

  Sources Read(const Relation& relation, duckdb::idx_t table, std::size_t columns) {
    Sources mixed;
    for (const Sources& column : relation.columns) Add(column, mixed);
    for (std::size_t i = 0; i < columns; ++i) {
      const bool is_known = i < relation.columns.size();
      bindings_[{table, i}] =
          is_known ? relation.columns[i] : AtLeast(LineageKind::kTransformation, mixed);
    }
    return relation.rows;
  }

  Sources Values(duckdb::LogicalExpressionGet& values) {
    Sources rows = Below(values);
    for (std::size_t i = 0; i < values.expr_types.size(); ++i) {
      Sources column;
      for (const auto& row : values.expressions) Add(Of(*row[i]), column);
      bindings_[{values.table_index, i}] = std::move(column);
    }
    return rows;
  }

  // One relation below.

  Sources Projection(duckdb::LogicalProjection& projection) {
    Sources rows = Below(projection);
    Note(projection.table_index, projection.expressions);
    return rows;
  }

  Sources Filter(duckdb::LogicalFilter& filter) {
    Sources rows = Below(filter);
    for (const auto& condition : filter.expressions) {
      Add(As(LineageKind::kFilter, Of(*condition)), rows);
    }
    return rows;
  }

  // Without groups there is one row, whatever is below: its values depend on which rows these are.
  Sources Aggregate(duckdb::LogicalAggregate& aggregate) {
    Sources rows = Below(aggregate);
    Note(aggregate.group_index, aggregate.groups);
    Note(aggregate.aggregate_index, aggregate.expressions);
    for (std::size_t i = 0; i < aggregate.grouping_functions.size(); ++i) {
      bindings_[{aggregate.groupings_index, i}] = {};
    }
    if (aggregate.groups.empty() && aggregate.grouping_sets.size() <= 1) {
      for (std::size_t i = 0; i < aggregate.expressions.size(); ++i) {
        Add(AtLeast(LineageKind::kAggregation, rows), bindings_[{aggregate.aggregate_index, i}]);
      }
      return {};
    }
    for (const auto& group : aggregate.groups) {
      Add(As(LineageKind::kGroupBy, Of(*group)), rows);
    }
    return rows;
  }

  Sources Window(duckdb::LogicalWindow& window) {
    Sources rows = Below(window);
    Note(window.window_index, window.expressions);
    return rows;
  }

  // An empty list takes the row away, a longer one gives more of them.
  Sources Unnest(duckdb::LogicalUnnest& unnest) {
    Sources rows = Below(unnest);
    Note(unnest.unnest_index, unnest.expressions);
    for (const auto& list : unnest.expressions) Add(As(LineageKind::kFilter, Of(*list)), rows);
    return rows;
  }

  Sources Distinct(duckdb::LogicalDistinct& distinct) {
    Sources rows = Below(distinct);
    for (const auto& target : distinct.distinct_targets) {
      Add(As(LineageKind::kGroupBy, Of(*target)), rows);
    }
    if (distinct.order_by) AddOrders(distinct.order_by->orders, rows);
    return rows;
  }

  Sources Order(LogicalOperator& op, const duckdb::vector<duckdb::BoundOrderByNode>& orders) {
    Sources rows = Below(op);
    AddOrders(orders, rows);
    return rows;
  }

  Sources Limit(duckdb::LogicalLimit& limit) {
    Sources rows = Below(limit);
    for (auto* bound : {&limit.limit_val, &limit.offset_val}) {
      if (const auto& given = bound->GetExpression()) {
        Add(As(LineageKind::kFilter, Of(*given)), rows);
      }
    }
    return rows;
  }

  // Joins.

  Sources Both(LogicalOperator& op) {
    Sources rows;
    for (const auto& child : op.children) Add(See(*child), rows);
    return rows;
  }

  Sources ComparisonJoin(duckdb::LogicalComparisonJoin& join) {
    const bool is_correlated = join.type == LogicalOperatorType::LOGICAL_DELIM_JOIN;
    const std::size_t outer = join.delim_flipped ? 1 : 0;
    Sources rows[2];
    rows[outer] = See(*join.children[outer]);
    if (is_correlated) correlated_.push_back(Correlated(join, rows[outer]));
    rows[1 - outer] = See(*join.children[1 - outer]);
    if (is_correlated) correlated_.pop_back();
    Sources conditions;
    for (const auto& condition : join.conditions) {
      Add(Of(*condition.left), conditions);
      Add(Of(*condition.right), conditions);
    }
    if (join.predicate) Add(Of(*join.predicate), conditions);
    return Joined(join, std::move(rows[0]), rows[1], As(LineageKind::kJoin, conditions));
  }

  // The rows that a correlated query is asked for: each once.
  Relation Correlated(const duckdb::LogicalComparisonJoin& join, const Sources& rows) const {
    Relation relation{.columns = {}, .rows = rows};
    for (const auto& column : join.duplicate_eliminated_columns) {
      relation.columns.push_back(Of(*column));
      Add(As(LineageKind::kJoin, relation.columns.back()), relation.rows);
    }
    return relation;
  }

  Sources AnyJoin(duckdb::LogicalAnyJoin& join) {
    Sources left = See(*join.children[0]);
    const Sources right = See(*join.children[1]);
    return Joined(join, std::move(left), right, As(LineageKind::kJoin, Of(*join.condition)));
  }

  // MARK and SINGLE joins give one row for each on the left; whom it meets shows on the right.
  Sources Joined(duckdb::LogicalJoin& join, Sources left, Sources right,
                 const Sources& conditions) {
    Add(conditions, right);
    if (join.join_type == JoinType::MARK) {
      bindings_[{join.mark_index, 0}] = std::move(right);
      return left;
    }
    if (join.join_type == JoinType::SINGLE) {
      for (const ColumnBinding& binding : join.children[1]->GetColumnBindings()) {
        Add(right, bindings_[binding]);
      }
      return left;
    }
    Add(right, left);
    return left;
  }

  // Several relations below.

  Sources SetOperation(duckdb::LogicalSetOperation& operation) {
    Sources rows = Both(operation);
    const bool is_union = operation.type == LogicalOperatorType::LOGICAL_UNION;
    const LineageKind kind = is_union ? LineageKind::kGroupBy : LineageKind::kFilter;
    for (std::size_t i = 0; i < operation.column_count; ++i) {
      Sources all;
      for (const auto& child : operation.children) {
        Add(At(child->GetColumnBindings()[i]), all);
      }
      if (!is_union || !operation.setop_all) Add(As(kind, all), rows);
      const bool has_values_of_all = operation.type != LogicalOperatorType::LOGICAL_EXCEPT;
      bindings_[{operation.table_index, i}] =
          has_values_of_all ? std::move(all) : At(operation.children[0]->GetColumnBindings()[i]);
    }
    return rows;
  }

  Sources Cte(duckdb::LogicalMaterializedCTE& cte) {
    Sources rows = See(*cte.children[0]);
    ctes_[cte.table_index] = RelationOf(*cte.children[0], std::move(rows));
    return See(*cte.children[1]);
  }

  // What one round brings the next one may read, until nothing is new.
  Sources RecursiveCte(duckdb::LogicalRecursiveCTE& cte) {
    Sources first = See(*cte.children[0]);
    Relation all = RelationOf(*cte.children[0], std::move(first));
    if (!cte.union_all) {
      for (const Sources& column : all.columns) Add(As(LineageKind::kGroupBy, column), all.rows);
    }
    for (bool is_new = true; is_new;) {
      ctes_[cte.table_index] = all;
      const std::size_t before = Size(all);
      Add(See(*cte.children[1]), all.rows);
      const auto bindings = cte.children[1]->GetColumnBindings();
      for (std::size_t i = 0; i < all.columns.size(); ++i) {
        Add(At(bindings[i]), all.columns[i]);
        if (!cte.union_all) Add(As(LineageKind::kGroupBy, all.columns[i]), all.rows);
      }
      is_new = Size(all) != before;
    }
    return Read(all, cte.table_index, cte.column_count);
  }

  static std::size_t Size(const Relation& relation) {
    std::size_t size = relation.rows.size();
    for (const Sources& column : relation.columns) size += column.size();
    return size;
  }

  Relation RelationOf(LogicalOperator& op, Sources rows) {
    Relation relation{.columns = {}, .rows = std::move(rows)};
    for (const ColumnBinding& binding : op.GetColumnBindings()) {
      relation.columns.push_back(At(binding));
    }
    return relation;
  }

  // What is not known counts as mixing all there is.
  Sources Anything(LogicalOperator& op) {
    Sources rows;
    Sources mixed;
    for (const auto& child : op.children) {
      Add(See(*child), rows);
      for (const ColumnBinding& binding : child->GetColumnBindings()) Add(At(binding), mixed);
    }
    for (const ColumnBinding& binding : op.GetColumnBindings()) {
      bindings_[binding] = AtLeast(LineageKind::kTransformation, mixed);
    }
    Add(As(LineageKind::kFilter, mixed), rows);
    return rows;
  }

  Sources Below(LogicalOperator& op) {
    return op.children.empty() ? Sources() : See(*op.children[0]);
  }

  Sources Of(const Expression& expression) const { return SourcesOf(expression, bindings_); }

  void Note(duckdb::idx_t table, const duckdb::vector<duckdb::unique_ptr<Expression>>& columns) {
    for (std::size_t i = 0; i < columns.size(); ++i) bindings_[{table, i}] = Of(*columns[i]);
  }

  void AddOrders(const duckdb::vector<duckdb::BoundOrderByNode>& orders, Sources& rows) const {
    for (const auto& order : orders) Add(As(LineageKind::kSort, Of(*order.expression)), rows);
  }

  Bindings bindings_;
  std::map<duckdb::idx_t, Relation> ctes_;
  std::vector<Relation> correlated_;
};

}  // namespace

QueryLineage LineageOfPlan(duckdb::LogicalOperator& plan, const std::vector<std::string>& names) {
  PlanWalk walk;
  const Sources rows = walk.See(plan);
  const auto bindings = plan.GetColumnBindings();
  QueryLineage lineage{.columns = {}, .rows = {rows.begin(), rows.end()}};
  for (std::size_t i = 0; i < names.size() && i < bindings.size(); ++i) {
    const Sources& all = walk.At(bindings[i]);
    ColumnLineage column{.name = names[i]};
    for (const LineageSource& source : all) {
      if (!rows.contains(source)) column.sources.push_back(source);
    }
    lineage.columns.push_back(std::move(column));
  }
  return lineage;
}

}  // namespace weir::engine
