#include "engine/duckdb/errors.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>

namespace weir::engine {
namespace {

using duckdb::ExceptionType;

ErrorCode CodeOf(ExceptionType type) {
  switch (type) {
    case ExceptionType::CATALOG:
      return ErrorCode::kNotFound;
    case ExceptionType::PERMISSION:
      return ErrorCode::kDenied;
    case ExceptionType::OUT_OF_MEMORY:
    case ExceptionType::OBJECT_SIZE:
      return ErrorCode::kExhausted;
    case ExceptionType::INTERRUPT:
      return ErrorCode::kCancelled;
    case ExceptionType::IO:
    case ExceptionType::NETWORK:
    case ExceptionType::HTTP:
    case ExceptionType::CONNECTION:
      return ErrorCode::kUnavailable;
    case ExceptionType::TRANSACTION:
      return ErrorCode::kConflict;
    case ExceptionType::SERIALIZATION:
      return ErrorCode::kCorrupt;
    case ExceptionType::NOT_IMPLEMENTED:
      return ErrorCode::kUnimplemented;
    case ExceptionType::INTERNAL:
    case ExceptionType::FATAL:
    case ExceptionType::NULL_POINTER:
      return ErrorCode::kInternal;
    default:
      return ErrorCode::kInvalid;
  }
}

ExceptionType TypeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kNotFound:
      return ExceptionType::CATALOG;
    case ErrorCode::kDenied:
    case ErrorCode::kUnauthenticated:
      return ExceptionType::PERMISSION;
    case ErrorCode::kExhausted:
      return ExceptionType::OUT_OF_MEMORY;
    case ErrorCode::kCancelled:
    case ErrorCode::kDeadline:
      return ExceptionType::INTERRUPT;
    case ErrorCode::kInvalid:
      return ExceptionType::INVALID_INPUT;
    case ErrorCode::kCorrupt:
      return ExceptionType::SERIALIZATION;
    default:
      return ExceptionType::IO;
  }
}

// Where our hint travels on the engine's errors.
constexpr const char* kHint = "weir_hint";

// The engine shows the line of the statement with a mark under it.
constexpr std::string_view kShownLine = "\n\nLINE ";

// " (line 2, column 5)" for a shown line, no column where the line was too long to be shown whole.
std::string PlaceOf(std::string_view shown) {
  shown.remove_prefix(kShownLine.size());
  const std::size_t colon = shown.find(": ");
  const std::size_t line_end = shown.find('\n');
  const std::size_t mark = shown.rfind('^');
  if (colon == shown.npos || line_end == shown.npos || mark == shown.npos) return "";
  const std::string_view number = shown.substr(0, colon);
  if (shown.substr(colon + 2).starts_with("...")) return fmt::format(" (line {})", number);
  // Over the mark stand "LINE ", the number and ": ".
  const std::size_t before = std::string_view("LINE ").size() + colon + 2;
  const std::size_t column = mark - line_end - 1;
  if (column < before) return fmt::format(" (line {})", number);
  return fmt::format(" (line {}, column {})", number, column - before + 1);
}

}  // namespace

Error FromDuckDb(const duckdb::ErrorData& error) {
  const auto hint = error.ExtraInfo().find(kHint);
  return {CodeOf(error.Type()), error.RawMessage(),
          hint == error.ExtraInfo().end() ? std::string() : hint->second};
}

Error OfStatement(const duckdb::ErrorData& error) {
  Error ours = FromDuckDb(error);
  const std::size_t shown = ours.message.find(kShownLine);
  const std::string place =
      shown == std::string::npos ? "" : PlaceOf(std::string_view(ours.message).substr(shown));
  // It guesses at names that nobody here knows.
  const std::size_t guess = ours.message.find("\nDid you mean \"");
  ours.message.erase(std::min({shown, guess, ours.message.size()}));
  ours.message += place;
  return ours;
}

void ThrowIntoDuckDb(const Error& error) {
  std::unordered_map<std::string, std::string> extra;
  if (!error.hint.empty()) extra.emplace(kHint, error.hint);
  throw duckdb::Exception(extra, TypeOf(error.code), error.message);
}

}  // namespace weir::engine
