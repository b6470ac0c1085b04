#include "pipelines/contracts/state_views.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/sql_text.h"

namespace weir::pipelines {
namespace {

using engine::Identifier;

std::string Listed(const std::vector<contracts::ColumnAtHand>& columns) {
  std::vector<std::string> names;
  for (const auto& column : columns) names.push_back(column.sql);
  return fmt::format("{}", fmt::join(names, ", "));
}

class Views {
 public:
  Views(const Context& context, const AskRequest& request)
      : context_(context), request_(request), op_(Identifier(request.op)) {}

  Result<StateViews> Make() {
    StateViews views;
    ASSIGN_OR_RETURN(views.columns, Columns());
    columns_ = Listed(views.columns);
    ASSIGN_OR_RETURN(const bool takes_away, TakesAway());
    const std::string number = request_.number.empty()
                                   ? std::string("0::BIGINT")
                                   : fmt::format("CAST({} AS BIGINT)", Identifier(request_.number));
    views.added = fmt::format("SELECT {} AS \"weir number\", {} FROM {} WHERE {} IN (0, 3){}",
                              number, columns_, Identifier(request_.events), op_,
                              request_.key.empty() || request_.number.empty() ? "" : LastOfKey());
    if (!request_.state_before.empty()) views.kept = Kept(takes_away);
    RETURN_IF_ERROR(request_.bench.Execute(
        context_,
        fmt::format("CREATE VIEW new_rows AS SELECT {} FROM ({})", columns_, views.added)));
    std::string state = fmt::format("SELECT {} FROM new_rows", columns_);
    if (!views.kept.empty()) state = fmt::format("{} UNION ALL {}", views.kept, state);
    RETURN_IF_ERROR(request_.bench.Execute(context_, fmt::format("CREATE VIEW this AS {}", state)));
    return views;
  }

 private:
  // Those of the state, which may leave the event time out; without one all of the events.
  Result<std::vector<contracts::ColumnAtHand>> Columns() {
    const bool has_state = !request_.state_before.empty();
    ASSIGN_OR_RETURN(
        const auto found,
        request_.bench.Describe(fmt::format(
            "SELECT * FROM {}", Identifier(has_state ? request_.state_before : request_.events))));
    std::vector<contracts::ColumnAtHand> columns;
    for (const engine::Column& column : found) {
      const bool is_data =
          column.name != request_.op && column.name != request_.number &&
          std::ranges::find(request_.ignored, column.name) == request_.ignored.end();
      if (!is_data) continue;
      columns.push_back({.name = column.name, .sql = Identifier(column.name), .type = column.type});
    }
    return columns;
  }

  // Whether any event is more than an addition: most commits only add.
  Result<bool> TakesAway() {
    if (request_.state_before.empty()) return false;
    ASSIGN_OR_RETURN(const auto rows,
                     request_.bench.Query(context_, fmt::format("SELECT 1 FROM {} WHERE {} <> 0 "
                                                                "LIMIT 1",
                                                                Identifier(request_.events), op_)));
    ASSIGN_OR_RETURN(const auto batch, rows->Next());
    return batch != nullptr;
  }

  // Of several events of a key in one batch.
  std::string LastOfKey() const {
    return fmt::format(" AND {0} IN (SELECT max({0}) FROM {1} GROUP BY {2})",
                       Identifier(request_.number), Identifier(request_.events), KeyColumns());
  }

  std::string KeyColumns() const {
    std::vector<std::string> names;
    for (const std::string& name : request_.key) names.push_back(Identifier(name));
    return fmt::format("{}", fmt::join(names, ", "));
  }

  std::string Kept(bool takes_away) const {
    const std::string before = Identifier(request_.state_before);
    const std::string events = Identifier(request_.events);
    if (!request_.key.empty()) {
      std::vector<std::string> same;
      for (const std::string& name : request_.key) {
        same.push_back(fmt::format("s.{0} IS NOT DISTINCT FROM e.{0}", Identifier(name)));
      }
      return fmt::format("SELECT {} FROM {} s ANTI JOIN {} e ON {}", columns_, before, events,
                         fmt::join(same, " AND "));
    }
    if (!takes_away) return fmt::format("SELECT {} FROM {}", columns_, before);
    return fmt::format("SELECT {0} FROM {1} EXCEPT ALL SELECT {0} FROM {2} WHERE {3} IN (1, 2)",
                       columns_, before, events, op_);
  }

  const Context& context_;
  const AskRequest& request_;
  const std::string op_;
  std::string columns_;
};

}  // namespace

Result<StateViews> MakeStateViews(const Context& context, const AskRequest& request) {
  return Views(context, request).Make();
}

}  // namespace weir::pipelines
