#include "engine/duckdb/errors.h"

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
    default:
      return ExceptionType::IO;
  }
}

}  // namespace

Error FromDuckDb(const duckdb::ErrorData& error) {
  return {CodeOf(error.Type()), error.RawMessage(), {}};
}

void ThrowIntoDuckDb(const Error& error) {
  throw duckdb::Exception(TypeOf(error.code), error.message);
}

}  // namespace weir::engine
