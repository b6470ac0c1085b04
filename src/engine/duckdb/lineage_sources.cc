#include "engine/duckdb/lineage_sources.h"

#include <algorithm>
#include <array>
#include <duckdb.hpp>
#include <duckdb/planner/expression/list.hpp>
#include <duckdb/planner/expression_iterator.hpp>

namespace weir::engine {
namespace {

using duckdb::Expression;
using duckdb::ExpressionClass;

// Of one column. A query over tables of a thousand columns each that mixes all of them has as many.
constexpr std::size_t kMostSources = 20'000;

// What cannot be undone, so that the value does not show.
constexpr auto kMasking =
    std::to_array<std::string_view>({"approx_count_distinct", "count", "count_if", "count_star",
                                     "countif", "hash", "md5", "md5_number", "sha1", "sha256"});

bool Masks(const std::string& function) {
  return std::ranges::binary_search(kMasking, std::string_view(function));
}

Sources Masked(const Sources& sources) {
  Sources masked;
  for (LineageSource source : sources) {
    source.is_masking = true;
    masked.insert(std::move(source));
  }
  return masked;
}

class Reading {
 public:
  explicit Reading(const Bindings& bindings) : bindings_(bindings) {}

  Sources Of(const Expression& expression) const {
    switch (expression.GetExpressionClass()) {
      case ExpressionClass::BOUND_COLUMN_REF:
        return Column(expression.Cast<duckdb::BoundColumnRefExpression>());
      case ExpressionClass::BOUND_CASE:
        return Case(expression.Cast<duckdb::BoundCaseExpression>());
      case ExpressionClass::BOUND_AGGREGATE:
        return Aggregate(expression.Cast<duckdb::BoundAggregateExpression>());
      case ExpressionClass::BOUND_WINDOW:
        return Window(expression.Cast<duckdb::BoundWindowExpression>());
      case ExpressionClass::BOUND_FUNCTION:
        if (Masks(expression.Cast<duckdb::BoundFunctionExpression>().function.name)) {
          return Masked(Children(expression));
        }
        return Children(expression);
      default:
        return Children(expression);
    }
  }

 private:
  using Expressions = duckdb::vector<duckdb::unique_ptr<Expression>>;

  Sources Column(const duckdb::BoundColumnRefExpression& column) const {
    const auto found = bindings_.find(column.binding);
    if (found == bindings_.end()) {
      throw duckdb::InternalException("lineage: nothing is known of %s", column.ToString());
    }
    return found->second;
  }

  Sources Children(const Expression& expression) const {
    Sources all;
    duckdb::ExpressionIterator::EnumerateChildren(
        expression, [&](const Expression& child) { Add(Of(child), all); });
    return AtLeast(LineageKind::kTransformation, all);
  }

  Sources Case(const duckdb::BoundCaseExpression& expression) const {
    Sources values = Of(*expression.else_expr);
    Sources all;
    for (const auto& check : expression.case_checks) {
      Add(Of(*check.then_expr), values);
      Add(As(LineageKind::kConditional, Of(*check.when_expr)), all);
    }
    Add(AtLeast(LineageKind::kTransformation, values), all);
    return all;
  }

  Sources Aggregate(const duckdb::BoundAggregateExpression& expression) const {
    Sources all = Aggregated(expression.children, expression.function.name);
    AddIndirect(LineageKind::kFilter, expression.filter, all);
    if (expression.order_bys) AddOrders(LineageKind::kSort, expression.order_bys->orders, all);
    return all;
  }

  Sources Window(const duckdb::BoundWindowExpression& expression) const {
    Sources all = expression.aggregate
                      ? Aggregated(expression.children, expression.aggregate->name)
                      : AtLeast(LineageKind::kTransformation, OfAll(expression.children));
    for (const auto& each : expression.partitions) AddIndirect(LineageKind::kWindow, each, all);
    AddOrders(LineageKind::kWindow, expression.orders, all);
    AddOrders(LineageKind::kWindow, expression.arg_orders, all);
    for (const auto* each : {&expression.filter_expr, &expression.start_expr, &expression.end_expr,
                             &expression.offset_expr}) {
      AddIndirect(LineageKind::kWindow, *each, all);
    }
    if (expression.default_expr) {
      Add(AtLeast(LineageKind::kTransformation, Of(*expression.default_expr)), all);
    }
    return all;
  }

  Sources Aggregated(const Expressions& children, const std::string& function) const {
    const Sources all = AtLeast(LineageKind::kAggregation, OfAll(children));
    return Masks(function) ? Masked(all) : all;
  }

  Sources OfAll(const Expressions& expressions) const {
    Sources all;
    for (const auto& each : expressions) Add(Of(*each), all);
    return all;
  }

  void AddIndirect(LineageKind kind, const duckdb::unique_ptr<Expression>& expression,
                   Sources& to) const {
    if (expression) Add(As(kind, Of(*expression)), to);
  }

  void AddOrders(LineageKind kind, const duckdb::vector<duckdb::BoundOrderByNode>& orders,
                 Sources& to) const {
    for (const auto& order : orders) AddIndirect(kind, order.expression, to);
  }

  const Bindings& bindings_;
};

}  // namespace

void Add(const Sources& more, Sources& to) {
  to.insert(more.begin(), more.end());
  if (to.size() > kMostSources) {
    throw duckdb::OutOfMemoryException("a column comes from more than %d others",
                                       static_cast<int>(kMostSources));
  }
}

Sources As(LineageKind indirect, const Sources& sources) {
  Sources all;
  for (LineageSource source : sources) {
    source.kind = indirect;
    all.insert(std::move(source));
  }
  return all;
}

Sources AtLeast(LineageKind direct, const Sources& sources) {
  Sources all;
  for (LineageSource source : sources) {
    if (IsDirect(source.kind)) source.kind = std::max(direct, source.kind);
    all.insert(std::move(source));
  }
  return all;
}

Sources SourcesOf(const duckdb::Expression& expression, const Bindings& bindings) {
  return Reading(bindings).Of(expression);
}

}  // namespace weir::engine
