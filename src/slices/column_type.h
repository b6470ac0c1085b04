#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "odf/data_type.h"

// Column types in the three forms a reader meets: SQL text, the format's type, and back.

namespace weir::slices {

/// What becomes of times on their way into a slice.
enum class TimeRule {
  kMilliseconds,  ///< as Kamu: every timestamp is UTC and cut to milliseconds
  kMicroseconds,  ///< microseconds stay; a timestamp without a zone (timezone "") stays naive
};

/// Reads a type as the engine writes it (`STRUCT(a INTEGER, b VARCHAR[])`) or as a DDL schema does
/// (`DECIMAL(10, 2)`, `ARRAY<STRING>`). Parts of nested types are optional, the type itself is not.
/// JSON, UUID and ENUM are String. kInvalid when it does not parse, kUnimplemented for a type
/// that no dataset can hold; both name `column` and where in it.
Result<odf::DataType> TypeFromSql(std::string_view column, std::string_view text);

/// The SQL type whose values are those of `type`: TIMESTAMP WITH TIME ZONE for times in UTC, at the
/// engine's microseconds whatever the unit. kUnimplemented names the column.
Result<std::string> SqlOf(std::string_view column, const odf::DataType& type);

/// `type` with every timestamp in it as `rule` has it.
odf::DataType WithTimeRule(odf::DataType type, TimeRule rule);

/// Whether the logical hash is defined for `type`; kInvalid with the path of what has none.
Status CheckHashable(std::string_view column, const odf::DataType& type);

/// Without Option around it.
const odf::DataType& Required(const odf::DataType& type);

/// The same values, also when other parts are optional or a default is spelled out.
bool SameType(const odf::DataType& left, const odf::DataType& right);

/// Whether every value of `from` is one of `to`, so that a cast cuts nothing.
bool Widens(const odf::DataType& from, const odf::DataType& to);

/// For messages: `Timestamp(Millisecond, UTC)`, `List(Int32)`.
std::string NameOf(const odf::DataType& type);

}  // namespace weir::slices
