#pragma once

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/error.h"

namespace weir {

/// A value or the Error that kept it from being made. Spelled like std::expected, so that it can
/// become an alias of it. Test it (`if (!result)`) before `value()`; `value()` of an error stops
/// the process.
template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  /// A `unique_ptr<Derived>` serves as a `Result<unique_ptr<Base>>`.
  template <typename U>
    requires(std::is_convertible_v<U &&, T> && !std::is_same_v<std::remove_cvref_t<U>, T> &&
             !std::is_same_v<std::remove_cvref_t<U>, Error> &&
             !std::is_same_v<std::remove_cvref_t<U>, Result<T>>)
  Result(U&& value) : state_(std::in_place_index<0>, std::forward<U>(value)) {}  // NOLINT

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & {
    Require();
    return std::get<0>(state_);
  }
  const T& value() const& {
    Require();
    return std::get<0>(state_);
  }
  /// By value, so that `for (auto& x : F().value())` loops over something that lives.
  T value() && {
    Require();
    return std::get<0>(std::move(state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

  template <typename U>
  T value_or(U&& fallback) && {
    if (has_value()) return std::get<0>(std::move(state_));
    return static_cast<T>(std::forward<U>(fallback));
  }

 private:
  void Require() const {
    if (!has_value()) [[unlikely]] {
      const Error& failed = std::get<1>(state_);
      CheckFailed("result.has_value()", "base/result.h", 0, failed.message);
    }
  }

  std::variant<T, Error> state_;
};

/// Success, or the Error: what a call returns that has nothing else to say.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit

  bool has_value() const { return !error_.has_value(); }
  explicit operator bool() const { return has_value(); }
  void value() const {
    if (!has_value()) [[unlikely]] {
      CheckFailed("status.has_value()", "base/result.h", 0, error_->message);
    }
  }
  const Error& error() const& { return *error_; }
  Error&& error() && { return *std::move(error_); }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

/// `return Ok();` reads better than `return {};`.
inline Status Ok() { return {}; }

}  // namespace weir

#define WEIR_CONCAT_INNER(a, b) a##b
#define WEIR_CONCAT(a, b) WEIR_CONCAT_INNER(a, b)

/// Returns the error of `expression` from the enclosing function, if it is one.
#define RETURN_IF_ERROR(expression)                                   \
  do {                                                                \
    if (auto weir_status = (expression); !weir_status) [[unlikely]] { \
      return std::move(weir_status).error();                          \
    }                                                                 \
  } while (false)

#define WEIR_ASSIGN_OR_RETURN(temporary, lhs, expression) \
  auto temporary = (expression);                          \
  if (!temporary) [[unlikely]] {                          \
    return std::move(temporary).error();                  \
  }                                                       \
  lhs = std::move(temporary).value()

/// `ASSIGN_OR_RETURN(auto bytes, files.ReadAll(path));` Names the value or returns the error.
#define ASSIGN_OR_RETURN(lhs, expression) \
  WEIR_ASSIGN_OR_RETURN(WEIR_CONCAT(weir_result_, __LINE__), lhs, expression)
