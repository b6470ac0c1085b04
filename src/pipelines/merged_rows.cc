#include "pipelines/merged_rows.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <limits>

namespace weir::pipelines {
namespace {

// Goes along event times; null comes before every value.
class OrderCheck {
 public:
  // The first row of `times` that is before its predecessor, or -1.
  std::int64_t Find(const arrow::Array& times) {
    if (times.type_id() == arrow::Type::DATE32) {
      return FindIn(static_cast<const arrow::Date32Array&>(times));
    }
    return FindIn(static_cast<const arrow::TimestampArray&>(times));
  }

 private:
  template <typename Array>
  std::int64_t FindIn(const Array& times) {
    for (std::int64_t row = 0; row < times.length(); ++row) {
      const std::int64_t time =
          times.IsNull(row) ? std::numeric_limits<std::int64_t>::min() : times.Value(row);
      if (time < last_) return row;
      last_ = time;
    }
    return -1;
  }

  std::int64_t last_ = std::numeric_limits<std::int64_t>::min();
};

class NamedRows final : public engine::RowStream {
 public:
  NamedRows(std::unique_ptr<engine::RowStream> rows, MergedRowsOptions options)
      : rows_(std::move(rows)), options_(std::move(options)) {
    arrow::FieldVector fields;
    for (std::size_t i = 0; i < options_.columns.size(); ++i) {
      const MergedColumn& column = options_.columns[i];
      const auto& type = rows_->schema()->field(static_cast<int>(i))->type();
      fields.push_back(arrow::field(column.name, type, column.nullable));
    }
    schema_ = arrow::schema(std::move(fields));
  }

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  Result<std::shared_ptr<arrow::RecordBatch>> Next() override {
    auto next = rows_->Next();
    if (!next) return options_.explain(next.error());
    const std::shared_ptr<arrow::RecordBatch>& batch = *next;
    if (!batch) return batch;
    if (options_.checks_order && order_.Find(*batch->columns().back()) >= 0) {
      return Conflict("{} is not in the order of its event times", options_.input_name);
    }
    for (std::size_t i = 0; i < options_.columns.size(); ++i) {
      const MergedColumn& column = options_.columns[i];
      if (!column.nullable && batch->column(static_cast<int>(i))->null_count() > 0) {
        return Invalid("{}: column {} is declared not to be null, and a row has none",
                       options_.input_name, column.name)
            .WithHint("declare it optional, or leave such rows out in the preprocess query");
      }
    }
    arrow::ArrayVector arrays(batch->columns().begin(),
                              batch->columns().begin() + schema_->num_fields());
    return arrow::RecordBatch::Make(schema_, batch->num_rows(), std::move(arrays));
  }

 private:
  std::unique_ptr<engine::RowStream> rows_;
  MergedRowsOptions options_;
  std::shared_ptr<arrow::Schema> schema_;
  OrderCheck order_;
};

}  // namespace

Result<std::unique_ptr<engine::RowStream>> MergedRows(std::unique_ptr<engine::RowStream> rows,
                                                      MergedRowsOptions options) {
  const std::size_t columns = static_cast<std::size_t>(rows->schema()->num_fields());
  WEIR_CHECK(columns == options.columns.size() + (options.checks_order ? 1 : 0));
  return std::make_unique<NamedRows>(std::move(rows), std::move(options));
}

}  // namespace weir::pipelines
