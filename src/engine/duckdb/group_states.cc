#include "engine/duckdb/group_states.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <duckdb/parser/expression/columnref_expression.hpp>
#include <duckdb/parser/expression/function_expression.hpp>
#include <duckdb/parser/parsed_expression_iterator.hpp>
#include <duckdb/parser/parser.hpp>

#include "engine/duckdb/kept_aggregate.h"
#include "engine/duckdb/touched_groups.h"
#include "engine/duckdb/transform_select.h"
#include "engine/sql_text.h"

namespace weir::engine {
namespace {

using duckdb::ExpressionClass;
using duckdb::FunctionExpression;
using duckdb::ParsedExpression;
using duckdb::StringUtil;
using Expression = duckdb::unique_ptr<ParsedExpression>;
using Texts = std::vector<std::string>;

constexpr const char* kOrder = "'ASC NULLS FIRST'";

// An aggregate of the query: its argument, and the values of the state that it is told from.
struct Told {
  std::string function;
  std::string argument;  // empty: rows are counted
  KeptAggregate kept = {};
  std::vector<std::size_t> values = {};  // places among all
};

struct Value {
  std::string argument;  // a0, a1, ...
  KeptValue how;
};

std::string With(const std::string& text, const std::string& argument, const std::string& kept,
                 const std::string& changed) {
  return fmt::format(fmt::runtime(text), fmt::arg("a", argument), fmt::arg("o", kept),
                     fmt::arg("d", changed));
}

class Making {
 public:
  explicit Making(const GroupedSelect& grouped) : grouped_(grouped), select_(grouped.select) {}

  std::optional<GroupStates> Run() {
    if (!FindColumns() || !FindItems() || !FindKept() || !FindTypes()) return std::nullopt;
    GroupStates states{.of_all_new = WithKey(OfAll(FromAt(Version::kNew))),
                       .of_all_old = WithKey(OfAll(FromAt(Version::kOld))),
                       .of_changed = OfChanged(),
                       .of_touched = OfTouched(),
                       .rows = Rows(),
                       .rows_new = Result(Table()),
                       .rows_old = Result(AsTheyWere()),
                       .kept = Kept()};
    states.can_take_away =
        std::ranges::all_of(told_, [](const Told& each) { return each.kept.can_take_away; });
    return states;
  }

 private:
  // What the result is called and is of.
  bool FindColumns() {
    auto columns =
        grouped_.describe("SELECT * FROM " + Identifier(NameOf(grouped_.name, Version::kNew)));
    if (!columns || columns->size() != select_.select_list.size()) return false;
    columns_ = std::move(*columns);
    return std::ranges::none_of(grouped_.groups, [](const Expression& group) {
      return group->GetExpressionClass() == ExpressionClass::CONSTANT;
    });
  }

  // The select list and HAVING over keys and aggregates, `a0` and so on for the latter.
  bool FindItems() {
    for (const Expression& item : select_.select_list) {
      Expression copy = item->Copy();
      copy->ClearAlias();
      if (!TellIn(copy)) return false;
      items_.push_back(std::move(copy));
    }
    if (!select_.having) return true;
    having_ = select_.having->Copy();
    return TellIn(having_);
  }

  bool TellIn(Expression& expression) {
    for (std::size_t i = 0; i < grouped_.groups.size(); ++i) {
      if (!expression->Equals(*grouped_.groups[i])) continue;
      expression = duckdb::make_uniq<duckdb::ColumnRefExpression>(KeyName(i));
      return true;
    }
    if (IsAggregate(*expression)) return TellAggregate(expression);
    switch (expression->GetExpressionClass()) {
      case ExpressionClass::COLUMN_REF:
        return TellAlias(expression);
      case ExpressionClass::SUBQUERY:
      case ExpressionClass::STAR:
      case ExpressionClass::LAMBDA:
        return false;
      default:
        break;
    }
    bool is_told = true;
    duckdb::ParsedExpressionIterator::EnumerateChildren(
        *expression, [&](Expression& child) { is_told = is_told && TellIn(child); });
    return is_told;
  }

  // HAVING may mean an item by its alias.
  bool TellAlias(Expression& expression) const {
    const auto& column = expression->Cast<duckdb::ColumnRefExpression>();
    if (column.IsQualified()) return false;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (!StringUtil::CIEquals(select_.select_list[i]->GetAlias(), column.GetColumnName()))
        continue;
      expression = items_[i]->Copy();
      return true;
    }
    return false;
  }

  bool TellAggregate(Expression& expression) {
    const auto& function = expression->Cast<FunctionExpression>();
    const bool has_order = function.order_bys && !function.order_bys->orders.empty();
    if (function.distinct || has_order || function.children.size() > 1) return false;
    const std::string argument = ArgumentOf(function);
    auto found = std::ranges::find_if(told_, [&](const Told& each) {
      return each.function == function.function_name && each.argument == argument;
    });
    if (found == told_.end()) {
      told_.push_back({.function = function.function_name, .argument = argument});
      found = told_.end() - 1;
    }
    expression = duckdb::make_uniq<duckdb::ColumnRefExpression>(ToldName(found - told_.begin()));
    return true;
  }

  // Empty for rows as such.
  static std::string ArgumentOf(const FunctionExpression& function) {
    const std::string argument =
        function.children.empty() ? std::string() : function.children[0]->ToString();
    if (!function.filter) return argument;
    return fmt::format("CASE WHEN {} THEN {} END", function.filter->ToString(),
                       argument.empty() ? "1" : argument);
  }

  static std::string KeyName(std::size_t i) { return fmt::format("k{}", i); }
  static std::string ToldName(std::ptrdiff_t i) { return fmt::format("told {}", i); }

  // Finds what is kept for each aggregate; values that several are told from are kept once.
  bool FindKept() {
    const auto types = TypesOfArguments();
    if (!types) return false;
    for (Told& told : told_) {
      if (told.argument.empty()) continue;
      const auto place = std::ranges::find(arguments_, told.argument) - arguments_.begin();
      const std::string& type = (*types)[static_cast<std::size_t>(place)];
      auto kept = KeptAggregateOf(told.function, type);
      if (!kept) return false;
      told.kept = std::move(*kept);
      for (const KeptValue& value : told.kept.values) {
        told.values.push_back(PlaceOf({.argument = fmt::format("a{}", place), .how = value}));
      }
    }
    return true;
  }

  std::size_t PlaceOf(Value value) {
    const auto found = std::ranges::find_if(values_, [&](const Value& each) {
      return each.argument == value.argument && each.how.of_changes == value.how.of_changes;
    });
    const auto place = static_cast<std::size_t>(found - values_.begin());
    if (found == values_.end()) values_.push_back(std::move(value));
    return place;
  }

  std::optional<Texts> TypesOfArguments() {
    for (const Told& told : told_) {
      if (told.argument.empty() || std::ranges::count(arguments_, told.argument) > 0) continue;
      arguments_.push_back(told.argument);
    }
    Texts types;
    if (arguments_.empty()) return types;
    const auto columns = grouped_.describe(
        fmt::format("SELECT {} FROM {}", fmt::join(arguments_, ", "), FromAt(Version::kNew)));
    if (!columns) return std::nullopt;
    for (const Column& column : *columns) types.push_back(column.type);
    return types;
  }

  bool FindTypes() {
    const auto columns = grouped_.describe(OfAll(FromAt(Version::kNew)));
    if (!columns) return false;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      types_.push_back((*columns)[grouped_.groups.size() + 1 + i].type);
    }
    return true;
  }

  std::string FromAt(Version version) const {
    const auto copy = select_.from_table->Copy();
    PutAtVersion(*copy, version);
    return copy->ToString();
  }

  std::string FromOfTouched() const {
    auto from = select_.from_table->Copy();
    PutAtVersion(*from, Version::kNew);
    return OnlyTouched(std::move(from), grouped_.groups, grouped_.name)->ToString();
  }

  std::string Where() const {
    return select_.where_clause ? " WHERE " + select_.where_clause->ToString() : std::string();
  }

  Texts KeyNames() const {
    Texts names;
    for (std::size_t i = 0; i < grouped_.groups.size(); ++i) names.push_back(KeyName(i));
    return names;
  }

  Texts Keys() const {
    Texts keys;
    for (std::size_t i = 0; i < grouped_.groups.size(); ++i) {
      keys.push_back(fmt::format("{} AS {}", grouped_.groups[i]->ToString(), KeyName(i)));
    }
    return keys;
  }

  Texts Arguments() const {
    Texts listed;
    for (std::size_t i = 0; i < arguments_.size(); ++i) {
      listed.push_back(fmt::format(", {} AS a{}", arguments_[i], i));
    }
    return listed;
  }

  std::string OfAll(const std::string& from) const {
    std::string sql = fmt::format("SELECT {}, count(*) AS n", fmt::join(KeyNames(), ", "));
    for (std::size_t i = 0; i < values_.size(); ++i) {
      sql +=
          fmt::format(", {} AS s{}", With(values_[i].how.of_all, values_[i].argument, "", ""), i);
    }
    return fmt::format("{} FROM (SELECT {}{} FROM {}{}) GROUP BY {}", sql, fmt::join(Keys(), ", "),
                       fmt::join(Arguments(), ""), from, Where(), fmt::join(KeyNames(), ", "));
  }

  // Of one short column alone the engine makes a number; a column more makes it bytes.
  static std::string SortKey(const Texts& columns) {
    Texts parts;
    for (const std::string& column : columns) parts.push_back(column + ", " + kOrder);
    parts.push_back(fmt::format("''::BLOB, {}", kOrder));
    return fmt::format("create_sort_key({})", fmt::join(parts, ", "));
  }

  std::string WithKey(const std::string& groups) const {
    return fmt::format("SELECT *, {} AS key FROM ({})", SortKey(KeyNames()), groups);
  }

  // Beside each group, as `o`, what is kept of it.
  std::string WithOld(const std::string& groups) const {
    std::string columns = fmt::format("'n BIGINT', {}", kOrder);
    for (std::size_t i = 0; i < types_.size(); ++i) {
      columns += fmt::format(", 's{} {}', {}", i, types_[i], kOrder);
    }
    columns += fmt::format(", 'filler BLOB', {}", kOrder);
    return fmt::format(
        "SELECT *, CASE WHEN old IS NOT NULL THEN decode_sort_key(old, {}) END AS o FROM (SELECT "
        "*, "
        "group_state('{}', key) AS old FROM ({}))",
        columns, grouped_.name, WithKey(groups));
  }

  static std::string Old(std::size_t i) { return fmt::format("struct_extract(o, 's{}')", i); }

  // The columns of the table of states: keys, key, what was, n and what is.
  std::string States(const std::string& n, const Texts& merged, const std::string& groups) const {
    std::string sql = fmt::format("SELECT {}, key, struct_extract(o, 'n') AS o_n, {} AS n",
                                  fmt::join(KeyNames(), ", "), n);
    for (std::size_t i = 0; i < values_.size(); ++i) {
      sql += fmt::format(", {} AS o_s{}, {} AS s{}", Old(i), i, merged[i], i);
    }
    return fmt::format("{} FROM ({})", sql, WithOld(groups));
  }

  std::string OfChanged() const {
    std::string sql = fmt::format(
        "SELECT {}, count(*) FILTER (WHERE sign > 0) - count(*) FILTER (WHERE sign < 0) AS n",
        fmt::join(KeyNames(), ", "));
    Texts merged;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const KeptValue& how = values_[i].how;
      sql += fmt::format(", {} AS s{}", With(how.of_changes, values_[i].argument, "", ""), i);
      merged.push_back(With(how.merged, "", Old(i), fmt::format("s{}", i)));
    }
    const std::string groups =
        fmt::format("{} FROM {} GROUP BY {}", sql,
                    Identifier(NameOf(grouped_.name, Version::kRows)), fmt::join(KeyNames(), ", "));
    return States("coalesce(struct_extract(o, 'n'), 0) + n", merged, groups);
  }

  std::string OfTouched() const {
    const std::string touched = Identifier(NameOf(grouped_.name, Version::kTouched));
    Texts keys;
    Texts same;
    for (std::size_t i = 0; i < grouped_.groups.size(); ++i) {
      const std::string key = Identifier(TouchedKeyName(i));
      keys.push_back(fmt::format("t.{} AS k{}", key, i));
      same.push_back(fmt::format("t.{} IS NOT DISTINCT FROM f.k{}", key, i));
    }
    std::string sql = fmt::format("SELECT {}, f.n", fmt::join(keys, ", "));
    Texts merged;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      sql += fmt::format(", f.s{0} AS s{0}", i);
      merged.push_back(fmt::format("s{}", i));
    }
    const std::string groups = fmt::format("{} FROM {} t LEFT JOIN ({}) f ON {}", sql, touched,
                                           OfAll(FromOfTouched()), fmt::join(same, " AND "));
    return States("coalesce(n, 0)", merged, groups);
  }

  std::vector<DeltaTerm> Rows() const {
    std::vector<DeltaTerm> rows;
    for (const ChangedFrom& change : grouped_.changes) {
      rows.push_back(
          {.sql = fmt::format("SELECT {}{}, {} AS sign FROM {}{}", fmt::join(Keys(), ", "),
                              fmt::join(Arguments(), ""), change.takes_away ? -1 : 1,
                              change.from->ToString(), Where()),
           .takes_away = change.takes_away,
           .reads = change.reads});
    }
    return rows;
  }

  std::string Table() const { return Identifier(NameOf(grouped_.name, Version::kStates)); }

  std::string AsTheyWere() const {
    std::string sql = fmt::format("SELECT {}, o_n AS n", fmt::join(KeyNames(), ", "));
    for (std::size_t i = 0; i < values_.size(); ++i) sql += fmt::format(", o_s{0} AS s{0}", i);
    return fmt::format("({} FROM {})", sql, Table());
  }

  // The rows of the result from those of the table of states.
  std::string Result(const std::string& states) const {
    std::string told = fmt::format("SELECT n, {}", fmt::join(KeyNames(), ", "));
    for (std::size_t i = 0; i < told_.size(); ++i) {
      told += fmt::format(", {} AS {}", TextOf(told_[i]),
                          Identifier(ToldName(static_cast<std::ptrdiff_t>(i))));
    }
    Texts items;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      items.push_back(fmt::format("CAST({} AS {}) AS {}", items_[i]->ToString(), columns_[i].type,
                                  Identifier(columns_[i].name)));
    }
    return fmt::format("SELECT {} FROM ({} FROM {} WHERE n > 0){}", fmt::join(items, ", "), told,
                       states, having_ ? " WHERE " + having_->ToString() : std::string());
  }

  static std::string TextOf(const Told& told) {
    if (told.argument.empty()) return "n";
    const auto value = [&](std::size_t i) {
      return i < told.values.size() ? fmt::format("s{}", told.values[i]) : std::string();
    };
    return fmt::format(fmt::runtime(told.kept.told), value(0), value(1));
  }

  std::string Kept() const {
    Texts state = {"n"};
    for (std::size_t i = 0; i < values_.size(); ++i) state.push_back(fmt::format("s{}", i));
    return fmt::format("SELECT key, CASE WHEN n > 0 THEN {} END AS state FROM {}", SortKey(state),
                       Table());
  }

  const GroupedSelect& grouped_;
  const duckdb::SelectNode& select_;
  std::vector<Column> columns_;
  std::vector<Expression> items_;
  Expression having_;
  std::vector<Told> told_;
  Texts arguments_;
  std::vector<Value> values_;
  Texts types_;
};

}  // namespace

std::optional<GroupStates> StatesOf(const GroupedSelect& grouped) { return Making(grouped).Run(); }

}  // namespace weir::engine
