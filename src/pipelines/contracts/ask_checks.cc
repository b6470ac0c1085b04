#include "pipelines/contracts/ask_checks.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "contracts/row_rule.h"
#include "engine/checked_select.h"
#include "engine/sql_text.h"
#include "pipelines/contracts/state_views.h"

namespace weir::pipelines {
namespace {

using contracts::Check;
using engine::Identifier;

// A cell as text; null as "null".
std::string TextAt(const arrow::RecordBatch& batch, int column, std::int64_t row) {
  const auto& values = *batch.column(column);
  if (values.IsNull(row)) return "null";
  const auto value = values.GetScalar(row);
  return value.ok() ? (*value)->ToString() : "?";
}

std::uint64_t NumberAt(const arrow::RecordBatch& batch, int column, std::int64_t row) {
  const auto& numbers = static_cast<const arrow::Int64Array&>(*batch.column(column));
  return numbers.IsNull(row) ? 0 : static_cast<std::uint64_t>(numbers.Value(row));
}

std::string AgeInWords(std::chrono::seconds age) {
  const auto count = age.count();
  if (count >= 2 * 24 * 3600) return fmt::format("{} days", count / (24 * 3600));
  if (count >= 2 * 3600) return fmt::format("{} hours", count / 3600);
  return fmt::format("{} seconds", count);
}

class Asking {
 public:
  Asking(const Context& context, const AskRequest& request)
      : context_(context), request_(request) {}

  Result<Asked> Run() {
    asked_.findings.resize(request_.contract.size());
    ASSIGN_OR_RETURN(views_, MakeStateViews(context_, request_));
    for (std::size_t i = 0; i < request_.contract.size(); ++i) {
      const Status done = Ask(i);
      if (!done) return InCheck(request_.contract[i], done.error());
    }
    std::ranges::sort(asked_.failed, {}, &FailedEvent::number);
    return std::move(asked_);
  }

 private:
  static Error InCheck(const Check& check, Error error) {
    const std::string named = fmt::format("check {}", check.name);
    if (!error.message.starts_with(named)) {
      error.message = fmt::format("{} cannot be asked: {}", named, error.message);
    }
    // What a check names and is not there is a mistake of the check.
    if (error.code == ErrorCode::kNotFound || error.code == ErrorCode::kDenied) {
      error.code = ErrorCode::kInvalid;
    }
    return error;
  }

  Status Ask(std::size_t number) {
    number_ = number;
    const Check& check = request_.contract[number];
    finding().asked = true;
    if (contracts::JudgesRows(check.rule)) {
      return request_.rows_are_judged ? Ok() : AskRows(check);
    }
    return std::visit([&](const auto& rule) { return AskRule(check, rule); }, check.rule);
  }

  Finding& finding() { return asked_.findings[number_]; }

  Status AskRows(const Check& check) {
    ASSIGN_OR_RETURN(const std::string fails, contracts::FailsSql(check, views_.columns));
    return FailRows(check, fmt::format("SELECT * FROM ({}) n WHERE {}", views_.added, fails));
  }

  Result<std::string> ColumnList(const Check& check, const std::vector<std::string>& names,
                                 const std::string& prefix = "") {
    std::vector<std::string> columns;
    for (const std::string& name : names) {
      ASSIGN_OR_RETURN(const auto column, contracts::FindColumn(check, name, views_.columns));
      columns.push_back(prefix + column.sql);
    }
    return fmt::format("{}", fmt::join(columns, ", "));
  }

  // Keys that come twice, and keys that come and are there already.
  Status AskRule(const Check& check, const contracts::Unique& rule) {
    ASSIGN_OR_RETURN(const std::string keys, ColumnList(check, rule.columns));
    std::vector<std::string> present;
    std::vector<std::string> same;
    for (const std::string& name : rule.columns) {
      present.push_back(Identifier(name) + " IS NOT NULL");
      same.push_back(fmt::format("k.{0} = n.{0}", Identifier(name)));
    }
    std::vector<std::string> twice;
    if (std::ranges::find(request_.distinct, number_) == request_.distinct.end()) {
      twice.push_back(
          fmt::format("SELECT {0} FROM ({1}) WHERE {2} GROUP BY {0} HAVING count(*) > 1", keys,
                      views_.added, fmt::join(present, " AND ")));
    }
    if (!views_.kept.empty()) {
      twice.push_back(fmt::format("SELECT {} FROM ({}) k SEMI JOIN ({}) n ON {}", keys, views_.kept,
                                  views_.added, fmt::join(same, " AND ")));
    }
    finding().rows = 0;
    if (twice.empty()) return Ok();
    const std::string table = fmt::format("weir twice {}", number_);
    RETURN_IF_ERROR(Execute(
        fmt::format("CREATE TABLE {} AS {}", Identifier(table), fmt::join(twice, " UNION ALL "))));
    ASSIGN_OR_RETURN(const std::uint64_t found,
                     CountOf(fmt::format("SELECT * FROM {}", Identifier(table))));
    if (found == 0) return Ok();
    return FailRows(check, fmt::format("SELECT n.* FROM ({}) n SEMI JOIN {} k ON {}", views_.added,
                                       Identifier(table), fmt::join(same, " AND ")));
  }

  Status AskRule(const Check& check, const contracts::References& rule) {
    ASSIGN_OR_RETURN(const auto column, contracts::FindColumn(check, rule.column, views_.columns));
    const bool is_own = rule.dataset == request_.dataset;
    const std::string other = is_own ? "this" : "weir dataset " + rule.dataset;
    if (!is_own) RETURN_IF_ERROR(AddDataset(rule.dataset, other));
    ASSIGN_OR_RETURN(const auto theirs, Columns(other));
    const auto key = contracts::FindColumn(check, rule.key, theirs);
    if (!key) {
      ASSIGN_OR_RETURN(const std::uint64_t rows,
                       CountOf(fmt::format("SELECT * FROM {}", Identifier(other))));
      if (rows == 0) {
        return Invalid("check {} reads {}, which has no rows yet", check.name, rule.dataset)
            .WithHint("bring them in first");
      }
      return Invalid("check {} names a column {}, which {} does not have", check.name, rule.key,
                     rule.dataset);
    }
    return FailRows(check,
                    fmt::format("SELECT n.* FROM ({}) n ANTI JOIN {} d ON n.{} = d.{} "
                                "WHERE n.{} IS NOT NULL",
                                views_.added, Identifier(other), column.sql, key->sql, column.sql));
  }

  Status AskRule(const Check&, const contracts::RowCount& rule) {
    const bool of_state = rule.of == contracts::RowCount::Of::kState;
    std::uint64_t rows = 0;
    if (!of_state && request_.batch_rows) {
      rows = *request_.batch_rows;
    } else {
      ASSIGN_OR_RETURN(rows, CountOf(of_state ? "SELECT * FROM this" : "SELECT * FROM new_rows"));
    }
    const char* what = of_state ? "the dataset would have" : "the batch has";
    if (rule.min && rows < *rule.min) {
      Fail(fmt::format("{} {}, fewer than {}", what, RowsInWords(rows), *rule.min));
    }
    if (rule.max && rows > *rule.max) {
      Fail(fmt::format("{} {}, more than {}", what, RowsInWords(rows), *rule.max));
    }
    return Ok();
  }

  Status AskRule(const Check&, const contracts::Freshness& rule) {
    if (!request_.newest_event) {
      Fail("there is no event yet");
      return Ok();
    }
    const auto age =
        std::chrono::floor<std::chrono::seconds>(request_.now - *request_.newest_event);
    if (age > rule.max_age) {
      Fail(fmt::format("the newest event is of {}, {} old, more than {}",
                       FormatTimestamp(*request_.newest_event), AgeInWords(age),
                       AgeInWords(rule.max_age)));
    }
    return Ok();
  }

  Status AskRule(const Check&, const contracts::NoRows& rule) {
    std::vector<std::string> tables = {"this", "new_rows"};
    for (const std::string& dataset : rule.reads) {
      RETURN_IF_ERROR(AddDataset(dataset, dataset));
      tables.push_back(dataset);
    }
    ASSIGN_OR_RETURN(const std::string checked, engine::CheckSelect(rule.query, tables));
    ASSIGN_OR_RETURN(const std::uint64_t rows, CountOf(checked));
    finding().rows = rows;
    if (rows == 0) return Ok();
    Fail(fmt::format("the query returns {}", RowsInWords(rows)));
    return TakeExamples(fmt::format("SELECT 0::BIGINT, to_json(r)::VARCHAR FROM ({}) r", checked),
                        false);
  }

  template <typename Other>
  Status AskRule(const Check& check, const Other&) {
    return Internal("check {} judges rows", check.name);
  }

  void Fail(std::string message) {
    finding().failed = true;
    finding().message = std::move(message);
  }

  // Takes note of the rows of `failing`, which has the columns of `added`.
  Status FailRows(const Check& check, const std::string& failing) {
    ASSIGN_OR_RETURN(const std::uint64_t rows, CountOf(failing));
    finding().rows = rows;
    if (rows == 0) return Ok();
    finding().failed = true;
    const auto columns = contracts::ColumnsOf(check.rule);
    std::vector<std::string> texts;
    for (const std::string& name : columns) {
      texts.push_back(fmt::format("coalesce(CAST({} AS VARCHAR), 'null')", Identifier(name)));
    }
    RETURN_IF_ERROR(
        TakeExamples(fmt::format("SELECT \"weir number\", {} FROM ({}) ORDER BY \"weir number\"",
                                 fmt::join(texts, " || ', ' || "), failing),
                     true));
    if (check.on_fail != contracts::OnFail::kQuarantine) return Ok();
    return TakeRecords(failing, rows);
  }

  // `texts` gives numbers of events and what to say of them.
  Status TakeExamples(const std::string& texts, bool are_events) {
    ASSIGN_OR_RETURN(const auto rows,
                     request_.bench.Query(context_, fmt::format("SELECT * FROM ({}) LIMIT {}",
                                                                texts, kMostExamples)));
    for (;;) {
      ASSIGN_OR_RETURN(const auto batch, rows->Next());
      if (!batch) return Ok();
      for (std::int64_t row = 0; row < batch->num_rows(); ++row) {
        std::string place;
        if (are_events && request_.place) place = request_.place(NumberAt(*batch, 0, row));
        if (!place.empty()) place += ": ";
        finding().examples.push_back(place + Shortened(TextAt(*batch, 1, row)));
      }
    }
  }

  Status TakeRecords(const std::string& failing, std::uint64_t count) {
    if (asked_.failed.size() + count > kMostFailedEvents) {
      return Exhausted("{} rows fail it: too many to put in quarantine", count);
    }
    const std::string fields = RecordSql(views_.columns);
    ASSIGN_OR_RETURN(const auto rows,
                     request_.bench.Query(context_, fmt::format("SELECT \"weir number\", {} FROM "
                                                                "({})",
                                                                fields, failing)));
    for (;;) {
      ASSIGN_OR_RETURN(const auto batch, rows->Next());
      if (!batch) return Ok();
      for (std::int64_t row = 0; row < batch->num_rows(); ++row) {
        const std::uint64_t number = NumberAt(*batch, 0, row);
        if (!taken_.insert(number).second) continue;
        asked_.failed.push_back(
            {.number = number, .check = number_, .record = TextAt(*batch, 1, row)});
      }
    }
  }

  Status AddDataset(const std::string& name, const std::string& view) {
    if (!known_.insert(view).second) return Ok();
    if (request_.tables == nullptr) return Internal("nothing answers the name {}", name);
    ASSIGN_OR_RETURN(const auto table,
                     request_.tables->Resolve({request_.workspace, name}, std::nullopt));
    if (!table) return Invalid("there is no dataset {}", name);
    return AddTable(context_, request_.bench, view, *table);
  }

  Result<std::vector<contracts::ColumnAtHand>> Columns(const std::string& table) {
    ASSIGN_OR_RETURN(const auto found,
                     request_.bench.Describe("SELECT * FROM " + Identifier(table)));
    std::vector<contracts::ColumnAtHand> columns;
    for (const engine::Column& column : found) {
      columns.push_back({.name = column.name, .sql = Identifier(column.name), .type = column.type});
    }
    return columns;
  }

  Status Execute(const std::string& sql) { return request_.bench.Execute(context_, sql); }

  Result<std::uint64_t> CountOf(const std::string& query) {
    ASSIGN_OR_RETURN(
        const auto rows,
        request_.bench.Query(context_, fmt::format("SELECT count(*) FROM ({})", query)));
    ASSIGN_OR_RETURN(const auto batch, rows->Next());
    if (!batch) return Internal("a count without a row");
    return NumberAt(*batch, 0, 0);
  }

  const Context& context_;
  const AskRequest& request_;
  StateViews views_;
  std::size_t number_ = 0;  ///< of the check that is asked
  std::set<std::uint64_t> taken_;
  std::set<std::string> known_;
  Asked asked_;
};

}  // namespace

std::string RecordSql(std::span<const contracts::ColumnAtHand> columns) {
  std::vector<std::string> fields;
  for (const auto& column : columns) {
    fields.push_back(fmt::format("{}: {}", engine::Literal(column.name), column.sql));
  }
  return fmt::format("CAST(to_json({{{}}}) AS VARCHAR)", fmt::join(fields, ", "));
}

Result<Asked> AskChecks(const Context& context, const AskRequest& request) {
  return Asking(context, request).Run();
}

Status AddTable(const Context& context, engine::Workbench& bench, const std::string& name,
                const engine::ResolvedTable& table) {
  std::string sql = table.sql;
  for (std::size_t i = 0; i < table.scans.size(); ++i) {
    const std::string relation = fmt::format("weir scan {} of {}", i, name);
    RETURN_IF_ERROR(bench.AddRelation(relation, table.scans[i]));
    const std::string call = fmt::format("scan({})", i);
    for (std::size_t at = sql.find(call); at != std::string::npos; at = sql.find(call, at)) {
      sql.replace(at, call.size(), Identifier(relation));
      at += relation.size() + 2;
    }
  }
  return bench.Execute(context, fmt::format("CREATE VIEW {} AS {}", Identifier(name), sql));
}

}  // namespace weir::pipelines
