#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

// How the format's tables describe themselves. A table is a plain struct with a static Fields():
// its members in the order of the FlatBuffers schema (spec section 5), under the names manifests
// use. From that one list come the canonical encoding, the decoding, JSON and YAML both ways.

namespace weir::odf {

/// One member of a table: the name in manifests and where it is.
template <typename Owner, typename Member>
struct Field {
  using Type = Member;
  std::string_view name;
  Member Owner::*member;
};
template <typename Owner, typename Member>
Field(std::string_view, Member Owner::*) -> Field<Owner, Member>;

/// A value on the heap that is copied and compared as a value: it lets a type hold itself.
template <typename T>
class Box {
 public:
  Box() : value_(std::make_unique<T>()) {}
  Box(T value) : value_(std::make_unique<T>(std::move(value))) {}  // NOLINT: implicit, as a value
  Box(const Box& other) : value_(std::make_unique<T>(*other.value_)) {}
  Box(Box&&) noexcept = default;
  Box& operator=(const Box& other) {
    *value_ = *other.value_;
    return *this;
  }
  Box& operator=(Box&&) noexcept = default;
  ~Box() = default;

  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return value_.get(); }
  const T* operator->() const { return value_.get(); }
  bool operator==(const Box& other) const { return *value_ == *other.value_; }

 private:
  std::unique_ptr<T> value_;
};

/// A union is a struct with `using Union = std::variant<...>` in the order of its wire tags (from
/// 1) and a member `value` of it. Each alternative has `kKind`, its name in manifests.
template <typename T>
concept IsUnion = requires { typename T::Union; };

template <typename T>
concept IsTable = requires { T::Fields(); };

/// An enum names its values with `constexpr auto NamesOf(E)`, in the order of its wire values.
template <typename T>
concept IsEnum = std::is_enum_v<T>;

template <typename T>
struct OptionalOf : std::false_type {};
template <typename T>
struct OptionalOf<std::optional<T>> : std::true_type {
  using Type = T;
};
template <typename T>
concept IsOptional = OptionalOf<T>::value;

template <typename T>
struct VectorOf : std::false_type {};
template <typename T>
struct VectorOf<std::vector<T>> : std::true_type {
  using Type = T;
};
template <typename T>
concept IsVector = VectorOf<T>::value;

template <typename T>
struct BoxOf : std::false_type {};
template <typename T>
struct BoxOf<Box<T>> : std::true_type {
  using Type = T;
};
template <typename T>
concept IsBox = BoxOf<T>::value;

/// Calls `visit(field)` for each field of table T, in schema order.
template <typename T, typename Visitor>
constexpr void ForEachField(Visitor&& visit) {
  std::apply([&](const auto&... field) { (visit(field), ...); }, T::Fields());
}

}  // namespace weir::odf
