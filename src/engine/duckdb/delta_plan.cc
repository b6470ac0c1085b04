#include "engine/delta_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <duckdb.hpp>
#include <duckdb/parser/query_node/set_operation_node.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <map>
#include <set>

#include "engine/duckdb/delta_select.h"
#include "engine/duckdb/delta_terms.h"
#include "engine/duckdb/errors.h"
#include "engine/duckdb/query_error.h"
#include "engine/duckdb/select_walk.h"
#include "engine/duckdb/transform_select.h"
#include "engine/sql_text.h"

namespace weir::engine {
namespace {

using duckdb::QueryNode;
using duckdb::SelectNode;
using duckdb::TableRef;
using duckdb::TableReferenceType;

// Throws our error through the parser's world, and brings it back out.
struct Failure {
  Error error;
};

template <typename Value>
Value OrFail(Result<Value> result) {
  if (!result) throw Failure{result.error()};
  return std::move(result).value();
}

std::string TextAt(const QueryNode& node, Version version) {
  const auto copy = node.Copy();
  PutAtVersion(*copy, version);
  return copy->ToString();
}

class Planner {
 public:
  Planner(const Context& context, Workbench& bench) : context_(context), bench_(bench) {}

  void AddInput(const DeltaInput& input) {
    if (input.name.empty() || input.name.find(' ') != std::string::npos) {
      throw duckdb::BinderException("the alias of an input is empty or has a blank: %s",
                                    input.name);
    }
    keys_[input.name] = input.keys;
    scope_[input.name] = {.relation = input.name};
  }

  void AddStep(const TransformStep& step) {
    std::vector<std::string> tables;
    for (const auto& [name, relation] : scope_) tables.push_back(name);
    const auto select = ParseTransform(step.sql, tables);
    const std::string relation = Compile(*select->node, scope_);
    if (!step.alias.empty()) scope_[step.alias] = {.relation = relation};
  }

  DeltaPlan Plan() && {
    if (!plan_.steps.empty()) plan_.keys = plan_.steps.back().keys;
    return std::move(plan_);
  }

 private:
  using Names = std::vector<std::string>;

  // Adds the steps of `node`, and returns the relation that it is.
  std::string Compile(QueryNode& node, DeltaScope scope) {
    for (auto& [name, cte] : node.cte_map.map) {
      const std::string relation = Compile(*cte->query->node, scope);
      scope[name] = {.relation = relation,
                     .columns = Names(cte->aliases.begin(), cte->aliases.end())};
    }
    if (node.type == duckdb::QueryNodeType::SET_OPERATION_NODE) {
      return CompileUnion(node.Cast<duckdb::SetOperationNode>(), scope);
    }
    return CompileSelect(node.Cast<SelectNode>(), scope);
  }

  std::string CompileSelect(const SelectNode& node, const DeltaScope& scope) {
    auto copy = duckdb::unique_ptr_cast<QueryNode, SelectNode>(node.Copy());
    copy->cte_map = duckdb::CommonTableExpressionMap();
    const bool is_distinct = TakeModifiers(*copy);
    ResolvedSelect resolved = Resolve(std::move(copy), scope);
    DeltaStep step = StepOf(resolved);
    Add(step, resolved);
    if (!is_distinct) return step.name;
    if (!resolved.select->modifiers.empty()) {
      throw duckdb::BinderException("a transform may not use DISTINCT together with LIMIT");
    }
    return Distinct(step.name);
  }

  // Drops an order that nothing asks for; true for DISTINCT, which is a step of its own.
  static bool TakeModifiers(QueryNode& node) {
    using duckdb::ResultModifierType;
    const auto has = [&](ResultModifierType type) {
      return std::ranges::any_of(node.modifiers, [&](auto& each) { return each->type == type; });
    };
    const bool is_distinct = has(ResultModifierType::DISTINCT_MODIFIER);
    const bool is_limited = has(ResultModifierType::LIMIT_MODIFIER);
    std::erase_if(node.modifiers, [&](const auto& modifier) {
      return modifier->type == ResultModifierType::DISTINCT_MODIFIER ||
             (modifier->type == ResultModifierType::ORDER_MODIFIER && !is_limited);
    });
    return is_distinct;
  }

  ResolvedSelect Resolve(duckdb::unique_ptr<SelectNode> select, const DeltaScope& scope) {
    ResolvedSelect resolved;
    ResolveFrom(select->from_table, scope, resolved);
    MarkRelations(*select, scope, resolved);
    resolved.select = std::move(select);
    return resolved;
  }

  // Queries in a FROM become steps.
  void ResolveFrom(duckdb::unique_ptr<TableRef>& ref, const DeltaScope& scope,
                   ResolvedSelect& resolved) {
    if (!ref) return;
    if (ref->type == TableReferenceType::BASE_TABLE) {
      MarkRelation(ref->Cast<duckdb::BaseTableRef>(), scope);
    }
    if (ref->type == TableReferenceType::JOIN) {
      auto& join = ref->Cast<duckdb::JoinRef>();
      join.is_implicit = false;
      ResolveFrom(join.left, scope, resolved);
      ResolveFrom(join.right, scope, resolved);
    }
    if (ref->type != TableReferenceType::SUBQUERY) return;
    auto& subquery = ref->Cast<duckdb::SubqueryRef>();
    const auto before = plan_.steps.size();
    try {
      auto table = duckdb::make_uniq<duckdb::BaseTableRef>();
      table->table_name = Compile(*subquery.subquery->node, scope);
      table->schema_name = kRelation;
      table->alias = subquery.alias.empty() ? table->table_name : subquery.alias;
      table->column_name_alias = subquery.column_name_alias;
      ref = std::move(table);
    } catch (const Failure&) {
      // One that does not bind by itself may read columns of what stands beside it.
      plan_.steps.resize(before);
      resolved.why = "a query in FROM reads columns from beside it";
    }
  }

  DeltaStep StepOf(ResolvedSelect& resolved) {
    const SelectNode& select = *resolved.select;
    DeltaStep step{.name = NextName(),
                   .sql_new = TextAt(select, Version::kNew),
                   .sql_old = TextAt(select, Version::kOld)};
    const auto relations = resolved.relations;
    step.inputs.assign(relations.begin(), relations.end());
    return step;
  }

  // Puts the step into the plan once it is known how it follows its inputs.
  void Add(DeltaStep& step, ResolvedSelect& resolved) {
    MakeView(step);
    const Names columns = ColumnsOf(NameOf(step.name, Version::kNew));
    FillIn({.keys = keys_,
            .columns = columns,
            .columns_of_from =
                [&](TableRef& from) {
                  const auto copy = from.Copy();
                  PutAtVersion(*copy, Version::kNew);
                  return ColumnsOfSql(fmt::format("SELECT * FROM {}", copy->ToString()));
                },
            .describe = [&](const std::string& sql) { return bench_.Describe(sql); }},
           resolved, step);
    Keep(step);
  }

  void Keep(const DeltaStep& step) {
    keys_[step.name] = step.keys;
    plan_.steps.push_back(step);
  }

  // All the rows of `relation`, each once: a group is a row.
  std::string Distinct(const std::string& relation) {
    Names columns;
    for (const std::string& name : ColumnsOf(NameOf(relation, Version::kNew))) {
      columns.push_back(Identifier(name));
    }
    const auto select = ParseSelect(fmt::format("SELECT {0} FROM {1} AS distinct_rows GROUP BY {0}",
                                                fmt::join(columns, ", "), Identifier(relation)));
    DeltaScope scope;
    scope[relation] = {.relation = relation};
    const std::string name = CompileSelect(select->node->Cast<SelectNode>(), scope);
    plan_.steps.back().keys.clear();  // there is nothing beside the key
    keys_[name].clear();
    return name;
  }

  std::string CompileUnion(duckdb::SetOperationNode& node, const DeltaScope& scope) {
    Names children;
    for (auto& child : node.children) children.push_back(Compile(*child, scope));
    const bool is_union = node.setop_type == duckdb::SetOperationType::UNION;
    auto shape = duckdb::unique_ptr_cast<QueryNode, duckdb::SetOperationNode>(node.Copy());
    shape->cte_map = duckdb::CommonTableExpressionMap();
    const bool is_distinct = TakeModifiers(*shape) || (is_union && !node.setop_all);
    if (is_union) shape->setop_all = true;
    for (std::size_t i = 0; i < children.size(); ++i) {
      auto all = ParseSelect("SELECT * FROM " + Identifier(children[i]));
      MarkRelation(all->node->Cast<SelectNode>().from_table->Cast<duckdb::BaseTableRef>(),
                   {{children[i], {.relation = children[i]}}});
      shape->children[i] = std::move(all->node);
    }
    DeltaStep step{.name = NextName(),
                   .sql_new = TextAt(*shape, Version::kNew),
                   .sql_old = TextAt(*shape, Version::kOld),
                   .inputs = children};
    if (is_union && shape->modifiers.empty()) {
      step.way = DeltaWay::kRows;
      for (const std::string& child : children) AddAll(child, step);
    } else {
      step.why = is_union ? "LIMIT looks at all rows" : "EXCEPT and INTERSECT look at all rows";
    }
    MakeView(step);
    Keep(step);
    return is_distinct ? Distinct(step.name) : step.name;
  }

  static void AddAll(const std::string& child, DeltaStep& step) {
    for (const Version version : {Version::kAdded, Version::kRemoved}) {
      const std::string rows = NameOf(child, version);
      step.terms.push_back({.sql = "SELECT * FROM " + Identifier(rows),
                            .takes_away = version == Version::kRemoved,
                            .reads = rows});
    }
  }

  std::string NextName() { return fmt::format("query {}", ++count_); }

  void MakeView(const DeltaStep& step) {
    const Status made = bench_.Execute(
        context_, fmt::format("CREATE VIEW {} AS {}", Identifier(NameOf(step.name, Version::kNew)),
                              step.sql_new));
    if (!made) throw Failure{InQuery(made.error())};
  }

  Names ColumnsOf(const std::string& table) {
    return ColumnsOfSql("SELECT * FROM " + Identifier(table));
  }

  Names ColumnsOfSql(const std::string& sql) {
    Names names;
    for (auto& column : OrFail(bench_.Describe(sql))) names.push_back(std::move(column.name));
    return names;
  }

  const Context& context_;
  Workbench& bench_;
  DeltaScope scope_;
  std::map<std::string, Names> keys_;
  DeltaPlan plan_;
  int count_ = 0;
};

}  // namespace

Result<DeltaPlan> PlanDelta(const Context& context, Workbench& bench,
                            std::span<const TransformStep> steps,
                            std::span<const DeltaInput> inputs) {
  return WithoutExceptions([&]() -> Result<DeltaPlan> {
    try {
      Planner planner(context, bench);
      for (const DeltaInput& input : inputs) planner.AddInput(input);
      for (const TransformStep& step : steps) planner.AddStep(step);
      return std::move(planner).Plan();
    } catch (const Failure& failure) {
      return failure.error;
    }
  });
}

}  // namespace weir::engine
