#include "pipelines/input_columns.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/sql_text.h"
#include "odf/system_names.h"
#include "pipelines/column_names.h"
#include "pipelines/map_leaves.h"
#include "slices/column_type.h"

namespace weir::pipelines {
namespace {

using Fields = std::vector<odf::DataField>;

const odf::DataField* Find(const Fields& fields, const std::string& name) {
  const auto found = std::ranges::find(fields, name, &odf::DataField::name);
  return found == fields.end() ? nullptr : &*found;
}

bool IsOptional(const odf::DataType& type) {
  return std::holds_alternative<odf::DataTypeOption>(type.value);
}

slices::TimeRule RuleOf(const IngestRequest& request) {
  return request.keeps_microseconds ? slices::TimeRule::kMicroseconds
                                    : slices::TimeRule::kMilliseconds;
}

std::string CutToMilliseconds(const std::string& sql) {
  return fmt::format("make_timestamptz(epoch_us({}) // 1000 * 1000)", sql);
}

std::optional<std::string> CutTime(const std::string& sql, const odf::DataType& leaf) {
  const auto* timestamp = std::get_if<odf::DataTypeTimestamp>(&leaf.value);
  if (timestamp == nullptr || timestamp->timezone == "") return std::nullopt;
  if (timestamp->unit.value_or(odf::TimeUnit::kMillisecond) != odf::TimeUnit::kMillisecond) {
    return std::nullopt;
  }
  return CutToMilliseconds(sql);
}

// The SQL that makes `target` of the values of `sql`, which are of type `read`.
Result<std::string> Converted(const std::string& name, const std::string& sql,
                              const std::string& read, const odf::DataType& target) {
  if (const auto* timestamp = std::get_if<odf::DataTypeTimestamp>(&target.value)) {
    if (timestamp->unit == odf::TimeUnit::kMillisecond && timestamp->timezone != "") {
      return CutToMilliseconds(sql);
    }
  }
  ASSIGN_OR_RETURN(const std::string wanted, slices::SqlOf(name, target));
  const std::string cast = wanted == read ? sql : fmt::format("CAST({} AS {})", sql, wanted);
  // Whole structs and lists are compared with those of the history, so times inside them are cut.
  return MapLeaves(cast, target, CutTime).value_or(cast);
}

class Sorting {
 public:
  Sorting(const std::optional<Fields>& declared, const IngestRequest& request)
      : declared_(declared), request_(request), names_(request.vocab) {}

  Result<InputColumns> Run(const std::vector<engine::Column>& read) {
    const odf::DataType milliseconds{
        odf::DataTypeTimestamp{.unit = odf::TimeUnit::kMillisecond, .timezone = "UTC"}};
    columns_.event_time = {.name = names_.event_time, .type = milliseconds};
    for (const engine::Column& column : read) RETURN_IF_ERROR(Add(column));
    if (!columns_.has_event_time) RETURN_IF_ERROR(MakeUpEventTime());
    if (request_.schema) RETURN_IF_ERROR(FollowSchema());
    RETURN_IF_ERROR(CheckWanted());
    return std::move(columns_);
  }

 private:
  Status Add(const engine::Column& column) {
    if (SameColumnName(column.name, names_.offset) ||
        SameColumnName(column.name, names_.system_time)) {
      return Invalid("the input has a column {}, which the dataset keeps itself", column.name)
          .WithHint("rename it in the preprocess query");
    }
    if (SameColumnName(column.name, names_.op)) return AddOp(column);
    if (column.name == names_.event_time) return AddEventTime(column);
    ASSIGN_OR_RETURN(odf::DataType read, slices::TypeFromSql(column.name, column.type));
    if (const auto* times = std::get_if<odf::DataTypeTimestamp>(&read.value);
        times != nullptr && request_.keeps_microseconds &&
        times->unit == odf::TimeUnit::kNanosecond) {
      return Invalid("column {}: nanoseconds would be cut to microseconds", column.name)
          .WithHint("cast it to TIMESTAMP in the preprocess query");
    }
    InputColumn added{.name = column.name, .type = slices::WithTimeRule(read, RuleOf(request_))};
    RETURN_IF_ERROR(slices::CheckHashable(column.name, added.type));
    ASSIGN_OR_RETURN(added.sql, Converted(column.name, engine::Identifier(column.name), column.type,
                                          added.type));
    added.nullable = IsNullable(column.name);
    columns_.data.push_back(std::move(added));
    return Ok();
  }

  Status AddOp(const engine::Column& column) {
    const auto* upsert = std::get_if<odf::MergeStrategyUpsertStream>(&request_.merge.value);
    const auto* changelog = std::get_if<odf::MergeStrategyChangelogStream>(&request_.merge.value);
    if (upsert == nullptr && changelog == nullptr) {
      return Invalid("the input has a column {}, which only ChangelogStream and UpsertStream take",
                     column.name)
          .WithHint("rename it in the preprocess query");
    }
    const std::string op = fmt::format("CAST({} AS INTEGER)", engine::Identifier(column.name));
    const char* known = upsert != nullptr ? "0, 1" : "0, 1, 2, 3";
    columns_.op = fmt::format(
        "CASE WHEN {0} IN ({1}) THEN {0} ELSE error('column {2}: ' || coalesce({0}::VARCHAR, "
        "'null') || ' is none of {1}') END",
        upsert != nullptr ? fmt::format("coalesce({}, 0)", op) : op, known, "op");
    return Ok();
  }

  Status AddEventTime(const engine::Column& column) {
    ASSIGN_OR_RETURN(const odf::DataType read, slices::TypeFromSql(column.name, column.type));
    InputColumn& added = columns_.event_time;
    const std::string name = engine::Identifier(column.name);
    if (std::holds_alternative<odf::DataTypeDate>(read.value)) {
      added.type = read;
      added.sql = name;
    } else if (std::holds_alternative<odf::DataTypeTimestamp>(read.value)) {
      added.sql = CutToMilliseconds(name);
    } else {
      return Invalid("the event time {} is a {}, it must be a date or a timestamp", column.name,
                     slices::NameOf(read))
          .WithHint("declare its type in the read step, or cast it in the preprocess query");
    }
    added.nullable = IsNullable(column.name);
    columns_.has_event_time = true;
    return Ok();
  }

  Status MakeUpEventTime() {
    InputColumn& made = columns_.event_time;
    const odf::DataField* field =
        request_.schema ? Find(request_.schema->fields, names_.event_time) : nullptr;
    if (field != nullptr) made.type = slices::Required(field->type);
    ASSIGN_OR_RETURN(const std::string type, slices::SqlOf(made.name, made.type));
    made.sql = fmt::format("CAST(NULL AS {})", type);
    return Ok();
  }

  // Only columns that come as they were read are known not to be null.
  bool IsNullable(const std::string& name) const {
    if (request_.preprocess || !declared_) return true;
    const odf::DataField* field = Find(*declared_, name);
    return field == nullptr || IsOptional(field->type);
  }

  bool IsSystem(const std::string& name) const {
    return name == names_.offset || name == names_.op || name == names_.system_time;
  }

  // The chain has the last word on types, order and what may be null.
  Status FollowSchema() {
    std::vector<InputColumn> ordered;
    for (const odf::DataField& field : request_.schema->fields) {
      if (IsSystem(field.name)) continue;
      if (field.name == names_.event_time) {
        RETURN_IF_ERROR(Follow(field, columns_.event_time));
        continue;
      }
      const auto found = std::ranges::find(columns_.data, field.name, &InputColumn::name);
      if (found == columns_.data.end() && request_.evolves && IsOptional(field.type)) {
        ASSIGN_OR_RETURN(InputColumn missing, Missing(field));
        ordered.push_back(std::move(missing));
        continue;
      }
      if (found == columns_.data.end()) {
        return Invalid("the input lacks the column {} of the dataset", field.name)
            .WithHint("add it in the preprocess query, as NULL where it has no value");
      }
      RETURN_IF_ERROR(Follow(field, *found));
      ordered.push_back(std::move(*found));
      columns_.data.erase(found);
    }
    for (InputColumn& added : columns_.data) {
      RETURN_IF_ERROR(CheckMayCome(added));
      added.nullable = true;  // rows that are there have no value for it
      ordered.push_back(std::move(added));
    }
    columns_.data = std::move(ordered);
    return Ok();
  }

  // A column that the dataset does not have yet.
  Status CheckMayCome(const InputColumn& added) const {
    if (!request_.evolves) {
      return Invalid("the input has a column {} that the dataset does not declare", added.name)
          .WithHint(
              "weir ingest --evolve adds it to the dataset; or leave it out in the preprocess "
              "query");
    }
    for (const odf::DataField& field : request_.schema->fields) {
      if (!SameColumnName(field.name, added.name)) continue;
      return Invalid("the new column {} differs from {} of the dataset in case alone", added.name,
                     field.name)
          .WithHint("rename it in the preprocess query");
    }
    return Ok();
  }

  static Result<InputColumn> Missing(const odf::DataField& field) {
    InputColumn missing{.name = field.name, .type = slices::Required(field.type)};
    ASSIGN_OR_RETURN(const std::string type, slices::SqlOf(field.name, missing.type));
    missing.sql = fmt::format("CAST(NULL AS {})", type);
    return missing;
  }

  Status Follow(const odf::DataField& field, InputColumn& column) {
    const odf::DataType& wanted = slices::Required(field.type);
    if (!slices::SameType(column.type, wanted)) {
      if (!slices::Widens(column.type, wanted)) {
        return Invalid("column {} is {} in the input and {} in the dataset", field.name,
                       slices::NameOf(column.type), slices::NameOf(wanted))
            .WithHint("cast it in the preprocess query");
      }
      ASSIGN_OR_RETURN(const std::string type, slices::SqlOf(field.name, wanted));
      column.sql = fmt::format("CAST({} AS {})", column.sql, type);
      column.type = wanted;
    }
    column.nullable = IsOptional(field.type);
    return Ok();
  }

  Status CheckWanted() const {
    if (std::holds_alternative<odf::MergeStrategyChangelogStream>(request_.merge.value) &&
        !columns_.op) {
      return Invalid("ChangelogStream needs a column {}, which the input lacks", names_.op);
    }
    if (columns_.data.empty()) return Invalid("the input has no data columns");
    return Ok();
  }

  const std::optional<Fields>& declared_;
  const IngestRequest& request_;
  odf::SystemNames names_;
  InputColumns columns_;
};

}  // namespace

Result<InputColumns> SortOutColumns(const std::vector<engine::Column>& read,
                                    const std::optional<Fields>& declared,
                                    const IngestRequest& request) {
  return Sorting(declared, request).Run(read);
}

}  // namespace weir::pipelines
