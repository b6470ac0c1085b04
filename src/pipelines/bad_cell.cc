#include "pipelines/bad_cell.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <fmt/format.h>

#include <variant>

#include "engine/sql_text.h"
#include "pipelines/exact_casts.h"
#include "pipelines/reader_error.h"
#include "pipelines/time_format.h"

namespace weir::pipelines {
namespace {

using Casts = ReadInput::Casts;

constexpr std::size_t kLongestValue = 200;

class Search {
 public:
  Search(const Context& context, engine::Workbench& bench, const CellSearch& search)
      : context_(context), bench_(bench), search_(search) {}

  std::optional<Error> Run() {
    const bool is_csv = std::holds_alternative<odf::ReadStepCsv>(search_.read.value);
    if (std::holds_alternative<odf::ReadStepParquet>(search_.read.value)) return LookForNoCast();
    // A reader of lines counts columns, so it is given all of them; one of objects is asked for
    // one after the other, because it does not say which it could not read.
    if (is_csv) {
      if (auto found = AskReader(search_.declared, nullptr)) return found;
    } else {
      for (const odf::DataField& field : search_.declared) {
        auto found = IsTime(field) ? LookForNoTime(field) : AskReader({field}, &field);
        if (found) return found;
      }
    }
    for (const odf::DataField& field : search_.declared) {
      if (!WithTexts(field.type, LeavesOf(search_.read))) continue;
      if (auto found = LookForCut(field)) return found;
    }
    return std::nullopt;
  }

 private:
  Result<std::string> Sql(const std::vector<odf::DataField>& fields, Casts casts) const {
    ReadInput input = search_.input;
    input.casts = casts;
    return ReadSql(search_.read, fields, input);
  }

  // Lets the reader cast everything, for it knows where it is.
  std::optional<Error> AskReader(const std::vector<odf::DataField>& fields,
                                 const odf::DataField* only) {
    const auto sql = Sql(fields, Casts::kByReader);
    if (!sql) return std::nullopt;
    std::string counts;
    for (const odf::DataField& field : fields) {
      counts +=
          fmt::format("{}count({})", counts.empty() ? "" : ", ", engine::Identifier(field.name));
    }
    const auto error = FailureOf(fmt::format("SELECT {} FROM ({})", counts, *sql));
    if (!error || error->code != ErrorCode::kInvalid) return std::nullopt;
    Error explained = ExplainReaderError(*error, search_.input.path, search_.input_name);
    if (only == nullptr || explained.message.find("malformed") != std::string::npos) {
      return explained;
    }
    return WithColumn(std::move(explained), only->name);
  }

  // `name, line 3: reason` as `name, line 3, column x: reason`.
  Error WithColumn(Error error, const std::string& column) const {
    const std::size_t end = error.message.find(": ", search_.input_name.size());
    if (end != std::string::npos) error.message.insert(end, fmt::format(", column {}", column));
    return error;
  }

  std::optional<Error> FailureOf(const std::string& sql) {
    const auto rows = bench_.Query(context_, sql);
    if (!rows) return rows.error();
    const auto batch = (*rows)->Next();
    return batch ? std::nullopt : std::optional(batch.error());
  }

  static bool IsTime(const odf::DataField& field) {
    const odf::DataType& type = slices::Required(field.type);
    return std::holds_alternative<odf::DataTypeTimestamp>(type.value) ||
           std::holds_alternative<odf::DataTypeDate>(type.value);
  }

  // The reader of objects casts times a batch at once, and names the first line of the batch.
  std::optional<Error> LookForNoTime(const odf::DataField& field) {
    const auto format = std::visit(
        [&](const auto& step) {
          std::string pattern;
          if constexpr (requires { step.timestamp_format; }) {
            const bool is_date =
                std::holds_alternative<odf::DataTypeDate>(slices::Required(field.type).value);
            pattern = (is_date ? step.date_format : step.timestamp_format).value_or("");
          }
          return TimeFormat(pattern);
        },
        search_.read.value);
    const auto type = slices::SqlOf(field.name, field.type);
    odf::DataField text = field;
    text.type = odf::DataType{odf::DataTypeString{}};
    const auto texts = Sql({text}, Casts::kTexts);
    if (!format || !type || !texts) return std::nullopt;
    return FirstRowWhere(
        field, *texts,
        format->empty() ? fmt::format("TRY_CAST(v AS {}) IS NULL", *type)
                        : fmt::format("try_strptime(v, {}) IS NULL", engine::Literal(*format)));
  }

  // A file with types of its own: what it has is cast, column by column.
  std::optional<Error> LookForNoCast() {
    const std::string rows =
        fmt::format("SELECT * FROM read_parquet({})", engine::Literal(search_.input.path));
    for (const odf::DataField& field : search_.declared) {
      const auto cast = ParquetCast(field, "v", search_.input);
      if (!cast) return std::nullopt;
      if (auto found = FirstRowWhere(field, rows, fmt::format("TRY({}) IS NULL", *cast))) {
        return found;
      }
    }
    return std::nullopt;
  }

  // The reader would cut the value, and says nothing.
  std::optional<Error> LookForCut(const odf::DataField& field) {
    const auto texts = Sql(search_.declared, Casts::kTexts);
    const odf::DataType type = slices::WithTimeRule(field.type, search_.input.times);
    const auto exact = ExactCasts(field.name, "v", type, LeavesOf(search_.read));
    if (!texts || !exact) return std::nullopt;
    return FirstRowWhere(field, *texts, fmt::format("TRY({}) IS NULL", *exact));
  }

  // Counts to the first row of `sql` whose cell `v` is bad.
  std::optional<Error> FirstRowWhere(const odf::DataField& field, const std::string& sql,
                                     const std::string& is_bad) {
    const auto rows = bench_.Query(
        context_,
        fmt::format("SELECT r::VARCHAR, v::VARCHAR FROM (SELECT row_number() OVER () AS r, {} AS v "
                    "FROM ({})) WHERE v IS NOT NULL AND {} ORDER BY r LIMIT 1",
                    engine::Identifier(field.name), sql, is_bad));
    if (!rows) return std::nullopt;
    const auto batch = (*rows)->Next();
    if (!batch || !*batch || (*batch)->num_rows() == 0) return std::nullopt;
    const auto text = [&](int column) {
      return static_cast<const arrow::StringArray&>(*(*batch)->column(column)).GetString(0);
    };
    const std::string type = slices::NameOf(slices::Required(field.type));
    return Invalid("{}, {}, column {}: '{}' is no {}", search_.input_name,
                   Place(std::stoull(text(0))), field.name, text(1).substr(0, kLongestValue), type);
  }

  std::string Place(std::uint64_t row) const {
    if (search_.place) return search_.place(row);
    if (std::holds_alternative<odf::ReadStepParquet>(search_.read.value)) {
      return fmt::format("row {}", row);
    }
    if (std::holds_alternative<odf::ReadStepJson>(search_.read.value)) {
      return fmt::format("record {}", row);
    }
    const auto* csv = std::get_if<odf::ReadStepCsv>(&search_.read.value);
    const bool has_header = csv != nullptr && csv->header.value_or(false);
    return fmt::format("line {}", row + (has_header ? 1 : 0));
  }

  const Context& context_;
  engine::Workbench& bench_;
  const CellSearch& search_;
};

}  // namespace

std::optional<Error> FindBadCell(const Context& context, engine::Workbench& bench,
                                 const CellSearch& search) {
  return Search(context, bench, search).Run();
}

}  // namespace weir::pipelines
