#include "slices/check_slice.h"

#include <arrow/api.h>

#include <future>

#include "base/exception_error.h"
#include "odf/system_names.h"
#include "slices/physical_hash.h"
#include "slices/slice_contents.h"

namespace weir::slices {
namespace {

// Looks at the system columns of a slice as its rows go by.
class RowCheck {
 public:
  RowCheck(const SliceToCheck& check, const arrow::Schema& schema)
      : interval_(check.slice.offset_interval),
        offset_name_(odf::SystemNames(check.vocab).offset),
        op_name_(odf::SystemNames(check.vocab).op),
        offset_column_(schema.GetFieldIndex(offset_name_)),
        op_column_(schema.GetFieldIndex(op_name_)),
        next_(interval_.start) {}

  Status Start(const arrow::Schema& schema, std::uint64_t rows) const {
    if (offset_column_ < 0) return Corrupt("it has no column {}", offset_name_);
    if (op_column_ < 0) return Corrupt("it has no column {}", op_name_);
    const auto& type = *schema.field(offset_column_)->type();
    if (type.id() != arrow::Type::INT64 && type.id() != arrow::Type::UINT64) {
      return Corrupt("column {} is of type {}", offset_name_, type.ToString());
    }
    const std::uint64_t recorded = interval_.end - interval_.start;  // less one
    if (rows != recorded + 1) {
      return Corrupt("it has {} rows, and its block says offsets {} to {}", rows, interval_.start,
                     interval_.end);
    }
    return Ok();
  }

  Status Look(const arrow::RecordBatch& rows) {
    const auto& offsets = *rows.column(offset_column_);
    if (offsets.null_count() > 0) return Corrupt("column {} has nulls", offset_name_);
    // Both types have 64 bits, and a negative offset is none of those expected.
    const auto* values = offsets.data()->GetValues<std::uint64_t>(1);
    for (std::int64_t i = 0; i < rows.num_rows(); ++i, ++next_) {
      if (values[i] == next_) continue;
      return Corrupt("column {} is {} at row {}, where {} follows", offset_name_,
                     static_cast<std::int64_t>(values[i]), next_ - interval_.start, next_);
    }
    return LookAtOps(*rows.column(op_column_), next_ - static_cast<std::uint64_t>(rows.num_rows()));
  }

 private:
  Status LookAtOps(const arrow::Array& ops, std::uint64_t first_offset) const {
    if (ops.null_count() > 0) return Corrupt("column {} has nulls", op_name_);
    for (std::int64_t i = 0; i < ops.length(); ++i) {
      ASSIGN_OR_RETURN(const std::int64_t op, OpAt(ops, i));
      if (op >= 0 && op <= 3) continue;
      return Corrupt("column {} is {} at offset {}; operations are 0 to 3", op_name_, op,
                     first_offset + static_cast<std::uint64_t>(i));
    }
    return Ok();
  }

  // What Kamu writes, and what the format's text says.
  Result<std::int64_t> OpAt(const arrow::Array& ops, std::int64_t row) const {
    switch (ops.type_id()) {
      case arrow::Type::INT32:
        return static_cast<const arrow::Int32Array&>(ops).Value(row);
      case arrow::Type::UINT8:
        return static_cast<const arrow::UInt8Array&>(ops).Value(row);
      default:
        return Corrupt("column {} is of type {}", op_name_, ops.type()->ToString());
    }
  }

  const odf::OffsetInterval interval_;
  const std::string offset_name_;
  const std::string op_name_;
  const int offset_column_;
  const int op_column_;
  std::uint64_t next_;
};

// Of rows with another hash than they should have: where the difference shows, if it does.
std::string WhereTheyDiffer(const SliceContents& contents, const SliceToCheck& check) {
  const auto known = check.known ? check.known() : std::nullopt;
  const auto& found = contents.facts.columns;
  if (known && known->columns.size() == found.size()) {
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (found[i] == known->columns[i]) continue;
      return fmt::format("column {} has other bounds or nulls than when it was written",
                         contents.schema->field(static_cast<int>(i))->name());
    }
  }
  return "one hash stands for all columns, and does not tell which it is";
}

Result<SliceContents> ReadRows(const Context& context, const SliceToCheck& check,
                               bool finds_facts) {
  ASSIGN_OR_RETURN(const auto reader, SliceReader::Open(context, check.file));
  RowCheck rows(check, *reader->schema());
  RETURN_IF_ERROR(rows.Start(*reader->schema(), reader->rows()));
  return ReadContents(*reader, {.vocab = check.vocab,
                                .each = [&](const auto& batch) { return rows.Look(batch); },
                                .finds_facts = finds_facts});
}

Result<SliceReport> CheckRows(const Context& context, const SliceToCheck& check) {
  ASSIGN_OR_RETURN(auto contents, ReadRows(context, check, check.finds_facts));
  if (contents.logical_hash == check.slice.logical_hash) {
    return SliceReport{.schema = contents.schema, .facts = std::move(contents.facts)};
  }
  // Only who has wrong rows pays for the search.
  if (!check.finds_facts && check.known) {
    ASSIGN_OR_RETURN(contents, ReadRows(context, check, /*finds_facts=*/true));
  }
  return Corrupt("its rows hash to {}, and its block says {} (logical hash): {}",
                 contents.logical_hash.ToText(), check.slice.logical_hash.ToText(),
                 WhereTheyDiffer(contents, check));
}

Status CheckSize(const SliceToCheck& check) {
  if (check.file->size() == check.slice.size) return Ok();
  return Corrupt("it is {} bytes long, and its block says {}", check.file->size(),
                 check.slice.size);
}

Status CheckBytes(const Result<Multihash>& found, const SliceToCheck& check) {
  if (!found) return found.error();
  if (*found == check.slice.physical_hash) return Ok();
  return Corrupt("its bytes hash to {}, and its block says {} (physical hash)", found->ToText(),
                 check.slice.physical_hash.ToText());
}

// Says of which slice.
Error Named(Error error, const SliceToCheck& check) {
  error.message = fmt::format("slice {}: {}", check.slice.physical_hash.ToText(), error.message);
  return error;
}

// Wrong bytes, and what the rows made of them show.
Error WithRows(Error bytes, const Result<SliceReport>& rows) {
  const bool is_of_bytes = bytes.code == ErrorCode::kCorrupt;
  if (is_of_bytes && !rows && rows.error().code == ErrorCode::kCorrupt) {
    bytes.message += ": " + rows.error().message;
  }
  return bytes;
}

std::vector<Result<SliceReport>> CheckEach(const Context& context,
                                           std::span<const SliceToCheck> checks) {
  // Only those of the right size are worth reading.
  std::vector<Status> sizes;
  std::vector<std::shared_ptr<const ReadableFile>> files;
  for (const SliceToCheck& check : checks) {
    sizes.push_back(CheckSize(check));
    if (sizes.back() && !check.is_hashed) files.push_back(check.file);
  }
  auto hashing =
      std::async(std::launch::async, [&context, &files] { return PhysicalHashes(context, files); });
  std::vector<Result<SliceReport>> reports;
  for (std::size_t i = 0; i < checks.size(); ++i) {
    if (sizes[i]) {
      reports.push_back(CheckRows(context, checks[i]));
    } else {
      reports.emplace_back(sizes[i].error());
    }
  }
  const std::vector<Result<Multihash>> hashes = hashing.get();
  std::size_t hashed = 0;
  for (std::size_t i = 0; i < checks.size(); ++i) {
    if (sizes[i] && !checks[i].is_hashed) {
      // Wrong bytes come first; what is wrong with the rows for it says where they are.
      if (const Status bytes = CheckBytes(hashes[hashed++], checks[i]); !bytes) {
        reports[i] = WithRows(bytes.error(), reports[i]);
      }
    }
    if (!reports[i]) reports[i] = Named(std::move(reports[i]).error(), checks[i]);
  }
  return reports;
}

}  // namespace

std::vector<Result<SliceReport>> CheckSlices(const Context& context,
                                             std::span<const SliceToCheck> checks) {
  using Reports = std::vector<Result<SliceReport>>;
  auto reports =
      NoExceptions("check slices", [&]() -> Result<Reports> { return CheckEach(context, checks); });
  if (reports) return std::move(reports).value();
  return Reports(checks.size(), reports.error());
}

Result<SliceReport> CheckSlice(const Context& context, const SliceToCheck& check) {
  return CheckSlices(context, {&check, 1})[0];
}

}  // namespace weir::slices
